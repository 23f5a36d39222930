use serde_json::{Value, json};

use crate::request::{Event, EventKind};

/// Something that happened, before it has its number.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::server) struct Happening {
    /// Of which kind it is.
    pub(in crate::server) kind: Kind,
    /// The VM, by its name.
    pub(in crate::server) vm: Option<String>,
    /// More of it.
    pub(in crate::server) data: Value,
    /// The task that it is about.
    pub(in crate::server) task: Option<String>,
    /// Who did it, if a client of the server did.
    pub(in crate::server) actor: Option<String>,
}

/// What kinds of things happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::server) enum Kind {
    /// A VM is there that was not.
    VmCreated,
    /// A VM is gone.
    VmDeleted,
    /// A VM's state is another one.
    VmState,
    /// A task waits for its turn.
    TaskQueued,
    /// An attempt of a task began.
    TaskStarted,
    /// An attempt of a task failed; there will be another.
    TaskRetry,
    /// A task tells what it is doing.
    TaskProgress,
    /// A task ended.
    TaskDone,
    /// A client changed something, or tried to.
    Action,
}

impl Kind {
    /// Returns its word.
    pub(in crate::server) fn as_str(self) -> &'static str {
        match self {
            Self::VmCreated => "vm.created",
            Self::VmDeleted => "vm.deleted",
            Self::VmState => "vm.state",
            Self::TaskQueued => "task.queued",
            Self::TaskStarted => "task.started",
            Self::TaskRetry => "task.retry",
            Self::TaskProgress => "task.progress",
            Self::TaskDone => "task.done",
            Self::Action => "action",
        }
    }
}

impl Happening {
    /// Tells what happened to a task; `None` of what changes nothing, which nobody waits for.
    pub(super) fn of_task(event: &Event) -> Option<Self> {
        if !event.task_type.changes() {
            return None;
        }
        let task_type = event.task_type.to_string();
        let (kind, data) = match &event.kind {
            EventKind::Queued { priority } => {
                (Kind::TaskQueued, json!({ "type": task_type, "priority": priority.to_string() }))
            }
            EventKind::Started { attempt, .. } => {
                (Kind::TaskStarted, json!({ "type": task_type, "attempt": attempt }))
            }
            EventKind::AttemptFailed { attempt, error, message, .. } => {
                let data = json!({ "type": task_type, "attempt": attempt, "code": error.code(),
                    "message": message });
                (Kind::TaskRetry, data)
            }
            EventKind::Progress { message } => {
                (Kind::TaskProgress, json!({ "type": task_type, "message": message }))
            }
            // `task_show` tells the result.
            EventKind::Told { .. } => return None,
            EventKind::Finished { attempts, error, .. } => {
                let code = error.as_ref().map(|(kind, _)| kind.code());
                let message = error.as_ref().map(|(_, message)| message);
                let data = json!({ "type": task_type, "attempts": attempts, "code": code,
                    "message": message });
                (Kind::TaskDone, data)
            }
        };
        let (vm, task) = (event.vm.clone(), Some(event.task.to_string()));
        Some(Self { kind, vm, data, task, actor: None })
    }
}
