use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tokio::task::AbortHandle;

use super::attempt::{Outcome, Reach};
use super::history::History;
use super::verdict::{self, Failure, Verdict};
use super::{Job, TaskSpec};
use crate::error::{Error, ErrorKind};
use crate::model::TaskId;
use crate::model::typed;
use crate::request::{Event, EventKind};

/// A task that was handed in: all of it that travels to the dispatcher.
pub(super) struct NewTask {
    pub(super) id: TaskId,
    pub(super) spec: Arc<TaskSpec>,
    pub(super) job: Arc<dyn Job>,
    pub(super) reply: oneshot::Sender<Result<(), Error>>,
    pub(super) entered: Instant,
}

impl NewTask {
    /// Builds an event about it.
    pub(super) fn event(&self, kind: EventKind) -> Event {
        let TaskSpec { task_type, vm, .. } = &*self.spec;
        Event { task: self.id, task_type: task_type.clone(), vm: vm.clone(), kind }
    }
}

/// A task in the queue, as the dispatcher knows it.
pub(super) struct Entry {
    pub(super) task: NewTask,
    /// Attempts that began.
    pub(super) attempts: u32,
    /// How many of them were before the one that got furthest.
    passed: u32,
    /// When its deadline passes; `None` before the first attempt, or without one.
    pub(super) until: Option<Instant>,
    /// The attempt under way.
    pub(super) running: Option<AbortHandle>,
    pub(super) history: History,
    waits_since: Instant,
    is_canceled: bool,
}

/// What follows an attempt.
#[derive(Debug)]
pub(super) enum Next {
    /// The task has ended.
    End(Result<(), Error>),
    /// There will be another attempt after this time.
    Again(Duration),
}

impl Entry {
    /// Begins to wait.
    pub(super) fn new(task: NewTask) -> Self {
        Self {
            waits_since: task.entered,
            task,
            attempts: 0,
            passed: 0,
            until: None,
            running: None,
            history: History::default(),
            is_canceled: false,
        }
    }

    /// Counts one more attempt, and returns how long the task had waited for it. The first one
    /// sets the deadline off.
    pub(super) fn begin_attempt(&mut self, now: Instant) -> Duration {
        self.attempts += 1;
        if self.attempts == 1 {
            self.until = self.task.spec.deadline.and_then(|limit| now.checked_add(limit));
        }
        now.saturating_duration_since(self.waits_since)
    }

    /// Decides what follows an attempt. `jitter` is in `0.0..=1.0`.
    pub(super) fn end_attempt(&mut self, outcome: Outcome, now: Instant, jitter: f64) -> Next {
        self.running = None;
        self.waits_since = now;
        match outcome {
            Outcome::Done => Next::End(Ok(())),
            Outcome::Dropped => self.end_canceled(),
            Outcome::Failed { .. } | Outcome::Late { .. } if self.is_canceled => {
                self.end_canceled()
            }
            Outcome::Failed { error, probe, reach } => {
                if reach == Reach::Further {
                    self.passed = self.attempts.saturating_sub(1);
                    self.history.got_further();
                }
                let failure = Failure {
                    kind: error.kind(),
                    probe,
                    attempt: self.attempts.saturating_sub(self.passed),
                    since_first: self.history.since_first(now),
                    left: self.until.map(|until| until.saturating_duration_since(now)),
                };
                self.follow(error, &failure, now, jitter)
            }
            Outcome::Late { probe } => match verdict::judge_late(self.task.spec.repeat, probe) {
                Some(kind) => self.end_late(kind),
                None => Next::End(Ok(())),
            },
        }
    }

    /// Returns whether the deadline has passed.
    pub(super) fn is_late(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| until <= now)
    }

    /// Notes that somebody wants it to end: the attempt under way is dropped, none will follow.
    pub(super) fn cancel(&mut self) {
        self.is_canceled = true;
        if let Some(attempt) = &self.running {
            attempt.abort();
        }
    }

    /// Takes the failure of a task that was canceled.
    pub(super) fn canceled(&mut self) -> Error {
        let message = format!("{} was canceled", self.task.spec.title());
        self.take_history().ended_by(Error::new(ErrorKind::Canceled, message))
    }

    /// Takes the failed attempts out of a task that ends.
    pub(super) fn take_history(&mut self) -> History {
        std::mem::take(&mut self.history)
    }

    fn follow(&mut self, error: Error, failure: &Failure, now: Instant, jitter: f64) -> Next {
        let spec = &self.task.spec;
        let verdict = if error.is_given_up() {
            Verdict::Failed
        } else {
            verdict::judge(failure, spec.repeat, &spec.retry, jitter)
        };
        match verdict {
            Verdict::Done => Next::End(Ok(())),
            Verdict::Again { after } => {
                self.history.note(error, Some(after), now);
                Next::Again(after)
            }
            Verdict::Failed => Next::End(Err(self.take_history().decided_by(error, now))),
        }
    }

    fn end_late(&mut self, kind: ErrorKind) -> Next {
        let spec = &self.task.spec;
        let limit = spec.deadline.unwrap_or_default();
        let message = format!("{} did not end within {limit:?}", spec.title());
        let error = Error::new(kind, message).hint(match &spec.vm {
            Some(vm) => format!("run `vm-cli status --name {}` to see how it is now", typed(vm)),
            None => "run `vm-cli system-status` to see how the host is".to_owned(),
        });
        Next::End(Err(self.take_history().cut_off_by(error)))
    }

    fn end_canceled(&mut self) -> Next {
        Next::End(Err(self.canceled()))
    }
}
