//! What holds a VM: another vm-cli, or a process of the hypervisor that may hang.
//!
//! Nothing here waits for either: the state comes from the list, which asks none of them.

use std::time::Duration;

use super::VmOrchestrator;
use super::tasks::Work;
use crate::error::{Error, ErrorKind, TransientClass};
use crate::hypervisor::offered;
use crate::model::{Phase, VmRef, VmSummary, VmTaskType, typed};
use crate::request::{HeldReport, Outcome, Session, UnlockMode, Worker, Working};
use crate::store::locks::{Holder, LockMode};

/// How long a process may take to answer before it counts as one that hangs.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);

impl VmOrchestrator {
    /// Explains what holds a VM, and ends a process that hangs if that is wanted.
    pub(super) async fn unlock(&self, vm: &VmRef, mode: UnlockMode) -> Result<HeldReport, Error> {
        let found = self.listed(vm).await?;
        let report = self.examine(&found).await?;
        match mode {
            UnlockMode::Explain => Ok(report),
            UnlockMode::EmergencyStop => self.free(found, report).await,
        }
    }

    async fn free(&self, found: VmSummary, report: HeldReport) -> Result<HeldReport, Error> {
        let is_off = found.state.phase() == Phase::Offline;
        let name = typed(&found.name);
        match &report.session {
            Session::Free => return Ok(report),
            Session::Silent => {}
            Session::Held(_) if is_off => {}
            Session::Held(by) => {
                let message = format!("`{}` is in use by {by}, and it answers", found.name);
                return Err(Error::new(ErrorKind::InvalidState, message)
                    .about(&found.name)
                    .hint(format!("run `vm-cli stop {name} --force` to power it off")));
            }
            Session::NotAsked => {
                let process = match &report.worker {
                    Working::Known(worker) => format!("process {}", worker.pid),
                    Working::Nobody | Working::Somebody => "its process".to_owned(),
                };
                let message = format!("another vm-cli works on `{}`", found.name);
                return Err(Error::new(ErrorKind::Locked, message)
                    .about(&found.name)
                    .hint(format!("wait until it is done, or end {process}")));
            }
        }
        let id = VmRef::from(found.id);
        let target = id.clone();
        // Without the lock: its holder may be the one that waits for the process that hangs.
        let work = Work::on(&id, VmTaskType::Unlock).unlocked();
        self.run(work, move |hypervisor, _| {
            let id = target.clone();
            async move {
                let hypervisor = hypervisor.as_ref();
                let sessions = offered(hypervisor, hypervisor.sessions(), "holds no VMs")?;
                sessions.clear(&id).await
            }
        })
        .await?;
        if self.rehearses() {
            return Ok(report);
        }
        // The list learns late of a process that ended so: it reads what is saved.
        let state = self.inspect(&id).await?.state;
        let report = self.examine(&VmSummary { state, ..found }).await?;
        Ok(HeldReport { outcome: Outcome::Changed, ..report })
    }

    async fn listed(&self, vm: &VmRef) -> Result<VmSummary, Error> {
        let is_meant = |it: &VmSummary| vm.as_id().map_or(it.name == vm.as_str(), |id| it.id == id);
        self.list().await?.into_iter().find(is_meant).ok_or_else(|| {
            Error::new(ErrorKind::VmNotFound, format!("there is no VM `{vm}`")).about(vm)
        })
    }

    async fn examine(&self, found: &VmSummary) -> Result<HeldReport, Error> {
        let (locks, vm) = (self.locks(), VmRef::from(found.id));
        let key = locks.key(&vm);
        let ours = locks.folder.try_lock(&key, LockMode::Exclusive, &locks.me())?;
        let worker = match ours {
            Some(_) => Working::Nobody,
            None => locks.folder.holder(&key).map_or(Working::Somebody, worker),
        };
        let is_off = found.state.phase() == Phase::Offline;
        let session = match (&ours, is_off) {
            // Reads that meet on a VM that is off disturb each other.
            (None, true) => Session::NotAsked,
            (..) => self.session(&vm, found).await?,
        };
        let (name, state) = (found.name.clone(), found.state.clone());
        Ok(HeldReport { vm: name, state, worker, session, outcome: Outcome::Unchanged })
    }

    /// Asks who has the hypervisor's own lock.
    async fn session(&self, vm: &VmRef, found: &VmSummary) -> Result<Session, Error> {
        if self.hypervisor().sessions().is_none() {
            let is_live = found.state.phase() == Phase::Live;
            let by = self.hypervisor().kind().to_string();
            return Ok(if is_live { Session::Held(by) } else { Session::Free });
        }
        // Tried again meanwhile: one that meets another call is no process that hangs.
        let target = vm.clone();
        let work = Work::on(vm, VmTaskType::Inspect).unlocked().within(ANSWER_WITHIN);
        let asked = self.run(work, move |hypervisor, _| {
            let vm = target.clone();
            async move {
                match hypervisor.sessions() {
                    Some(sessions) => sessions.holder(&vm).await,
                    None => Ok(None),
                }
            }
        });
        match asked.await {
            Ok(by) => Ok(by.map_or(Session::Free, Session::Held)),
            Err(e) if e.kind() == ErrorKind::TimedOut => Ok(Session::Silent),
            Err(e) => match e.kind().transient() {
                Some(TransientClass::Lock | TransientClass::NotReady) => Ok(Session::Silent),
                _ => Err(e),
            },
        }
    }
}

fn worker(holder: Holder) -> Working {
    Working::Known(Worker { pid: holder.pid, command: holder.command, since: holder.since })
}
