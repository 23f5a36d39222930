//! What is written down: intents, leases, what became of tasks. A rehearsal writes nothing.

use std::sync::PoisonError;

use super::VmOrchestrator;
use super::tasks::Work;
use crate::error::{Error, ErrorKind};
use crate::model::{VmId, VmName, VmRef, VmTaskType};
use crate::store::{KnownVm, Owner, Store, VmPhase};

impl VmOrchestrator {
    /// Returns the store, opened at its first use: most commands do not need it.
    pub(super) fn store(&self) -> Result<&Store, Error> {
        self.parts.store.get(self.now(), |warning| tracing::warn!("{warning}"))
    }

    /// Notes that a VM is about to be made, so that a crash leaves a trace.
    pub(super) fn intend(&self, id: VmId, name: &str) -> Result<(), Error> {
        if self.rehearses() {
            return Ok(());
        }
        let folder = self.settings().storage.vm_storage_path.as_deref();
        self.store()?.vms().begin_create(id, name, folder, self.now())
    }

    /// Notes in which group it will be: that is a part of where its folder is.
    pub(super) fn note_group(&self, id: VmId, groups: &[String]) -> Result<(), Error> {
        match groups.first() {
            Some(group) if !self.rehearses() => self.store()?.vms().note_group(id, group),
            Some(_) | None => Ok(()),
        }
    }

    /// Notes that a VM was made.
    pub(super) fn record_made(&self, id: VmId) -> Result<(), Error> {
        if self.rehearses() {
            return Ok(());
        }
        self.store()?.vms().finish_create(id, self.now())
    }

    /// Notes that a VM was made, and under which name.
    pub(super) fn record_named(&self, id: VmId, name: &VmName) -> Result<(), Error> {
        if self.rehearses() {
            return Ok(());
        }
        self.store()?.vms().rename(id, name.as_str())?;
        self.record_made(id)
    }

    /// Forgets a VM that is gone, its leases with it. Failing is no failure of the command: a
    /// stale row holds a port until it is found to be stale.
    pub(super) fn forget(&self, id: VmId) {
        if self.rehearses() {
            return;
        }
        let forgotten = self.store().and_then(|store| store.vms().forget(id));
        if let Err(e) = forgotten {
            tracing::warn!("what was noted of {id} could not be removed: {e}");
        }
        self.forget_installation(id);
    }

    /// Notes that a VM is about to be deleted, so that a crash leaves a trace; `None` if there is
    /// no such VM, or nothing is done.
    pub(super) async fn intend_deletion(&self, vm: &VmRef) -> Result<Option<VmId>, Error> {
        if self.rehearses() {
            return Ok(None);
        }
        let id = match self.hypervisor().identify(vm) {
            Some(id) => Some(id),
            None => self.hypervisor().look_up(vm).await?,
        };
        let Some(id) = id else { return Ok(None) };
        let vms = self.store()?.vms();
        let known = self.made(vm, id)?;
        let mut name = vm.to_string();
        if vm.as_id().is_some() {
            name = known.map_or(name, |known| known.name);
        }
        vms.begin_delete(id, &name, self.now())?;
        Ok(Some(id))
    }

    /// Waits until nobody else makes a VM any more: it is all there then.
    pub(super) async fn await_made(&self, vm: &VmRef) -> Result<(), Error> {
        let Some(id) = self.hypervisor().identify(vm).filter(|_| !self.rehearses()) else {
            return Ok(());
        };
        if self.made(vm, id).is_ok() {
            return Ok(());
        }
        let (this, target) = (self.clone(), vm.clone());
        self.run(Work::on(vm, VmTaskType::Inspect).unlocked(), move |_, _| {
            let made = this.made(&target, id).map(drop);
            async move { made }
        })
        .await
    }

    /// Returns what is noted of a VM; fails while another process makes it.
    fn made(&self, vm: &VmRef, id: VmId) -> Result<Option<KnownVm>, Error> {
        let known = self.store()?.vms().list()?.into_iter().find(|known| known.id == id);
        let Some(maker) = known.as_ref().and_then(maker) else { return Ok(known) };
        let message = format!("`{vm}` is still being made by process {}", maker.pid);
        Err(Error::new(ErrorKind::Locked, message)
            .about(vm)
            .hint("try again when it is made, or end that process"))
    }

    /// Notes how a deletion that failed left the VM: whole, or to be removed by `gc`.
    pub(super) async fn note_failed_deletion(&self, id: VmId) {
        let noted = match self.hypervisor().look_up(&VmRef::from(id)).await {
            Ok(Some(_)) => self.store().and_then(|it| it.vms().cancel_delete(id, self.now())),
            // Its entry is gone, perhaps not its files; or nobody knows.
            Ok(None) | Err(_) => Ok(()),
        };
        if let Err(e) = noted {
            tracing::warn!("that {id} was not deleted could not be noted: {e}");
        }
    }

    /// Ends the recording of tasks when everything is written.
    pub(super) async fn write_journal(&self) {
        self.events().finish();
        let recorder = {
            let mut place = self.parts.recorder.lock().unwrap_or_else(PoisonError::into_inner);
            place.take()
        };
        if let Some(recorder) = recorder {
            recorder.ended().await;
        }
    }
}

/// Returns the other process that is making a VM.
fn maker(known: &KnownVm) -> Option<Owner> {
    let owner = known.owner.filter(|_| known.phase == VmPhase::Creating)?;
    (owner.pid != std::process::id() && owner.is_alive()).then_some(owner)
}
