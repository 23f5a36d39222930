//! The way in for programs that use vm-cli as a library.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::JoinHandle;

use super::VmOrchestrator;
use super::library_input;
use crate::error::{Error, ErrorKind};
use crate::guest::OutputSink;
use crate::model::{Display, Priority, TaskId, Vm, VmRef, VmSummary, VmTaskType};
use crate::queue::{Lane, Repeat, TaskSpec};
use crate::request::{
    Changed, CreateRequest, Creation, Request, Response, StopRequest, SystemStatus,
};

/// What a task that was added with [`VmOrchestrator::add_task`] came to.
#[derive(Debug, Clone, PartialEq)]
pub enum TaskOutput {
    /// One of the built-in tasks went well.
    Response {
        /// What came of it.
        response: Box<Response>,
        /// What a command in the guest printed on standard output.
        stdout: Vec<u8>,
        /// What it printed on standard error.
        stderr: Vec<u8>,
    },
    /// A custom task went well.
    Custom(serde_json::Value),
}

/// Tasks that were added and not asked for yet.
#[derive(Debug, Default)]
pub(super) struct Results(Mutex<HashMap<TaskId, JoinHandle<Result<TaskOutput, Error>>>>);

impl VmOrchestrator {
    /// Discovers the VMs that exist.
    pub async fn initialize(&self) -> Result<Vec<VmSummary>, Error> {
        self.list().await
    }

    /// Makes a VM; on failure nothing of it is left.
    pub async fn create_vm(&self, wanted: &CreateRequest) -> Result<Creation, Error> {
        self.create(wanted).await
    }

    /// Brings a VM to running; one that runs already is fine.
    pub async fn start_vm(&self, vm: &VmRef) -> Result<Changed, Error> {
        self.start(vm, Display::Headless, None).await
    }

    /// Stops a VM and waits until it is off; one that is off already is fine.
    pub async fn stop_vm(&self, stop: &StopRequest) -> Result<Changed, Error> {
        self.stop(stop).await
    }

    /// Reads one VM.
    pub async fn vm_status(&self, vm: &VmRef) -> Result<Vm, Error> {
        self.inspect_with_ways(vm).await
    }

    /// Reports on the host, the hypervisor, the VMs and the tasks.
    pub async fn system_status(&self) -> Result<SystemStatus, Error> {
        self.system_status_report().await
    }

    /// Adds a task and returns at once; [`VmOrchestrator::task_result`] waits for it.
    ///
    /// The input of a built-in task is an object such as `{"name": "web"}` or
    /// `{"name": "web", "memory_mb": 2048}`; a custom task's goes to its handler as it is.
    pub fn add_task(
        &self,
        task_type: VmTaskType,
        input: serde_json::Value,
    ) -> Result<TaskId, Error> {
        let id = TaskId::from_random(fastrand::u128(..));
        let this = self.clone();
        let task = if let VmTaskType::Custom(name) = &task_type {
            let handler = {
                let handlers = self.parts.handlers.lock().unwrap_or_else(PoisonError::into_inner);
                handlers.find(name)?
            };
            let spec = TaskSpec { repeat: handler.repeat(), ..this.custom(task_type) };
            tokio::spawn(async move {
                let job = move |attempt| {
                    let (handler, input) = (handler.clone(), input.clone());
                    async move {
                        let output = handler.handle(input, &attempt).await?;
                        attempt.result(output.clone());
                        Ok(output)
                    }
                };
                this.queue().run(spec, job).await.map(TaskOutput::Custom)
            })
        } else {
            let request = library_input::request(&task_type, input, self.settings())?;
            tokio::spawn(async move { this.captured(request).await })
        };
        self.parts.results.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id, task);
        Ok(id)
    }

    /// Waits for a task that was added, and returns what it came to. Once: it is forgotten then.
    pub async fn task_result(&self, task: TaskId) -> Result<TaskOutput, Error> {
        let handle = {
            let mut open = self.parts.results.0.lock().unwrap_or_else(PoisonError::into_inner);
            open.remove(&task)
        };
        let handle = handle.ok_or_else(|| {
            Error::new(ErrorKind::NotFound, format!("no task `{task}` waits for its result"))
        })?;
        handle.await.map_err(|e| {
            Error::new(ErrorKind::Internal, format!("task `{task}` broke off")).caused_by(e)
        })?
    }

    async fn captured(&self, request: Request) -> Result<TaskOutput, Error> {
        let captured = Arc::new(Captured::default());
        let sink: Arc<dyn OutputSink> = captured.clone();
        let response = Box::new(self.handle(request, sink).await?);
        let stdout = captured.stdout.take();
        let stderr = captured.stderr.take();
        Ok(TaskOutput::Response { response, stdout, stderr })
    }

    fn custom(&self, task_type: VmTaskType) -> TaskSpec {
        TaskSpec {
            task_type,
            vm: None,
            lane: Lane::Free,
            priority: Priority::Medium,
            repeat: Repeat::Safe,
            retry: self.settings().retry.policy,
            deadline: None,
        }
    }
}

/// Keeps what a command in the guest prints.
#[derive(Debug, Default)]
struct Captured {
    stdout: Kept,
    stderr: Kept,
}

/// Bytes that are kept until they are taken.
#[derive(Debug, Default)]
struct Kept(Mutex<Vec<u8>>);

impl Kept {
    fn add(&self, bytes: &[u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
    }

    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl OutputSink for Captured {
    fn stdout(&self, bytes: &[u8]) -> io::Result<()> {
        self.stdout.add(bytes);
        Ok(())
    }

    fn stderr(&self, bytes: &[u8]) -> io::Result<()> {
        self.stderr.add(bytes);
        Ok(())
    }
}
