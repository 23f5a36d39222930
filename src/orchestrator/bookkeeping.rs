//! What is written down: intents, leases, what became of tasks. A rehearsal writes nothing.

use super::VmOrchestrator;
use crate::error::Error;
use crate::model::VmId;
use crate::store::Store;

impl VmOrchestrator {
    /// Returns the store, opened at its first use: most commands do not need it.
    pub(super) fn store(&self) -> Result<&Store, Error> {
        if let Some(store) = self.0.store.get() {
            return Ok(store);
        }
        let opened = Store::open(&self.folders().store(), self.now())?;
        if let Some(warning) = opened.warning {
            tracing::warn!("{warning}");
        }
        Ok(self.0.store.get_or_init(|| opened.store))
    }

    /// Notes that a VM is about to be made, so that a crash leaves a trace.
    pub(super) fn intend(&self, id: VmId, name: &str) -> Result<(), Error> {
        if self.rehearses() {
            return Ok(());
        }
        self.store()?.vms().begin_create(id, name, self.now())
    }

    /// Notes that a VM was made.
    pub(super) fn record_made(&self, id: VmId) -> Result<(), Error> {
        if self.rehearses() {
            return Ok(());
        }
        self.store()?.vms().finish_create(id)
    }

    /// Forgets a VM that is gone, its leases with it. Failing is no failure of the command: a
    /// stale row holds a port until it is found to be stale.
    pub(super) fn forget(&self, id: VmId) {
        if self.rehearses() {
            return;
        }
        let forgotten = self.store().and_then(|store| {
            store.leases().release_vm(id)?;
            store.vms().forget(id)
        });
        if let Err(e) = forgotten {
            tracing::warn!("what was noted of {id} could not be removed: {e}");
        }
    }

    /// Writes what happened to tasks. A command that did its work does not fail for this.
    fn write_journal(&self) {
        if self.rehearses() || self.0.journal.is_empty() {
            return;
        }
        let written = self.store().and_then(|store| self.0.journal.flush(store));
        if let Err(e) = written {
            tracing::warn!("the journal could not be written: {e}");
        }
    }
}

