use std::time::Duration;
use std::time::SystemTime;

use rusqlite::Row;
use serde::{Deserialize, Serialize};

use super::Owner;
use super::columns;
use crate::error::ErrorKind;
use crate::model::Priority;
use crate::model::TaskId;
use crate::model::TaskState;
use crate::model::VmTaskType;

/// A task as it is remembered.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub struct TaskRecord {
    /// Its identity.
    pub id: TaskId,
    /// Which of its process's tasks it is, from 1: many are queued within one millisecond. 0 where a
    /// version wrote it that did not count them.
    pub number: u32,
    /// What it did.
    pub task_type: VmTaskType,
    /// The VM it was about, as it was named.
    pub vm: Option<String>,
    /// How soon it was wanted.
    pub priority: Priority,
    /// Where it is in its life.
    pub state: TaskState,
    /// When it was queued.
    pub queued_at: SystemTime,
    /// When its first attempt began.
    pub started_at: Option<SystemTime>,
    /// When it ended.
    pub ended_at: Option<SystemTime>,
    /// How many attempts began.
    pub attempts: u32,
    /// How long it waited for its first attempt.
    pub waited: Duration,
    /// Its first failure: the root cause of what followed.
    pub first_error: Option<TaskFailure>,
    /// What it came to, as a JSON document.
    pub result: Option<serde_json::Value>,
    /// The process that worked on it.
    pub owner: Owner,
    /// The attempts that failed and were followed by another, the first one first.
    pub failed: Vec<AttemptRecord>,
}

/// A failure as it is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct TaskFailure {
    /// [`ErrorKind::code`]; a text, because a newer version may have written one unknown here.
    pub code: String,
    /// Its message.
    pub message: String,
}

impl TaskFailure {
    /// Builds one.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { code: kind.code().to_owned(), message: message.into() }
    }
}

/// A failed attempt as it is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct AttemptRecord {
    /// Which one, from 1.
    pub number: u32,
    /// Its failure.
    pub error: TaskFailure,
    /// How long was waited after it.
    pub waited: Duration,
}

const STATES: [(&str, TaskState); 6] = [
    ("queued", TaskState::Queued),
    ("running", TaskState::Running),
    ("waiting", TaskState::Waiting),
    ("done", TaskState::Done),
    ("failed", TaskState::Failed),
    ("canceled", TaskState::Canceled),
];

const TYPES: [VmTaskType; 26] = [
    VmTaskType::Create,
    VmTaskType::Start,
    VmTaskType::Stop,
    VmTaskType::Reset,
    VmTaskType::Pause,
    VmTaskType::Resume,
    VmTaskType::Delete,
    VmTaskType::List,
    VmTaskType::Inspect,
    VmTaskType::SnapshotTake,
    VmTaskType::SnapshotRestore,
    VmTaskType::SnapshotDelete,
    VmTaskType::Screenshot,
    VmTaskType::Keys,
    VmTaskType::Pointer,
    VmTaskType::Connect,
    VmTaskType::Exec,
    VmTaskType::Copy,
    VmTaskType::Forward,
    VmTaskType::Share,
    VmTaskType::Unlock,
    VmTaskType::Recover,
    VmTaskType::Install,
    VmTaskType::Clone,
    VmTaskType::Export,
    VmTaskType::Import,
];

/// Reads the word of a task type; every other word is a handler's name.
pub(super) fn task_type(word: &str) -> VmTaskType {
    let known = TYPES.into_iter().find(|known| known.to_string() == word);
    known.unwrap_or_else(|| VmTaskType::Custom(word.to_owned()))
}

/// Reads a row of `tasks`, without its attempts.
pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<TaskRecord> {
    let code: Option<String> = row.get("first_error_code")?;
    let message: Option<String> = row.get("first_error_message")?;
    let result: Option<String> = row.get("result")?;
    Ok(TaskRecord {
        id: columns::parsed(row, "id")?,
        number: row.get("number")?,
        task_type: task_type(&row.get::<_, String>("type")?),
        vm: row.get("vm")?,
        priority: columns::parsed(row, "priority")?,
        state: columns::one_of(row, "state", &STATES)?,
        queued_at: columns::time(row, "queued_at")?,
        started_at: columns::maybe_time(row, "started_at")?,
        ended_at: columns::maybe_time(row, "ended_at")?,
        attempts: row.get("attempts")?,
        waited: columns::duration(row, "waited_ms")?,
        first_error: code.map(|code| TaskFailure { code, message: message.unwrap_or_default() }),
        result: result
            .map(|text| serde_json::from_str(&text))
            .transpose()
            .map_err(|e| columns::unreadable(row, "result", e))?,
        owner: Owner { pid: row.get("owner_pid")?, started: columns::time(row, "owner_started")? },
        failed: Vec::new(),
    })
}

/// Reads a row of `attempts`.
pub(super) fn read_attempt(row: &Row<'_>) -> rusqlite::Result<AttemptRecord> {
    Ok(AttemptRecord {
        number: row.get("number")?,
        error: TaskFailure { code: row.get("error_code")?, message: row.get("message")? },
        waited: columns::duration(row, "waited_ms")?,
    })
}

#[cfg(test)]
mod tests {
    use super::STATES;
    use super::TYPES;
    use super::task_type;
    use crate::model::VmTaskType;

    #[test]
    fn every_word_reads_back() {
        for known in TYPES {
            assert_eq!(task_type(&known.to_string()), known);
            assert!(!matches!(known, VmTaskType::Custom(_)));
        }
        for (word, state) in STATES {
            assert_eq!(state.to_string(), word);
        }
        assert_eq!(task_type("my-backup"), VmTaskType::Custom("my-backup".into()));
    }
}
