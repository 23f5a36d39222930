use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use tokio::sync::watch;

use super::library::Results;
use super::locks::VmLocks;
use super::naming::{self, Meant};
use super::open::{Caller, Rehearsal, Setup};
use super::plan::Goal;
use super::recorder::Recorder;
use super::tasks::Work;
use crate::config::{Folders, Settings};
use crate::error::{Error, ErrorKind};
use crate::guest::{OutputSink, Pool};
use crate::hypervisor::Hypervisor;
use crate::metrics::{HealthChecks, MetricRegistry, VmHealthChecks};
use crate::model::{HypervisorKind, VmSummary, VmTaskType};
use crate::process::Ledger;
use crate::queue::{Queue, TaskHandler, TaskHandlers};
use crate::request::{Events, Request, Response};
use crate::store::LazyStore;

/// Coordinates hypervisor, queue, guests and store: the way into the library. Clones share it.
#[derive(Debug, Clone)]
pub struct VmOrchestrator {
    pub(super) parts: Arc<Parts>,
    pub(super) canceled: Arc<watch::Sender<bool>>,
    pub(super) asker: Option<Arc<Asker>>,
}

/// Who asks, where one orchestrator serves several, and what is being done for him.
#[derive(Debug)]
pub(super) struct Asker {
    pub(super) caller: Caller,
    pub(super) doing: String,
}

#[derive(Debug)]
pub(super) struct Parts {
    pub(super) setup: Setup,
    pub(super) hypervisor: Arc<dyn Hypervisor>,
    pub(super) queue: Queue,
    pub(super) events: Events,
    pub(super) ledger: Ledger,
    pub(super) store: Arc<LazyStore>,
    pub(super) recorder: Mutex<Option<Recorder>>,
    pub(super) handlers: Mutex<TaskHandlers>,
    pub(super) checks: HealthChecks,
    pub(super) vm_checks: VmHealthChecks,
    pub(super) metrics: MetricRegistry,
    pub(super) results: Results,
    pub(super) locks: VmLocks,
    pub(super) connections: Pool,
}

impl VmOrchestrator {
    /// Does what is asked. What a guest's command prints goes to the sink as it comes.
    pub async fn handle(
        &self,
        request: Request,
        sink: Arc<dyn OutputSink>,
    ) -> Result<Response, Error> {
        let retry = request.clone();
        let line = self.begin_audit(&request);
        let result = match Box::pin(self.carry_out(request, sink.clone())).await {
            Err(e) if e.kind() == ErrorKind::VmNotFound => {
                Box::pin(self.by_meaning(retry, sink, e)).await
            }
            decided => decided,
        };
        self.end_audit(line, result.as_ref().err());
        let steps = self.parts.ledger.take();
        match self.parts.setup.rehearsal {
            Rehearsal::Rehearse => {
                result.map(
                    |response| {
                        if response.is_read() { response } else { Response::Rehearsed(steps) }
                    },
                )
            }
            Rehearsal::Perform => result,
        }
    }

    /// Ends everything that is under way: calls are canceled, half-made VMs removed.
    pub fn cancel(&self) {
        self.canceled.send_replace(true);
    }

    /// Returns the same orchestrator, not canceled: for what must be done after a cancellation.
    pub fn afresh(&self) -> Self {
        let canceled = Arc::new(watch::Sender::new(false));
        Self { parts: Arc::clone(&self.parts), canceled, asker: self.asker.clone() }
    }

    /// Returns the same orchestrator for what is done in somebody's name, as the audit trail tells;
    /// it can be canceled alone.
    pub fn acting_for(&self, caller: Caller, doing: impl Into<String>) -> Self {
        let doing = format!("{}: {}", self.parts.setup.command_line, doing.into());
        Self { asker: Some(Arc::new(Asker { caller, doing })), ..self.afresh() }
    }

    /// Returns who started the program.
    pub fn caller(&self) -> &Caller {
        &self.parts.setup.caller
    }

    /// Waits until every task has ended, and writes the journal.
    pub async fn close(self) {
        self.parts.queue.clone().close().await;
        self.parts.hypervisor.close().await;
        self.write_journal().await;
    }

    /// Returns what happens to tasks, for front ends to subscribe to.
    pub fn events(&self) -> &Events {
        &self.parts.events
    }

    /// Returns the settings.
    pub fn settings(&self) -> &Settings {
        &self.parts.setup.settings
    }

    /// Returns the health checks, for library users to add their own.
    pub fn checks(&self) -> &HealthChecks {
        &self.parts.checks
    }

    /// Returns the health checks of VMs that `watch` knows by name besides its own, for library
    /// users to add theirs.
    pub fn vm_checks(&self) -> &VmHealthChecks {
        &self.parts.vm_checks
    }

    /// Registers the work of custom tasks of this name.
    pub fn register_handler(
        &self,
        name: impl Into<String>,
        handler: Arc<dyn TaskHandler>,
    ) -> Result<(), Error> {
        let mut handlers = self.parts.handlers.lock().unwrap_or_else(PoisonError::into_inner);
        handlers.register(name, handler)
    }

    /// Returns the metrics, for library users to add their own.
    pub fn metrics(&self) -> &MetricRegistry {
        &self.parts.metrics
    }

