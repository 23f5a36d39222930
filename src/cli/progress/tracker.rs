use std::time::{Duration, Instant};

use crate::error::ErrorKind;
use crate::model::{TaskId, VmTaskType};
use crate::report::human_duration;
use crate::request::{Event, EventKind};

/// Decides what of the events is worth showing, and when. Pure: time comes in.
#[derive(Debug)]
pub(super) struct Tracker {
    patience: Patience,
    tasks: Vec<Task>,
}

/// How long tasks may run unseen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// Tasks that change something.
    changes: Duration,
    /// Tasks that only look; `None` is for ever.
    reads: Option<Duration>,
}

impl Patience {
    /// A moving line flickers if it comes and goes at once.
    pub(super) const SPINNERS: Self =
        Self { changes: Duration::from_millis(200), reads: Some(Duration::from_millis(500)) };
    /// A plain line stays: only what takes long is worth one.
    pub(super) const LINES: Self = Self { changes: Duration::from_secs(2), reads: None };
}

/// Something to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) task: TaskId,
    pub(super) what: What,
}

/// What there is to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// A task runs.
    Begun(String),
    /// It does something else now.
    Moved(String),
    /// It failed and is tried again.
    Again(String),
    /// It ended.
    Ended(String),
}

#[derive(Debug)]
struct Task {
    id: TaskId,
    label: String,
    patience: Option<Duration>,
    phase: String,
    seen: Seen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// Not shown; it will be at this moment.
    Due(Instant),
    /// Not shown, and it never will be by itself.
    Never,
    /// Shown.
    Shown,
}

impl Tracker {
    pub(super) fn new(patience: Patience) -> Self {
        Self { patience, tasks: Vec::new() }
    }

    /// Returns when something will be worth showing if nothing happens until then.
    pub(super) fn due(&self) -> Option<Instant> {
        let due = |task: &Task| match task.seen {
            Seen::Due(at) => Some(at),
            Seen::Never | Seen::Shown => None,
        };
        self.tasks.iter().filter_map(due).min()
    }

    /// Takes an event and returns what is worth showing of it.
    pub(super) fn observe(&mut self, event: &Event, now: Instant) -> Vec<Step> {
        let id = event.task;
        if !self.tasks.iter().any(|task| task.id == id) {
            self.tasks.push(self.task(event, now));
        }
        let Some(task) = self.tasks.iter_mut().find(|task| task.id == id) else {
            return Vec::new();
        };
        let what = match &event.kind {
            EventKind::Queued { .. } | EventKind::Started { .. } | EventKind::Told { .. } => None,
            EventKind::Progress { message } => {
                task.phase.clone_from(message);
                if task.seen == Seen::Never {
                    // It has something to say after all: it waits for somebody.
                    task.seen = Seen::Due(now + self.patience.changes);
                }
                task.told(What::Moved)
            }
            EventKind::AttemptFailed { attempt, message, next_in, .. } => {
                task.phase = format!(
                    "attempt {attempt} failed ({message}), next in {}",
                    human_duration(*next_in)
                );
                if task.patience.is_some() {
                    task.seen = Seen::Shown;
                }
                task.told(What::Again)
            }
            EventKind::Finished { took, error, .. } => {
                let took = human_duration(*took);
                task.phase = match error {
                    None => format!("done in {took}"),
                    Some((ErrorKind::Canceled, _)) => format!("canceled after {took}"),
                    Some(_) => format!("failed after {took}"),
                };
                let told = task.told(What::Ended);
                self.tasks.retain(|task| task.id != id);
                told
            }
        };
        what.map(|what| Step { task: id, what }).into_iter().collect()
    }

    /// Returns what became worth showing because time went by.
    pub(super) fn tick(&mut self, now: Instant) -> Vec<Step> {
        let mut steps = Vec::new();
        for task in &mut self.tasks {
            if matches!(task.seen, Seen::Due(at) if at <= now) {
                task.seen = Seen::Shown;
                steps.push(Step { task: task.id, what: What::Begun(task.line()) });
            }
        }
        steps
    }

