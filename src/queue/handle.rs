use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use fastrand::Rng;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::dispatcher::{Command, Dispatcher};
use super::entry::NewTask;
use super::typed::Typed;
use super::{Attempt, Job, TaskSpec};
use crate::error::{Error, ErrorKind};
use crate::model::TaskId;
use crate::request::Events;

/// The queue: one actor that owns every task. Clones share it.
///
/// When the last clone is dropped, the tasks that have not ended are canceled; [`Queue::close`]
/// waits for them.
#[derive(Debug, Clone)]
pub struct Queue {
    commands: mpsc::UnboundedSender<Command>,
    identities: Arc<Mutex<Rng>>,
}

/// A task in the queue, and its result to come.
#[derive(Debug)]
pub struct Submitted {
    /// Its identity.
    pub id: TaskId,
    /// Its result; an error if the queue was closed. Nobody has to wait for it.
    pub result: oneshot::Receiver<Result<(), Error>>,
}

impl Queue {
    /// Starts a queue with this many slots, on the tokio runtime that this is called in. `seed`
    /// feeds jitter and task identities.
    pub fn start(slots: usize, events: Events, seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let identities = Arc::new(Mutex::new(random.fork()));
        let (commands, inbox) = mpsc::unbounded_channel();
        drop(tokio::spawn(Dispatcher::new(slots, events, random).run(inbox)));
        Self { commands, identities }
    }

    /// Runs work as a task and returns its value. Dropping the future cancels the task.
    ///
    /// The work must not wait for another task of its own lane.
    pub async fn run<T, F, Fut>(&self, spec: TaskSpec, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Fn(Attempt) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, Error>> + Send + 'static,
    {
        let job = Arc::new(Typed::new(work));
        let submitted = self.submit(spec, job.clone())?;
        let mut guard = CancelOnDrop { queue: self, task: Some(submitted.id) };
        let result = submitted.result.await;
        guard.task = None;
        result.unwrap_or_else(|_| Err(closed()))?;
        job.take_value()
    }

    /// Puts a task in the queue.
    pub fn submit(&self, spec: TaskSpec, job: Arc<dyn Job>) -> Result<Submitted, Error> {
        self.submit_as(self.new_identity(), spec, job)
    }

    /// Puts a task in the queue under an identity that it has already; none in the queue has it.
    pub fn submit_as(
        &self,
        id: TaskId,
        spec: TaskSpec,
        job: Arc<dyn Job>,
    ) -> Result<Submitted, Error> {
        let (reply, result) = oneshot::channel();
        let entered = Instant::now().into_std();
        let task = NewTask { id, spec: Arc::new(spec), job, reply, entered };
        match self.commands.send(Command::Submit(task)) {
            Ok(()) => Ok(Submitted { id, result }),
            Err(_gone) => Err(closed()),
        }
    }

    /// Cancels a task: a waiting one never begins, a running one is dropped (one that ends well
    /// before it can be dropped is done). `false` if it is not there (any more).
    pub async fn cancel(&self, task: TaskId) -> bool {
        let (reply, answer) = oneshot::channel();
        self.commands.send(Command::Cancel { task, reply: Some(reply) }).ok();
        answer.await.unwrap_or(false)
    }

    /// Ends the queue when every task in it has ended. New ones are refused from now on.
    pub async fn close(self) {
        let (closed, ended) = oneshot::channel();
        self.commands.send(Command::Close(closed)).ok();
        // The dispatcher is gone when the sender is.
        ended.await.ok();
    }

    /// Makes an identity for a task.
    pub fn new_identity(&self) -> TaskId {
        let mut random = self.identities.lock().unwrap_or_else(PoisonError::into_inner);
        TaskId::from_random(random.u128(..))
    }
}

struct CancelOnDrop<'a> {
    queue: &'a Queue,
    task: Option<TaskId>,
}

impl Drop for CancelOnDrop<'_> {
    fn drop(&mut self) {
        if let Some(task) = self.task {
            self.queue.commands.send(Command::Cancel { task, reply: None }).ok();
        }
    }
}

/// Builds the failure of what comes after the end of the queue.
pub(super) fn closed() -> Error {
    Error::new(ErrorKind::Canceled, "the task queue is closed")
}
