//! Forwards that a snapshot brings back: their ports may have been given away since.

use super::VmOrchestrator;
use super::clone::first_adapter;
use super::ports::{kind_of, moved_note, rule_of};
use crate::error::{Error, ErrorKind};
use crate::hypervisor::Refit;
use crate::model::VmRef;
use crate::store::PortChoice;

impl VmOrchestrator {
    /// Leases again what a restored VM that was made here has on ports, and moves what another VM
    /// has by now. Failing to is no failure of the restoration; it is told of.
    pub(super) async fn lease_revived(&self, vm: &VmRef) -> Vec<String> {
        if self.rehearses() {
            return Vec::new();
        }
        match self.lease_what_is_there(vm).await {
            Ok(notes) => notes,
            Err(e) => vec![format!("its host ports could not be checked: {e}")],
        }
    }

    async fn lease_what_is_there(&self, vm: &VmRef) -> Result<Vec<String>, Error> {
        let found = self.inspect(vm).await?;
        let store = self.store()?;
        if !store.vms().list()?.iter().any(|known| known.id == found.id) {
            return Ok(Vec::new());
        }
        let leases = store.leases().of_vm(found.id)?;
        let (mut refit, mut notes) = (Refit::default(), Vec::new());
        for forward in first_adapter(&found) {
            let (port, rule) = (forward.host_port, rule_of(forward));
            if leases.iter().any(|lease| lease.port == port && lease.rule == rule) {
                continue;
            }
            let own = PortChoice::Exactly(port);
            match self.lease_forward(found.id, forward, own, None) {
                Ok(_same) => {}
                Err(e) if e.kind() == ErrorKind::AlreadyExists => {
                    let choices = self.choices(kind_of(forward), port);
                    let moved = self.lease_forward(found.id, forward, choices, Some(port))?;
                    notes.push(moved_note(port, &moved));
                    refit.forwards.push(moved);
                }
                Err(e) => return Err(e),
            }
        }
        if refit != Refit::default() {
            self.refit(&VmRef::from(found.id), refit).await?;
        }
        Ok(notes)
    }
}
