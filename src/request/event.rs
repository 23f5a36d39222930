use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::mpsc;

use crate::error::ErrorKind;
use crate::model::{Priority, TaskId, VmTaskType};

/// Something that happened to a task.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
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
    /// The task told what it came to, before it ends.
    Told {
        /// What `tasks show` tells of it.
        result: Value,
    },
    /// The task ended.
    Finished {
        /// How many attempts it took.
        attempts: u32,
        /// From queued to ended.
        took: Duration,
        /// What went wrong, and its message; `None` if it ended well.
        error: Option<(ErrorKind, String)>,
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

    /// Ends every subscription: readers see the end after the last event.
    pub fn finish(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Hands an event to every subscriber that still listens.
    pub fn emit(&self, event: &Event) {
        self.emit_with(|| event.clone());
    }

    /// Builds an event and hands it to every subscriber that still listens; without one, it is not
    /// built.
    pub fn emit_with(&self, event: impl FnOnce() -> Event) {
        let mut subscribers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if subscribers.is_empty() {
            return;
        }
        let event = event();
        subscribers.retain(|subscriber| subscriber.send(event.clone()).is_ok());
    }
}

#[cfg(test)]
mod tests {
    use super::{Event, EventKind, Events};
    use crate::model::{TaskId, VmTaskType};

    fn progress(message: &str) -> Event {
        Event {
            task: TaskId::from_random(1),
            task_type: VmTaskType::Start,
            vm: None,
            kind: EventKind::Progress { message: message.to_owned() },
        }
    }

    #[test]
    fn every_subscriber_gets_every_event_in_order() {
        let events = Events::default();
        let (mut first, mut second) = (events.subscribe(), events.clone().subscribe());
        events.emit(&progress("a"));
        events.emit_with(|| progress("b"));
        for subscriber in [&mut first, &mut second] {
            assert_eq!(subscriber.try_recv().unwrap(), progress("a"));
            assert_eq!(subscriber.try_recv().unwrap(), progress("b"));
        }
    }

    #[test]
    fn who_no_longer_listens_is_forgotten_and_what_nobody_hears_is_not_built() {
        let events = Events::default();
        drop(events.subscribe());
        events.emit(&progress("a"));
        events.emit_with(|| unreachable!("nobody listens"));
    }
}
