use std::collections::HashMap;
use std::future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use fastrand::Rng;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{self, JoinError, JoinSet};
use tokio::time::{self, sleep_until};

use super::Attempt;
use super::attempt::{self, Outcome};
use super::entry::{Entry, NewTask, Next};
use super::handle::closed;
use super::scheduler::Scheduler;
use crate::error::Error;
use crate::model::TaskId;
use crate::request::{EventKind, Events};

/// How many commands are taken from the inbox at once.
const BATCH: usize = 256;

/// What the handles tell the dispatcher.
pub(super) enum Command {
    /// Take in a task.
    Submit(NewTask),
    /// End a task; the answer is whether it was there.
    Cancel {
        /// The task.
        task: TaskId,
        /// Who wants to know.
        reply: Option<oneshot::Sender<bool>>,
    },
    /// End when all tasks have ended, then drop this.
    Close(oneshot::Sender<()>),
}

/// The actor behind the handles. It owns every task; nothing is shared.
pub(super) struct Dispatcher {
    scheduler: Scheduler,
    entries: HashMap<TaskId, Entry>,
    attempts: JoinSet<Outcome>,
    /// Which task an attempt belongs to: one that panicked does not say.
    owners: HashMap<task::Id, TaskId>,
    events: Events,
    random: Rng,
    /// Who waits for the end; nobody while the queue is open.
    closing: Vec<oneshot::Sender<()>>,
}

impl Dispatcher {
    /// Builds a dispatcher without tasks.
    pub(super) fn new(slots: usize, events: Events, random: Rng) -> Self {
        Self {
            scheduler: Scheduler::new(slots),
            entries: HashMap::new(),
            attempts: JoinSet::new(),
            owners: HashMap::new(),
            events,
            random,
            closing: Vec::new(),
        }
    }

    /// Runs until the queue is closed and empty, or all handles are gone.
    pub(super) async fn run(mut self, mut inbox: mpsc::UnboundedReceiver<Command>) {
        let mut commands = Vec::with_capacity(BATCH);
        while self.closing.is_empty() || !self.entries.is_empty() {
            let wakeup = self.scheduler.next_wakeup();
            tokio::select! {
                count = inbox.recv_many(&mut commands, BATCH) => match count {
                    0 => break,
                    _ => commands.drain(..).for_each(|command| self.obey(command)),
                },
                Some(ended) = self.attempts.join_next_with_id() => {
                    self.end_attempt(ended);
                    while let Some(ended) = self.attempts.try_join_next_with_id() {
                        self.end_attempt(ended);
                    }
                }
                () = wait_until(wakeup) => {}
            }
            self.start_attempts();
        }
        self.abandon().await;
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Submit(task) if self.closing.is_empty() => self.admit(task),
            Command::Submit(task) => drop(task.reply.send(Err(closed()))),
            Command::Cancel { task, reply } => {
                let was_there = self.cancel(task);
                reply.map(|reply| reply.send(was_there));
            }
            Command::Close(waiter) => self.closing.push(waiter),
        }
    }

    fn admit(&mut self, task: NewTask) {
        let priority = task.spec.priority;
        self.scheduler.push(task.id, &task.spec.lane, priority, task.entered);
        self.events.emit_with(|| task.event(EventKind::Queued { priority }));
        self.entries.insert(task.id, Entry::new(task));
    }

    /// A running task keeps its lane until its attempt is really gone.
    fn cancel(&mut self, id: TaskId) -> bool {
        let Some(entry) = self.entries.get_mut(&id) else { return false };
        entry.cancel();
        if self.scheduler.cancel(id) {
            let error = entry.canceled();
            self.finish(id, Err(error));
        }
        true
    }

    fn start_attempts(&mut self) {
        let now = now();
        while let Some(id) = self.scheduler.start_next(now) {
            self.start_attempt(id, now);
        }
    }

    fn start_attempt(&mut self, id: TaskId, now: Instant) {
        let Some(entry) = self.entries.get_mut(&id) else { return self.scheduler.finish(id) };
        if entry.is_late(now) {
            // It waited too long for its lane or a slot: nothing is begun that must be dropped.
            let error = entry.take_history().into_error();
            self.scheduler.finish(id);
            return self.finish(id, Err(error));
        }
        let waited = entry.begin_attempt(now);
        let number = entry.attempts;
        // Told before it begins, so that its progress comes after.
        self.events.emit_with(|| entry.task.event(EventKind::Started { attempt: number, waited }));
        let spec = Arc::clone(&entry.task.spec);
        let (events, further) = (self.events.clone(), Arc::default());
        let attempt = Attempt { task: id, number, spec, events, further };
        let job = Arc::clone(&entry.task.job);
        let running = self.attempts.spawn(attempt::run(job, attempt, entry.until));
        self.owners.insert(running.id(), id);
        entry.running = Some(running);
    }

    fn end_attempt(&mut self, ended: Result<(task::Id, Outcome), JoinError>) {
        let (attempt, outcome) = match ended {
            Ok(ended) => ended,
            Err(end) => (end.id(), attempt::broken_off(end)),
        };
        let Some(id) = self.owners.remove(&attempt) else { return };
        let Some(entry) = self.entries.get_mut(&id) else { return };
        let now = now();
        match entry.end_attempt(outcome, now, self.random.f64()) {
            Next::End(result) => {
                self.scheduler.finish(id);
                self.finish(id, result);
            }
            Next::Again(after) => {
                self.scheduler.retry_at(id, now + after);
                self.tell_failed_attempt(id, after);
            }
        }
    }

    fn tell_failed_attempt(&self, id: TaskId, next_in: Duration) {
        let Some(entry) = self.entries.get(&id) else { return };
        let Some(failed) = entry.history.last() else { return };
        self.events.emit_with(|| {
            entry.task.event(EventKind::AttemptFailed {
                attempt: entry.attempts,
                error: failed.kind,
                message: failed.message.clone(),
                next_in,
            })
        });
    }

    fn finish(&mut self, id: TaskId, result: Result<(), Error>) {
        let Some(Entry { task, attempts, .. }) = self.entries.remove(&id) else { return };
        let result = result.map_err(|error| match &task.spec.vm {
            Some(vm) => error.about(vm),
            None => error,
        });
        self.events.emit_with(|| {
            let took = now().saturating_duration_since(task.entered);
            let error = result.as_ref().err().map(|e| (e.kind(), e.message().to_owned()));
            task.event(EventKind::Finished { attempts, took, error })
        });
        // Nobody has to wait for it.
        task.reply.send(result).ok();
    }

    /// Cancels what is left when nobody can ask for it any more.
    async fn abandon(mut self) {
        let left: Vec<TaskId> = self.entries.keys().copied().collect();
        for id in left {
            self.cancel(id);
        }
        while let Some(ended) = self.attempts.join_next_with_id().await {
            self.end_attempt(ended);
        }
    }
}

/// The time on tokio's clock, which tests can hold still.
fn now() -> Instant {
    time::Instant::now().into_std()
}

/// Waits until then; for ever without a time.
async fn wait_until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at.into()).await,
        None => future::pending().await,
    }
}
