use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::task::JoinError;
use tokio::time::{timeout, timeout_at};

use super::verdict;
use super::{Job, Probe, TaskSpec};
use crate::error::{Error, ErrorKind};
use crate::model::TaskId;
use crate::request::{Event, EventKind, Events};

/// How long it is tried to find out whether an attempt had its effect.
const PROBE_PATIENCE: Duration = Duration::from_secs(30);

/// One attempt of a task, as its job sees it.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The task.
    pub task: TaskId,
    /// Which attempt, from 1.
    pub number: u32,
    pub(super) spec: Arc<TaskSpec>,
    pub(super) events: Events,
    pub(super) further: Arc<AtomicBool>,
}

/// How far an attempt got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// No further than those before.
    AsBefore,
    /// Further: what stopped those before has passed.
    Further,
}

impl Attempt {
    /// Tells that it got further than every one before: how often and how long the task may still
    /// fail is counted anew from here.
    pub fn got_further(&self) {
        self.further.store(true, Ordering::Relaxed);
    }

    /// Tells what the task is doing, as a short phrase.
    pub fn progress(&self, message: impl Into<String>) {
        self.emit(|| EventKind::Progress { message: message.into() });
    }

    /// Tells what the task came to; the journal keeps it.
    pub fn result(&self, result: Value) {
        self.emit(|| EventKind::Told { result });
    }

    fn emit(&self, kind: impl FnOnce() -> EventKind) {
        self.events.emit_with(|| Event {
            task: self.task,
            task_type: self.spec.task_type.clone(),
            vm: self.spec.vm.clone(),
            kind: kind(),
        });
    }
}

/// How an attempt went.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It did what it should.
    Done,
    /// It failed.
    Failed {
        /// Why.
        error: Error,
        /// Whether it had its effect, if that was to be found out.
        probe: Option<Probe>,
        /// How far it got.
        reach: Reach,
    },
    /// The task's deadline passed, and the attempt was dropped.
    Late {
        /// Whether it had its effect, if that was to be found out.
        probe: Option<Probe>,
    },
    /// It was dropped because the task was canceled.
    Dropped,
}

/// Runs one attempt and, where the verdict needs it, finds out whether it had its effect: both
/// belong to the task's turn in its lane.
pub(super) async fn run(job: Arc<dyn Job>, attempt: Attempt, until: Option<Instant>) -> Outcome {
    let work = job.run(&attempt);
    let result = match until {
        Some(until) => timeout_at(until.into(), work).await.ok(),
        None => Some(work.await),
    };
    let error = match result {
        Some(Ok(())) => return Outcome::Done,
        Some(Err(error)) => Some(error),
        None => None,
    };
    let kind = error.as_ref().map_or(ErrorKind::OutcomeUnknown, Error::kind);
    let probe = if verdict::is_to_be_probed(kind, attempt.spec.repeat) {
        Some(timeout(PROBE_PATIENCE, job.probe()).await.unwrap_or(Probe::Unknown))
    } else {
        None
    };
    match error {
        Some(error) => {
            let further = attempt.further.load(Ordering::Relaxed);
            let reach = if further { Reach::Further } else { Reach::AsBefore };
            Outcome::Failed { error, probe, reach }
        }
        None => Outcome::Late { probe },
    }
}

/// Translates the end of an attempt that did not return: it was dropped, or it panicked.
pub(super) fn broken_off(end: JoinError) -> Outcome {
    let Ok(panic) = end.try_into_panic() else { return Outcome::Dropped };
    let told = (panic.downcast_ref::<&str>().copied())
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("it does not say why");
    let error = Error::new(ErrorKind::Internal, format!("a task panicked: {told}"))
        .hint("report this: it is a bug, and `vm-cli logs` shows what led to it");
    Outcome::Failed { error, probe: None, reach: Reach::AsBefore }
}
