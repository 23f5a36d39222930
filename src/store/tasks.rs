use std::time::SystemTime;

use rusqlite::Connection;
use rusqlite::OptionalExtension as _;
use rusqlite::Transaction;
use rusqlite::params;

use super::Owner;
use super::Store;
use super::TaskFailure;
use super::TaskRecord;
use super::columns;
use super::columns::millis;
use super::fault::Fault;
use super::task_record;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::error::ErrorKind;
use crate::model::TaskId;
use crate::model::TaskState;

/// The journal of tasks.
#[derive(Debug, Clone, Copy)]
pub struct Tasks<'a>(pub(super) &'a Store);

/// Which tasks are wanted; everything unsaid matches.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
pub struct TaskFilter {
    /// In this state.
    pub state: Option<TaskState>,
    /// About this VM, as it was named.
    pub vm: Option<String>,
    /// Queued at this time or later.
    pub since: Option<SystemTime>,
    /// At most so many, the newest.
    pub limit: Option<u32>,
}

impl Store {
    /// Returns the journal of tasks.
    pub fn tasks(&self) -> Tasks<'_> {
        Tasks(self)
    }
}

impl Tasks<'_> {
    /// Writes a task, over what was known of it.
    pub fn record(&self, task: &TaskRecord) -> Result<(), Error> {
        self.record_all(std::slice::from_ref(task))
    }

    /// Writes several tasks in one transaction.
    pub fn record_all(&self, tasks: &[TaskRecord]) -> Result<(), Error> {
        if tasks.is_empty() {
            return Ok(());
        }
        self.0.write(|sql| tasks.iter().try_for_each(|task| write(sql, task)))
    }

    /// Reads one task.
    pub fn get(&self, id: TaskId) -> Result<Option<TaskRecord>, Error> {
        self.0.read(|sql| {
            let mut query = sql.prepare_cached("SELECT * FROM tasks WHERE id = ?1")?;
            let task = query.query_row([id.to_string()], task_record::read).optional()?;
            Ok(task.map(|task| with_attempts(sql, task)).transpose()?)
        })
    }

    /// Reads the tasks whose id begins so, without regard to case.
    pub fn find(&self, start: &str) -> Result<Vec<TaskRecord>, Error> {
        self.0.read(|sql| {
            let mut query = sql.prepare_cached(
                "SELECT * FROM tasks WHERE substr(id, 1, length(?1)) = lower(?1)",
            )?;
            let found = query.query_map([start], task_record::read)?;
            let found = found.collect::<rusqlite::Result<Vec<_>>>()?.into_iter();
            Ok(found.map(|task| with_attempts(sql, task)).collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Counts the tasks that ended before this time.
    pub fn count_ended(&self, before: SystemTime) -> Result<usize, Error> {
        self.0.read(|sql| {
            let mut query = sql.prepare_cached("SELECT count(*) FROM tasks WHERE ended_at < ?1")?;
            let count: i64 = query.query_row([millis(before)], |row| row.get(0))?;
            Ok(usize::try_from(count).unwrap_or(0))
        })
    }

    /// Reads tasks, the newest first.
    pub fn list(&self, filter: &TaskFilter) -> Result<Vec<TaskRecord>, Error> {
        self.0.read(|sql| {
            let mut query = sql.prepare_cached(
                "SELECT * FROM tasks
                 WHERE (?1 IS NULL OR state = ?1) AND (?2 IS NULL OR vm = ?2) AND ?3 <= queued_at
                 ORDER BY queued_at DESC, number DESC, id LIMIT ?4",
            )?;
            let state = filter.state.map(|state| state.to_string());
            let since = filter.since.map_or(i64::MIN, millis);
            let limit = filter.limit.map_or(-1, i64::from);
            let found = query
                .query_map(params![state, filter.vm, since, limit], task_record::read)?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            let found = found.into_iter().map(|task| with_attempts(sql, task));
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Reads the tasks that have not ended, the oldest first.
    pub fn open(&self) -> Result<Vec<TaskRecord>, Error> {
        self.0.read(|sql| Ok(open(sql)?))
    }

    /// Ends, as failed, the open tasks whose process is gone. Returns them as they were.
    pub fn end_abandoned(
        &self,
        now: SystemTime,
        is_alive: impl Fn(&Owner) -> bool,
    ) -> Result<Vec<TaskRecord>, Error> {
        let is_abandoned = |task: &TaskRecord| !is_alive(&task.owner);
        if !self.open()?.iter().any(is_abandoned) {
            return Ok(Vec::new());
        }
        let failure =
            TaskFailure::new(ErrorKind::OutcomeUnknown, "its process ended in the middle of it");
        self.0.write(|sql| {
            let mut abandoned = open(sql)?;
            abandoned.retain(is_abandoned);
            for task in &abandoned {
                sql.execute(
                    "UPDATE tasks SET state = ?2, ended_at = ?3,
                         first_error_code = ifnull(first_error_code, ?4),
                         first_error_message = ifnull(first_error_message, ?5)
                     WHERE id = ?1",
                    params![
                        task.id.to_string(),
                        TaskState::Failed.to_string(),
                        millis(now),
                        failure.code,
                        failure.message,
                    ],
                )?;
            }
            Ok(abandoned)
        })
    }

    /// Forgets the tasks that ended before this time. Returns how many there were.
    pub fn prune(&self, before: SystemTime) -> Result<usize, Error> {
        self.0.write(|sql| {
            Ok(sql.execute("DELETE FROM tasks WHERE ended_at < ?1", [millis(before)])?)
        })
    }
}

fn write(sql: &Transaction<'_>, task: &TaskRecord) -> Result<(), Fault> {
    let id = task.id.to_string();
    // REPLACE removes the old row first, and with it (ON DELETE CASCADE) its attempts.
    sql.prepare_cached(
        "REPLACE INTO tasks (id, number, type, vm, priority, state, queued_at, started_at, ended_at,
             attempts, waited_ms, first_error_code, first_error_message, result,
             owner_pid, owner_started)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
    )?
    .execute(params![
        id,
        task.number,
        task.task_type.to_string(),
        task.vm,
        task.priority.to_string(),
        task.state.to_string(),
        millis(task.queued_at),
        task.started_at.map(millis),
        task.ended_at.map(millis),
        task.attempts,
        columns::duration_millis(task.waited),
        task.first_error.as_ref().map(|error| &error.code),
        task.first_error.as_ref().map(|error| &error.message),
        task.result.as_ref().map(ToString::to_string),
        task.owner.pid,
        millis(task.owner.started),
    ])?;
    let mut insert = sql.prepare_cached(
        "INSERT INTO attempts (task, number, error_code, message, waited_ms)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for attempt in &task.failed {
        insert.execute(params![
            id,
            attempt.number,
            attempt.error.code,
            attempt.error.message,
            columns::duration_millis(attempt.waited),
        ])?;
    }
    Ok(())
}

fn open(sql: &Connection) -> rusqlite::Result<Vec<TaskRecord>> {
    sql.prepare_cached("SELECT * FROM tasks WHERE ended_at IS NULL ORDER BY queued_at, number, id")?
        .query_map([], task_record::read)?
        .collect()
}

fn with_attempts(sql: &Connection, mut task: TaskRecord) -> rusqlite::Result<TaskRecord> {
    let mut query = sql.prepare_cached("SELECT * FROM attempts WHERE task = ?1 ORDER BY number")?;
    let attempts = query.query_map([task.id.to_string()], task_record::read_attempt)?;
    task.failed = attempts.collect::<rusqlite::Result<_>>()?;
    Ok(task)
}
