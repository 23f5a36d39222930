//! What is written down: intents, leases, what became of tasks. A rehearsal writes nothing.

use std::sync::PoisonError;
use std::time::SystemTime;

use tokio::sync::mpsc::UnboundedReceiver;

use super::VmOrchestrator;
use crate::error::Error;
use crate::model::{VmId, VmName, VmRef};
use crate::request::Event;
use crate::store::{Journal, KnownVm, Owner, Store};

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
    }

    /// Forgets what is noted of a VM that was deleted by this name or UUID.
    pub(super) fn forget_deleted(&self, vm: &VmRef) {
        if self.rehearses() {
            return;
        }
        let known = self.store().and_then(|store| store.vms().list()).unwrap_or_default();
        let means = |known: &&KnownVm| vm.as_id() == Some(known.id) || known.name == vm.as_str();
        for gone in known.iter().filter(means) {
            self.forget(gone.id);
        }
    }

    /// Ends the recording of tasks and writes what was recorded. A command that did its work does
    /// not fail for this.
    pub(super) async fn write_journal(&self) {
        self.events().finish();
        let recorder = {
            let mut place = self.parts.recorder.lock().unwrap_or_else(PoisonError::into_inner);
            place.take()
        };
        let Some(recorder) = recorder else { return };
        let Ok(mut journal) = recorder.await else { return };
        let changes = journal.tasks().iter().any(|task| task.task_type.changes());
        if self.rehearses() || !changes {
            return;
        }
        if let Err(e) = self.store().and_then(|store| journal.flush(store)) {
            tracing::warn!("the journal could not be written: {e}");
        }
    }
}

/// Records what happens to tasks until the events end.
pub(super) async fn record(
    mut events: UnboundedReceiver<Event>,
    clock: fn() -> SystemTime,
) -> Journal {
    let owner = Owner { pid: std::process::id(), started: clock() };
    let mut journal = Journal::new(owner);
    while let Some(event) = events.recv().await {
        journal.feed(&event, clock());
    }
    journal
}
