use serde_json::{Value, json};

use crate::model::VmTaskType;
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
    /// A snapshot of a VM was taken, restored or deleted.
    VmSnapshot,
    /// A VM's screen shows something else.
    VmScreen,
    /// What a VM uses of the host.
    VmMetrics,
    /// How the host is used.
    HostMetrics,
    /// Something of the host needs a person, or no longer.
    HostAlert,
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
    /// An agent said what it is.
    AgentRegistered,
    /// The connection of an agent is gone.
    #[cfg_attr(not(feature = "serve"), expect(dead_code, reason = "only the server has some"))]
    AgentGone,
    /// Agents may not use guests, or may again.
    AgentsPaused,
    /// An agent has a VM for itself.
    LeaseTaken,
    /// An agent gave a VM back.
    LeaseGivenBack,
    /// The time for which an agent had a VM is over.
    LeaseExpired,
    /// A piece of work waits for an agent: for the first time, or again.
    WorkWaiting,
    /// An agent has a piece of work.
    WorkTaken,
    /// A piece of work ended.
    WorkDone,
}

impl Kind {
    /// Returns its word.
    pub(in crate::server) fn as_str(self) -> &'static str {
        match self {
            Self::VmCreated => "vm.created",
            Self::VmDeleted => "vm.deleted",
            Self::VmState => "vm.state",
            Self::VmSnapshot => "vm.snapshot",
            Self::VmScreen => "vm.screen",
            Self::VmMetrics => "vm.metrics",
            Self::HostMetrics => "host.metrics",
            Self::HostAlert => "host.alert",
            Self::TaskQueued => "task.queued",
            Self::TaskStarted => "task.started",
            Self::TaskRetry => "task.retry",
            Self::TaskProgress => "task.progress",
            Self::TaskDone => "task.done",
            Self::Action => "action",
            Self::AgentRegistered => "agent.registered",
            Self::AgentGone => "agent.gone",
            Self::AgentsPaused => "agent.paused",
            Self::LeaseTaken => "agent.lease_taken",
            Self::LeaseGivenBack => "agent.lease_given_back",
            Self::LeaseExpired => "agent.lease_expired",
            Self::WorkWaiting => "work.waiting",
            Self::WorkTaken => "work.taken",
            Self::WorkDone => "work.done",
        }
    }

    /// Returns whether it costs something to find out, so that only who names it is told.
    pub(super) fn is_dear(self) -> bool {
        match self {
            Self::VmScreen | Self::VmMetrics | Self::HostMetrics => true,
            Self::VmCreated
            | Self::VmDeleted
            | Self::VmState
            | Self::VmSnapshot
            | Self::HostAlert
            | Self::TaskQueued
            | Self::TaskStarted
            | Self::TaskRetry
            | Self::TaskProgress
            | Self::TaskDone
            | Self::Action
            | Self::AgentRegistered
            | Self::AgentGone
            | Self::AgentsPaused
            | Self::LeaseTaken
            | Self::LeaseGivenBack
            | Self::LeaseExpired
            | Self::WorkWaiting
            | Self::WorkTaken
            | Self::WorkDone => false,
        }
    }
}

impl Happening {
    /// Tells what happened to a VM.
    pub(super) fn of_vm(kind: Kind, name: &str, data: Value) -> Self {
        Self { kind, vm: Some(name.to_owned()), data, task: None, actor: None }
    }

    /// Tells what happened to no VM in particular.
    pub(super) fn of_host(kind: Kind, data: Value) -> Self {
        Self { kind, vm: None, data, task: None, actor: None }
    }

    /// Tells what an agent did, or what became of it.
    pub(in crate::server) fn of_agent(kind: Kind, agent: &str, data: Value) -> Self {
        Self { kind, vm: None, data, task: None, actor: Some(agent.to_owned()) }
    }

    /// Tells that a snapshot was made, restored or deleted, if that is what a task did.
    pub(super) fn of_snapshot(task_type: &VmTaskType, vm: Option<&str>) -> Option<Self> {
        let change = match task_type {
            VmTaskType::SnapshotTake => "taken",
            VmTaskType::SnapshotRestore => "restored",
            VmTaskType::SnapshotDelete => "deleted",
            VmTaskType::Create
            | VmTaskType::Start
            | VmTaskType::Stop
            | VmTaskType::Reset
            | VmTaskType::Pause
            | VmTaskType::Resume
            | VmTaskType::Delete
            | VmTaskType::List
            | VmTaskType::Inspect
            | VmTaskType::Screenshot
            | VmTaskType::Keys
            | VmTaskType::Pointer
            | VmTaskType::Connect
            | VmTaskType::Exec
            | VmTaskType::Copy
            | VmTaskType::Forward
            | VmTaskType::Share
            | VmTaskType::Unlock
            | VmTaskType::Recover
            | VmTaskType::Install
            | VmTaskType::Clone
            | VmTaskType::Export
            | VmTaskType::Import
            | VmTaskType::Custom(_) => return None,
        };
        Some(Self::of_vm(Kind::VmSnapshot, vm?, json!({ "change": change })))
    }

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
