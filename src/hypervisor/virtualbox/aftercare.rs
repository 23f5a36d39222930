//! VMs that came to harm: what VirtualBox wrote of it, and what it offers against it.
//!
//! Recorded from 7.2.22: a saved state that cannot be read at all makes `startvm` say only that the
//! session was closed, and the VM stays `saved`; the reason stands in VBox.log. The guest's
//! heartbeat is told there too and nowhere else.

use async_trait::async_trait;

use super::check::Failure;
use super::listing;
use super::manager::VirtualBoxManager;
use super::parse;
use crate::error::Error;
use crate::hypervisor::log::whole_log;
use crate::hypervisor::{Aftercare, Heartbeat, Hypervisor, Traces, log_file};
use crate::model::{Vm, VmId, VmRef};

#[async_trait]
impl Aftercare for VirtualBoxManager {
    async fn traces(&self, vm: &Vm) -> Traces {
        parse::traces(&log_of(vm).await)
    }

    async fn resets(&self, vm: &Vm) -> usize {
        parse::resets(&log_of(vm).await)
    }

    async fn heartbeat(&self, vm: &Vm) -> Heartbeat {
        parse::heartbeat(&log_of(vm).await)
    }

    async fn discard_saved_state(&self, vm: &VmRef) -> Result<(), Error> {
        self.tell(self.commands.discard(vm), vm).await
    }
}

impl VirtualBoxManager {
    /// Puts what the log says in the place of a start's failure that says nothing.
    pub(super) async fn with_reason(&self, vm: &VmRef, failure: Failure) -> Failure {
        if !failure.says("closed before any attempt to power it on") {
            return failure;
        }
        let Some(id) = self.identify(vm) else { return failure };
        match parse::noted_error(&self.log_of(id).await) {
            Some(noted) => failure.explained_by(noted.code, noted.text),
            None => failure,
        }
    }

    /// Reads the log of a registered VM from its beginning.
    pub(super) async fn log_of(&self, vm: VmId) -> String {
        let settings = self.registered_settings(vm).await;
        match settings.as_deref().and_then(listing::log_of) {
            Some(log) => whole_log(&log).await,
            None => String::new(),
        }
    }
}

async fn log_of(vm: &Vm) -> String {
    match log_file(vm) {
        Some(file) => whole_log(&file).await,
        None => String::new(),
    }
}
