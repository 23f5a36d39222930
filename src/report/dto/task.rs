use serde::Serialize;
use serde_json::Value;

use super::{millis, moment};
use crate::store::{AttemptRecord, TaskFailure, TaskRecord};

/// A task of `tasks list` and `tasks show`.
#[derive(Debug, Serialize)]
pub(crate) struct TaskItem {
    id: String,
    r#type: String,
    vm: Option<String>,
    priority: String,
    state: String,
    queued_at: String,
    started_at: Option<String>,
    ended_at: Option<String>,
    /// From queued to ended.
    took_ms: Option<u64>,
    /// How long it waited for its first attempt.
    waited_ms: u64,
    attempts: u32,
    /// The root cause: its first failure.
    error: Option<TaskErrorShape>,
    failed_attempts: Vec<FailedAttemptShape>,
    result: Option<Value>,
    process: u32,
}

#[derive(Debug, Serialize)]
struct TaskErrorShape {
    code: String,
    message: String,
}

#[derive(Debug, Serialize)]
struct FailedAttemptShape {
    number: u32,
    code: String,
    message: String,
    waited_ms: u64,
}

impl From<&TaskRecord> for TaskItem {
    fn from(task: &TaskRecord) -> Self {
        let took = task.ended_at.and_then(|ended| ended.duration_since(task.queued_at).ok());
        Self {
            id: task.id.to_string(),
            r#type: task.task_type.to_string(),
            vm: task.vm.clone(),
            priority: task.priority.to_string(),
            state: task.state.to_string(),
            queued_at: moment(task.queued_at),
            started_at: task.started_at.map(moment),
            ended_at: task.ended_at.map(moment),
            took_ms: took.map(millis),
            waited_ms: millis(task.waited),
            attempts: task.attempts,
            error: task.first_error.as_ref().map(TaskErrorShape::from),
            failed_attempts: task.failed.iter().map(FailedAttemptShape::from).collect(),
            result: task.result.clone(),
            process: task.owner.pid,
        }
    }
}

impl From<&TaskFailure> for TaskErrorShape {
    fn from(failure: &TaskFailure) -> Self {
        Self { code: failure.code.clone(), message: failure.message.clone() }
    }
}

impl From<&AttemptRecord> for FailedAttemptShape {
    fn from(attempt: &AttemptRecord) -> Self {
        Self {
            number: attempt.number,
            code: attempt.error.code.clone(),
            message: attempt.error.message.clone(),
            waited_ms: millis(attempt.waited),
        }
    }
}

/// What `tasks prune` did.
#[derive(Debug, Serialize)]
pub(crate) struct PrunedShape {
    pub(crate) pruned: usize,
}
