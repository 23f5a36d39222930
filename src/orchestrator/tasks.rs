//! Every operation on a VM goes through the queue: how a task is described and run.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use super::VmOrchestrator;
use super::locks::Hold;
use crate::error::{Error, ErrorKind};
use crate::hypervisor::Hypervisor;
use crate::model::{Priority, VmId, VmRef, VmTaskType};
use crate::queue::{Attempt, Lane, Repeat, TaskSpec};

/// A task's type and VM; the rest follows from them.
#[derive(Debug, Clone)]
pub(super) struct Work {
    task_type: VmTaskType,
    vm: Option<VmRef>,
    priority: Priority,
    repeat: Repeat,
    deadline: Option<Duration>,
    hold: Hold,
}

impl Work {
    /// Describes work on one VM that may be tried again.
    pub(super) fn on(vm: &VmRef, task_type: VmTaskType) -> Self {
        Self {
            task_type,
            vm: Some(vm.clone()),
            priority: Priority::High,
            repeat: Repeat::Safe,
            deadline: None,
            hold: Hold::Vm,
        }
    }

    /// Describes work on no VM in particular that may be tried again.
    pub(super) fn on_all(task_type: VmTaskType) -> Self {
        Self {
            vm: None,
            hold: Hold::Nothing,
            ..Self::on(&VmRef::from(VmId::from_random(0)), task_type)
        }
    }

    /// Takes the locks of a VM that is being made, or half made: its name's and its own.
    pub(super) fn making(self, id: VmId) -> Self {
        Self { hold: Hold::New(id), ..self }
    }

    /// Takes no lock: it calls nothing that names the VM, or it takes the lock itself.
    pub(super) fn unlocked(self) -> Self {
        Self { hold: Hold::Nothing, ..self }
    }

    /// Forbids trying again: a second try could do harm.
    pub(super) fn once(self) -> Self {
        Self { repeat: Repeat::Never, ..self }
    }

    /// Gives it this long in all, its repetitions included.
    pub(super) fn within(self, limit: Duration) -> Self {
        Self { deadline: Some(limit), ..self }
    }

    /// Sets how soon it is wanted.
    pub(super) fn priority(self, priority: Priority) -> Self {
        Self { priority, ..self }
    }
}

impl VmOrchestrator {
    /// Runs work as a task. Ends early, with the work undone or unfinished, when the orchestrator
    /// is canceled.
    pub(super) async fn run<T, F, Fut>(&self, work: Work, job: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Fn(Arc<dyn Hypervisor>, Attempt) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, Error>> + Send + 'static,
    {
        tokio::select! {
            biased;
            () = self.canceled() => {
                self.hypervisor().settle().await;
                Err(stopped())
            }
            result = self.run_to_the_end(work, job) => result,
        }
    }

    /// Runs work as a task that nothing cancels: what undoes other work.
    pub(super) async fn run_to_the_end<T, F, Fut>(&self, work: Work, job: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Fn(Arc<dyn Hypervisor>, Attempt) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, Error>> + Send + 'static,
    {
        let hypervisor = self.hypervisor().clone();
        let (locks, target, hold) = (self.locks().clone(), work.vm.clone(), work.hold);
        let job = Arc::new(job);
        let vm = work.vm.map(|vm| vm.to_string());
        let spec = TaskSpec {
            task_type: work.task_type,
            lane: vm.clone().map_or(Lane::Free, Lane::Vm),
            vm: vm.clone(),
            priority: work.priority,
            repeat: work.repeat,
            retry: self.settings().retry.policy,
            deadline: work.deadline,
        };
        let locked = move |attempt: Attempt| {
            let (hypervisor, job) = (hypervisor.clone(), job.clone());
            let (locks, target) = (locks.clone(), target.clone());
            async move {
                let taken = locks.take(target.as_ref(), hold, &attempt).await?;
                let result = job(hypervisor, attempt).await;
                taken.release();
                result
            }
        };
        let result = self.queue().run(spec, locked).await;
        result.map_err(|error| match &vm {
            Some(vm) => error.about(vm),
            None => error,
        })
    }
}

fn stopped() -> Error {
    Error::new(ErrorKind::Canceled, "canceled")
}