    /// Does what is asked of exactly the VM that is named.
    pub(super) async fn carry_out(
        &self,
        request: Request,
        sink: Arc<dyn OutputSink>,
    ) -> Result<Response, Error> {
        Ok(match request {
            Request::Create(asked) => self.create_or_keep(&asked).await?,
            Request::Install(asked) => {
                Response::Installed(Box::new(Box::pin(self.install(&asked)).await?))
            }
            Request::FinishInstall(asked) => {
                Response::Installed(Box::new(Box::pin(self.finish_install(&asked)).await?))
            }
            Request::Start { vm, display, wait, when_full } => {
                Response::Changed(self.start_when(&vm, display, wait, when_full).await?)
            }
            Request::Stop(stop) => Response::Changed(self.stop(&stop).await?),
            Request::Restart { vm, timeout } => {
                Response::Changed(self.restart(&vm, timeout).await?)
            }
            Request::Reset(vm) => Response::Changed(self.bring(&vm, Goal::Reset).await?),
            Request::Pause(vm) => Response::Changed(self.bring(&vm, Goal::Paused).await?),
            Request::Resume(vm) => Response::Changed(self.bring(&vm, Goal::Resumed).await?),
            Request::Delete { vm, if_missing, if_live } => {
                Response::Changed(self.delete(&vm, if_missing, if_live).await?)
            }
            Request::List => Response::List(self.list().await?),
            Request::Status(vm) => Response::Status(Box::new(self.inspect_with_ways(&vm).await?)),
            Request::Guest { vm, login } => {
                Response::Status(Box::new(self.inspect_with_guest(&vm, login.as_deref()).await?))
            }
            Request::Wait { vm, condition, timeout, watch } => {
                Response::Changed(self.wait(&vm, condition, timeout, &watch).await?)
            }
            Request::Snapshot { vm, action } => self.snapshot(&vm, action).await?,
            Request::Clone(asked) => {
                Response::Copied { action: "clone", made: self.clone_vm(&asked).await? }
            }
            Request::Template(action) => Box::pin(self.template(&action)).await?,
            Request::Export(asked) => Response::Changed(self.export(&asked).await?),
            Request::Import(asked) => {
                Response::Copied { action: "import", made: vec![self.import(&asked).await?] }
            }
            Request::Forward { vm, action } => self.forward(&vm, action).await?,
            Request::Sharing { vm, action } => Box::pin(self.sharing(&vm, &action)).await?,
            Request::Screenshot(shot) => Response::Screen(Box::new(self.screenshot(&shot).await?)),
            Request::Display { vm, action } => Box::pin(self.display(&vm, &action)).await?,
            Request::Press(keys) => Response::Changed(self.press(&keys).await?),
            Request::Point(asked) => Response::Pointed(Box::new(self.point(&asked).await?)),
            Request::Clock(asked) => Response::Clock(Box::new(self.clock(&asked).await?)),
            Request::Record(asked) => Response::Changed(self.record(&asked).await?),
            Request::Exec(exec) => Box::pin(self.exec(&exec, sink)).await?,
            Request::Transfer(asked) => Box::pin(self.transfer(&asked)).await?,
            Request::Run(run) => Box::pin(self.run_from(&run, sink)).await?,
            Request::Unlock { vm, mode } => Response::Held(Box::new(self.unlock(&vm, mode).await?)),
            Request::Recover(asked) => Response::Recovered(Box::new(self.recover(&asked).await?)),
            Request::Setup => Response::Checked(self.setup().await?),
            Request::SystemStatus => {
                Response::SystemStatus(Box::new(self.system_status_report().await?))
            }
        })
    }

    /// Tries again with the VM that the name could have meant, or suggests one.
    async fn by_meaning(
        &self,
        request: Request,
        sink: Arc<dyn OutputSink>,
        error: Error,
    ) -> Result<Response, Error> {
        let Some(name) = request.vm() else { return Err(error) };
        match self.meant(&name).await {
            Meant::Vm(vm) => self.carry_out(request.about(vm), sink).await,
            Meant::Perhaps(near) => Err(naming::with_suggestion(error, Some(&near))),
            Meant::Nothing => Err(naming::with_suggestion(error, None)),
        }
    }

    /// Lists every VM.
    pub(super) async fn list(&self) -> Result<Vec<VmSummary>, Error> {
        self.run(
            Work::on_all(VmTaskType::List),
            |hypervisor, _| async move { hypervisor.list().await },
        )
        .await
    }

    pub(super) fn hypervisor(&self) -> &Arc<dyn Hypervisor> {
        &self.parts.hypervisor
    }

    pub(super) fn locks(&self) -> &VmLocks {
        &self.parts.locks
    }

    pub(super) fn queue(&self) -> &Queue {
        &self.parts.queue
    }

    pub(super) fn folders(&self) -> &Folders {
        &self.parts.setup.folders
    }

    /// Waits until everything that is under way is to end.
    pub(crate) async fn canceled(&self) {
        let mut canceled = self.canceled.subscribe();
        // The sender lives as long as this does.
        canceled.wait_for(|it| *it).await.map(|_| ()).ok();
    }

    pub(super) fn rehearses(&self) -> bool {
        self.parts.setup.rehearsal == Rehearsal::Rehearse
    }

    /// Returns whether the VMs only exist in a file.
    pub(super) fn simulates(&self) -> bool {
        self.parts.hypervisor.kind() == HypervisorKind::Simulated
    }

    /// Notes a step of a rehearsal.
    pub(super) fn note(&self, step: String) {
        self.parts.ledger.note(step);
    }

    /// Returns the time.
    pub(crate) fn now(&self) -> SystemTime {
        (self.parts.setup.clock)()
    }
}
