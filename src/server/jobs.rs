//! Calls of methods that are queued: who submits one need not wait for it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::client::Client;
use super::method::Offered;
use super::office::Office;
use crate::error::{Error, ErrorKind};
use crate::model::{Priority, Scope, TaskId, VmTaskType};
use crate::orchestrator::VmOrchestrator;
use crate::queue::{self, Attempt, Lane, Queue, Repeat, TaskSpec};
use crate::report::failure_value;
use crate::store::{CallProgress, CallRecord, Owner};

/// So many run at once; what each of them does goes through the orchestrator's own queue too.
const SLOTS: usize = 16;

/// So many are remembered, and so many may wait.
const MOST: usize = 1000;

/// Queued calls, the oldest first.
#[derive(Debug)]
pub(super) struct Jobs {
    queue: Queue,
    known: Mutex<VecDeque<Job>>,
}

/// One queued call.
#[derive(Debug, Clone)]
pub(super) struct Job {
    /// Its task.
    pub(super) id: TaskId,
    /// Who submitted it.
    pub(super) actor: String,
    method: &'static str,
    vm: Option<String>,
    priority: Priority,
    standing: watch::Receiver<Standing>,
}

/// How a queued call is.
#[derive(Debug, Clone, PartialEq)]
enum Standing {
    Queued,
    Running,
    Done(Value),
    Failed(Value),
    Canceled,
}

impl Jobs {
    pub(super) fn new(orchestrator: &VmOrchestrator) -> Self {
        let queue = Queue::start(SLOTS, orchestrator.events().clone(), fastrand::u64(..));
        Self { queue, known: Mutex::default() }
    }

    /// Queues a call.
    pub(super) fn submit(
        &self,
        office: Office,
        method: &'static Offered,
        arguments: Value,
        client: &Client,
        priority: Priority,
    ) -> Result<Job, Error> {
        let now = office.now();
        // What is typed and run may be secret, and what destroys is not begun without being asked.
        let is_repeatable = method.scope == Scope::Lifecycle;
        let record = CallRecord {
            id: self.queue.new_identity(),
            method: method.name.to_owned(),
            arguments: is_repeatable.then(|| arguments.to_string()),
            vm: arguments.get("vm").and_then(Value::as_str).map(ToOwned::to_owned),
            priority,
            actor: client.name.clone(),
            queued_at: now,
            progress: CallProgress::Queued,
            owner: Owner::this_process().unwrap_or(Owner { pid: std::process::id(), started: now }),
        };
        self.enter(office, method, arguments, client, record)
    }

