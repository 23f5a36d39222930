use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;

use crate::error::ErrorKind;
use crate::model::{Priority, TaskId, VmTaskType};

/// Something that happened to a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The task.
    pub task: TaskId,
    /// What the task does.
    pub task_type: VmTaskType,
    /// The VM it is about, as it was named.
    pub vm: Option<String>,
    /// What happened.
    pub kind: EventKind,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventKind {
    /// The task waits for its turn.
    Queued {
        /// How soon it is wanted.
        priority: Priority,
    },
    /// An attempt began.
    Started {
        /// Which one, from 1.
        attempt: u32,
        /// How long the task had waited.
        waited: Duration,
    },
    /// An attempt failed, and there will be another.
    AttemptFailed {
        /// Which one, from 1.
        attempt: u32,
        /// The kind of failure.
        error: ErrorKind,
        /// Its message.
        message: String,
        /// When the next one begins.
        next_in: Duration,
    },
    /// The task told what it is doing.
    Progress {
        /// A short phrase, such as `waiting for SSH`.
        message: String,
    },
    /// The task ended.
    Finished {
        /// How many attempts it took.
        attempts: u32,
        /// From queued to ended.
        took: Duration,
        /// `None` if it ended well.
        error: Option<ErrorKind>,
    },
}

/// Hands every event to every subscriber, in order, losing none. Clones share the subscribers.
#[derive(Debug, Clone, Default)]
pub struct Events(Arc<Mutex<Vec<mpsc::UnboundedSender<Event>>>>);

impl Events {
    /// Subscribes to all events from now on.
    pub fn subscribe(&self) -> mpsc::UnboundedReceiver<Event> {
        let (sender, receiver) = mpsc::unbounded_channel();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
        receiver
    }

    /// Hands an event to every subscriber that still listens.
    pub fn emit(&self, event: &Event) {
        let mut subscribers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        subscribers.retain(|subscriber| subscriber.send(event.clone()).is_ok());
    }
}
