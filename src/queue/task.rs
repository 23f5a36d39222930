use std::time::Duration;

use async_trait::async_trait;

use super::Attempt;
use crate::error::Error;
use crate::model::{Priority, VmTaskType};
use crate::retry::RetryPolicy;

/// What the queue must know of a task to order and repeat it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskSpec {
    /// What it does.
    pub task_type: VmTaskType,
    /// The VM it is about, as it was named.
    pub vm: Option<String>,
    /// What it must not overlap with.
    pub lane: Lane,
    /// How soon it is wanted.
    pub priority: Priority,
    /// Whether it may be tried again.
    pub repeat: Repeat,
    /// How often and how patiently.
    pub retry: RetryPolicy,
    /// How long all attempts, and the waits between them, may take together from the start of the
    /// first; `None` is without limit. A late attempt is dropped.
    pub deadline: Option<Duration>,
}

impl TaskSpec {
    /// Returns how a message names it, such as "`start` of `web`".
    pub(super) fn title(&self) -> String {
        match &self.vm {
            Some(vm) => format!("`{}` of `{vm}`", self.task_type),
            None => format!("`{}`", self.task_type),
        }
    }
}

/// What must not overlap. Tasks of one lane run one after another, and one that waits for its next
/// attempt is overtaken only by more urgent ones.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Lane {
    /// One VM.
    Vm(String),
    /// The register of VMs: what makes and removes them.
    Registry,
    /// Nothing: it may run beside everything.
    Free,
}

/// Whether a task may be tried again after a transient failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Repeat {
    /// Trying again does no harm.
    Safe,
    /// Only after [`Job::probe`] said that it did not happen.
    Probe,
    /// Never.
    Never,
}

/// What a [`Job::probe`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Probe {
    /// It happened after all: the task is done.
    Happened,
    /// It did not happen: it may be tried again.
    DidNotHappen,
    /// Nobody knows: it must not be tried again.
    Unknown,
}

/// The work of a task.
#[async_trait]
pub trait Job: Send + Sync {
    /// Tries once. When the task is canceled or late, the future is dropped.
    async fn run(&self, attempt: &Attempt) -> Result<(), Error>;

    /// Finds out whether a failed or dropped attempt had its effect after all.
    async fn probe(&self) -> Probe {
        Probe::Unknown
    }
}