    /// Queues a call as it is written down, under the identity that it has.
    pub(super) fn enter(
        &self,
        office: Office,
        method: &'static Offered,
        arguments: Value,
        client: &Client,
        record: CallRecord,
    ) -> Result<Job, Error> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if MOST <= known.len() {
            let ended = known.iter().position(|it| it.standing.borrow().has_ended());
            let Some(ended) = ended else {
                let message = format!("{MOST} tasks wait already");
                return Err(Error::new(ErrorKind::LimitExceeded, message)
                    .hint("wait for some, or cancel them"));
            };
            known.remove(ended);
        }
        let (vm, priority) = (record.vm.clone(), record.priority);
        let spec = TaskSpec {
            task_type: VmTaskType::Custom(method.name.to_owned()),
            lane: vm.clone().map_or(Lane::Free, Lane::Vm),
            vm: vm.clone(),
            priority,
            // What it does tries again by itself.
            repeat: Repeat::Never,
            retry: office.orchestrator().settings().retry.policy,
            deadline: None,
        };
        let (told, standing) = watch::channel(Standing::Queued);
        let told = Arc::new(told);
        office.orchestrator().note_call(&record)?;
        let (id, noted) = (record.id, (office.clone(), record.clone()));
        let (client_of, told_of) = (client.clone(), told.clone());
        let work = Call { office, method, arguments, client: client_of, told: told_of, record };
        let submitted = self.queue.submit_as(id, spec, Arc::new(work))?;
        let job = Job {
            id: submitted.id,
            actor: client.name.clone(),
            method: method.name,
            vm,
            priority,
            standing,
        };
        known.push_back(job.clone());
        drop(known);
        tokio::spawn(async move {
            // A call that never began, or was dropped, says nothing by itself.
            submitted.result.await.ok();
            let (office, record) = noted;
            if let Err(e) = office.orchestrator().end_call(&record) {
                tracing::warn!("the end of task {} could not be noted: {e}", record.id);
            }
            told.send_if_modified(|it| {
                let dropped = !it.has_ended();
                if dropped {
                    *it = Standing::Canceled;
                }
                dropped
            });
        });
        Ok(job)
    }

    /// Finds a queued call.
    pub(super) fn find(&self, id: TaskId) -> Option<Job> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().find(|it| it.id == id).cloned()
    }

    /// Cancels a queued call, and waits until it has ended.
    pub(super) async fn cancel(&self, job: &Job) -> Result<(), Error> {
        if !self.queue.cancel(job.id).await {
            let message = format!("task `{}` has ended", job.id);
            return Err(Error::new(ErrorKind::InvalidState, message));
        }
        job.standing.clone().wait_for(Standing::has_ended).await.ok();
        Ok(())
    }

    /// Cancels what has not begun.
    pub(super) async fn cancel_waiting(&self) {
        let waiting: Vec<TaskId> = {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            let queued = |it: &&Job| *it.standing.borrow() == Standing::Queued;
            known.iter().filter(queued).map(|it| it.id).collect()
        };
        for id in waiting {
            self.queue.cancel(id).await;
        }
    }

    /// Waits until all have ended.
    pub(super) async fn close(&self) {
        self.queue.clone().close().await;
    }
}

impl Job {
    /// Waits until it has ended, so long at most.
    pub(super) async fn ended_within(&self, time: Duration) {
        let mut standing = self.standing.clone();
        tokio::time::timeout(time, standing.wait_for(Standing::has_ended)).await.ok();
    }

    /// Tells it to programs.
    pub(super) fn shape(&self) -> Value {
        let standing = self.standing.borrow().clone();
        let (state, result, error) = match standing {
            Standing::Queued => ("queued", Value::Null, Value::Null),
            Standing::Running => ("running", Value::Null, Value::Null),
            Standing::Done(result) => ("done", result, Value::Null),
            Standing::Failed(error) => ("failed", Value::Null, error),
            Standing::Canceled => ("canceled", Value::Null, Value::Null),
        };
        json!({
            "id": self.id.to_string(), "method": self.method, "vm": self.vm,
            "priority": self.priority.to_string(), "actor": self.actor, "state": state,
            "result": result, "error": error,
        })
    }
}

impl Standing {
    fn has_ended(&self) -> bool {
        match self {
            Self::Queued | Self::Running => false,
            Self::Done(_) | Self::Failed(_) | Self::Canceled => true,
        }
    }
}

/// The work of a queued call.
struct Call {
    office: Office,
    method: &'static Offered,
    arguments: Value,
    client: Client,
    told: Arc<watch::Sender<Standing>>,
    record: CallRecord,
}

#[async_trait]
impl queue::Job for Call {
    async fn run(&self, _attempt: &Attempt) -> Result<(), Error> {
        // What is not noted as begun could be begun again after a crash.
        self.office.orchestrator().begin_call(&self.record)?;
        self.told.send_replace(Standing::Running);
        let answered = self.office.call(self.method, self.arguments.clone(), &self.client).await;
        self.told.send_replace(match &answered {
            Ok(answer) => Standing::Done(answer.document.clone()),
            Err(error) => {
                Standing::Failed(failure_value(error).get("error").cloned().unwrap_or_default())
            }
        });
        answered.map(drop)
    }
}
