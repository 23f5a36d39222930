use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;

use crate::error::Error;
use crate::model::{Priority, TaskId, VmTaskType};
use crate::request::{Event, EventKind, Events};
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
    /// How long all attempts may take together; `None` is without limit.
    pub deadline: Option<Duration>,
}

/// What must not overlap. Tasks of one lane run one after another.
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
    /// Tries once.
    async fn run(&self, attempt: &Attempt) -> Result<(), Error>;

    /// Finds out whether a failed attempt had its effect after all.
    async fn probe(&self) -> Probe {
        Probe::Unknown
    }
}

/// One attempt of a task, as its job sees it.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The task.
    pub task: TaskId,
    /// Which attempt, from 1.
    pub number: u32,
    pub(super) task_type: VmTaskType,
    pub(super) vm: Option<String>,
    pub(super) events: Events,
}

impl Attempt {
    /// Tells what the task is doing, as a short phrase.
    pub fn progress(&self, message: impl Into<String>) {
        self.events.emit(&Event {
            task: self.task,
            task_type: self.task_type.clone(),
            vm: self.vm.clone(),
            kind: EventKind::Progress { message: message.into() },
        });
    }
}
