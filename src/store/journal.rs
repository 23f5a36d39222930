use std::collections::HashSet;
use std::time::Duration;
use std::time::SystemTime;

use super::AttemptRecord;
use super::Owner;
use super::Store;
use super::TaskFailure;
use super::TaskRecord;
use crate::error::Error;
use crate::error::ErrorKind;
use crate::model::Priority;
use crate::model::TaskId;
use crate::model::TaskState;
use crate::request::Event;
use crate::request::EventKind;

/// Turns the queue's events into task records, to be written now and then.
#[derive(Debug)]
pub struct Journal {
    owner: Owner,
    /// How many tasks there were.
    count: u32,
    /// In the order in which they came; a command has few.
    tasks: Vec<TaskRecord>,
    /// Those of which something is to be written.
    changed: HashSet<TaskId>,
}

impl Journal {
    /// Begins a journal for the tasks of this process.
    pub fn new(owner: Owner) -> Self {
        Self { owner, count: 0, tasks: Vec::new(), changed: HashSet::new() }
    }

    /// Takes in what happened now. A task is worth writing from its beginning on.
    pub fn feed(&mut self, event: &Event, now: SystemTime) {
        match event.kind {
            EventKind::Queued { .. } | EventKind::Progress { .. } => {}
            EventKind::Started { .. }
            | EventKind::AttemptFailed { .. }
            | EventKind::Told { .. }
            | EventKind::Finished { .. } => {
                self.changed.insert(event.task);
            }
        }
        let task = self.task(event, now);
        match &event.kind {
            EventKind::Queued { priority } => {
                task.priority = *priority;
                task.queued_at = now;
            }
            EventKind::Started { attempt, waited } => {
                task.state = TaskState::Running;
                task.attempts = task.attempts.max(*attempt);
                if task.started_at.is_none() {
                    task.started_at = Some(now);
                    task.waited = *waited;
                }
            }
            EventKind::AttemptFailed { attempt, error, message, next_in } => {
                task.state = TaskState::Waiting;
                let error = TaskFailure::new(*error, message.as_str());
                task.first_error.get_or_insert_with(|| error.clone());
                task.failed.push(AttemptRecord { number: *attempt, error, waited: *next_in });
            }
            EventKind::Progress { .. } => {}
            EventKind::Told { result } => task.result = Some(result.clone()),
            EventKind::Finished { attempts, took: _, error } => {
                task.attempts = *attempts;
                task.ended_at = Some(now);
                task.state = ended(error.as_ref().map(|(kind, _)| *kind));
                if let Some((kind, message)) = error {
                    task.first_error.get_or_insert_with(|| TaskFailure::new(*kind, message));
                }
            }
        }
    }

    /// Returns what is known so far.
    pub fn tasks(&self) -> &[TaskRecord] {
        &self.tasks
    }

    /// Returns whether there is something to write.
    pub fn has_changed(&self) -> bool {
        !self.changed.is_empty()
    }

    /// Writes what has changed in one transaction, then forgets the tasks that have ended.
    ///
    /// After a failure nothing is forgotten: it can be tried again.
    pub fn flush(&mut self, store: &Store) -> Result<(), Error> {
        let changed = self.tasks.iter().filter(|task| self.changed.contains(&task.id));
        store.tasks().record_all(&changed.cloned().collect::<Vec<_>>())?;
        self.changed.clear();
        self.tasks.retain(|task| task.ended_at.is_none());
        Ok(())
    }

    fn task(&mut self, event: &Event, now: SystemTime) -> &mut TaskRecord {
        let known = self.tasks.iter().position(|task| task.id == event.task);
        let index = known.unwrap_or_else(|| {
            self.count += 1;
            self.tasks.push(begun(event, self.count, self.owner, now));
            self.tasks.len() - 1
        });
        #[expect(clippy::indexing_slicing, reason = "the index was just found or made")]
        &mut self.tasks[index]
    }
}

fn begun(event: &Event, number: u32, owner: Owner, now: SystemTime) -> TaskRecord {
    TaskRecord {
        id: event.task,
        number,
        task_type: event.task_type.clone(),
        vm: event.vm.clone(),
        priority: Priority::default(),
        state: TaskState::Queued,
        queued_at: now,
        started_at: None,
        ended_at: None,
        attempts: 0,
        waited: Duration::ZERO,
        first_error: None,
        result: None,
        owner,
        failed: Vec::new(),
    }
}

fn ended(error: Option<ErrorKind>) -> TaskState {
    match error {
        None => TaskState::Done,
        Some(ErrorKind::Canceled) => TaskState::Canceled,
        Some(_) => TaskState::Failed,
    }
}
