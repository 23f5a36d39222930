use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Fault;
use crate::model::VmRef;
use crate::request::{Event, MetricsReport, Pace, Repair, Request, Response, Selection};
use crate::store::{AuditRecord, TaskFilter, TaskRecord};

/// What is asked of a server. What comes on a guest's standard input follows as bytes.
#[derive(Debug, Deserialize, Serialize)]
pub struct Parcel {
    /// The version of who asks; another one than the server's is refused.
    pub version: String,
    /// What is wanted.
    pub errand: Errand,
}

/// What is wanted of a server.
#[derive(Debug, Deserialize, Serialize)]
pub enum Errand {
    /// One request.
    One(Box<Request>),
    /// Several requests.
    Several {
        /// The requests.
        requests: Vec<Request>,
        /// How they are worked off.
        pace: Pace,
    },
    /// The VMs that are meant.
    Select(Selection),
    /// The tasks that are remembered.
    Tasks {
        /// Which.
        filter: TaskFilter,
        /// Only those of this time.
        within: Option<Duration>,
    },
    /// One task, by the start of its id.
    Task(String),
    /// The end of a task, by the start of its id.
    CancelTask(String),
    /// The end of what is remembered of old tasks.
    PruneTasks(Duration),
    /// The audit trail.
    Audit {
        /// Only about this VM.
        vm: Option<String>,
        /// Only of this time.
        within: Option<Duration>,
        /// So many lines at most.
        limit: Option<u32>,
    },
    /// Figures of this time, or of all that is kept.
    Metrics(Option<Duration>),
    /// The repair of what a crash left.
    Gc,
}

impl Parcel {
    /// Asks in the name of this version.
    pub fn of(errand: Errand) -> Self {
        Self { version: env!("CARGO_PKG_VERSION").to_owned(), errand }
    }
}

/// Something that a server tells while it works, and what came of it at the end. The bytes of a
/// picture or an output follow.
#[derive(Debug, Deserialize, Serialize)]
pub enum Note {
    /// Something happened to a task.
    Event(Event),
    /// A guest's command printed something.
    Printed {
        /// The place of its request.
        place: usize,
        /// Where.
        stream: Stream,
    },
    /// The request at this place prints nothing more.
    Quiet(usize),
    /// One of several requests has ended.
    Outcome {
        /// The VM as it was named.
        vm: String,
        /// What came of it.
        result: Result<Box<Response>, Fault>,
        /// How long it took.
        took: Duration,
    },
    /// All is done: nothing more comes.
    Done(Heard),
    /// It failed: nothing more comes.
    Failed(Fault),
}

/// Where a command prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Stream {
    /// Its standard output.
    Stdout,
    /// Its standard error.
    Stderr,
}

/// What an errand came to.
#[derive(Debug, Deserialize, Serialize)]
pub enum Heard {
    /// Of one request.
    Response(Box<Response>),
    /// Of several requests: each outcome was told before.
    Outcomes,
    /// VMs.
    Vms(Vec<VmRef>),
    /// Tasks.
    Tasks(Vec<TaskRecord>),
    /// So many were forgotten.
    Pruned(usize),
    /// Lines of the audit trail.
    Audit(Vec<AuditRecord>),
    /// Figures.
    Metrics(Box<MetricsReport>),
    /// What was repaired.
    Repairs(Vec<Repair>),
}