    fn task(&self, event: &Event, now: Instant) -> Task {
        let patience = match event.task_type {
            // What a command in a guest prints is all that is to be seen of it.
            VmTaskType::List | VmTaskType::Inspect | VmTaskType::Connect | VmTaskType::Exec => {
                self.patience.reads
            }
            VmTaskType::Create
            | VmTaskType::Start
            | VmTaskType::Stop
            | VmTaskType::Reset
            | VmTaskType::Pause
            | VmTaskType::Resume
            | VmTaskType::Delete
            | VmTaskType::SnapshotTake
            | VmTaskType::SnapshotRestore
            | VmTaskType::SnapshotDelete
            | VmTaskType::Screenshot
            | VmTaskType::Keys
            | VmTaskType::Pointer
            | VmTaskType::Copy
            | VmTaskType::Forward
            | VmTaskType::Share
            | VmTaskType::Unlock
            | VmTaskType::Recover
            | VmTaskType::Install
            | VmTaskType::Clone
            | VmTaskType::Export
            | VmTaskType::Import
            | VmTaskType::Custom(_) => Some(self.patience.changes),
        };
        let label = match &event.vm {
            Some(vm) => format!("{vm}: {}", event.task_type),
            None => event.task_type.to_string(),
        };
        let seen = patience.map_or(Seen::Never, |patience| Seen::Due(now + patience));
        Task { id: event.task, label, patience, phase: String::new(), seen }
    }
}

impl Task {
    fn line(&self) -> String {
        if self.phase.is_empty() {
            return self.label.clone();
        }
        format!("{}: {}", self.label, self.phase)
    }

    fn told(&self, what: impl FnOnce(String) -> What) -> Option<What> {
        (self.seen == Seen::Shown).then(|| what(self.line()))
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Patience, Step, Tracker, What};
    use crate::error::ErrorKind;
    use crate::model::{Priority, TaskId, VmTaskType};
    use crate::request::{Event, EventKind};

    fn event(task_type: VmTaskType, kind: EventKind) -> Event {
        Event { task: TaskId::from_random(1), task_type, vm: Some("web".to_owned()), kind }
    }

    fn told(steps: Vec<Step>) -> Vec<What> {
        steps.into_iter().map(|step| step.what).collect()
    }

    const QUEUED: EventKind = EventKind::Queued { priority: Priority::Medium };

    fn finished(seconds: u64) -> EventKind {
        EventKind::Finished { attempts: 1, took: Duration::from_secs(seconds), error: None }
    }

    fn failed() -> EventKind {
        EventKind::AttemptFailed {
            attempt: 1,
            error: ErrorKind::Locked,
            message: "`web` is locked".to_owned(),
            next_in: Duration::from_secs(1),
        }
    }

    #[test]
    fn what_is_quick_is_never_shown() {
        let (mut tracker, now) = (Tracker::new(Patience::LINES), Instant::now());
        assert_eq!(tracker.observe(&event(VmTaskType::Start, QUEUED), now), []);
        assert!(tracker.due().is_some());
        assert_eq!(tracker.tick(now + Duration::from_millis(1900)), []);
        assert_eq!(tracker.observe(&event(VmTaskType::Start, finished(1)), now), []);
        assert_eq!(tracker.due(), None);
    }

    #[test]
    fn what_takes_long_is_shown_until_it_ends() {
        let (mut tracker, now) = (Tracker::new(Patience::LINES), Instant::now());
        let later = now + Duration::from_secs(3);
        tracker.observe(&event(VmTaskType::Start, QUEUED), now);
        assert_eq!(told(tracker.tick(later)), [What::Begun("web: start".to_owned())]);
        assert_eq!(tracker.tick(later), []);
        let progress = EventKind::Progress { message: "waiting for SSH".to_owned() };
        let moved = told(tracker.observe(&event(VmTaskType::Start, progress), later));
        assert_eq!(moved, [What::Moved("web: start: waiting for SSH".to_owned())]);
        let ended = told(tracker.observe(&event(VmTaskType::Start, finished(9)), later));
        assert_eq!(ended, [What::Ended("web: start: done in 9.0 s".to_owned())]);
    }

    #[test]
    fn another_attempt_is_told_at_once_but_not_of_a_read() {
        let (mut tracker, now) = (Tracker::new(Patience::LINES), Instant::now());
        let again = told(tracker.observe(&event(VmTaskType::Stop, failed()), now));
        let line = "web: stop: attempt 1 failed (`web` is locked), next in 1.0 s";
        assert_eq!(again, [What::Again(line.to_owned())]);
        let mut tracker = Tracker::new(Patience::LINES);
        assert_eq!(tracker.observe(&event(VmTaskType::List, failed()), now), []);
        assert_eq!(tracker.due(), None);
    }
}
