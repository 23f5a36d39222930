use std::time::Duration;

use async_trait::async_trait;

use crate::error::{Error, ErrorKind};
use crate::guest::banner;
use crate::metrics::{Checkup, VmHealthCheck};
use crate::model::{Vm, VmRef};
use crate::orchestrator::VmOrchestrator;
use crate::orchestrator::ssh_door::ssh_endpoint;

/// How long a guest may take to show its banner.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whether the guest's SSH server shows its banner.
#[derive(Debug)]
pub(super) struct Ssh(pub(super) VmOrchestrator);

#[async_trait]
impl VmHealthCheck for Ssh {
    async fn check(&self, vm: &Vm) -> Result<Checkup, Error> {
        let shown = match self.0.hypervisor().guest_commands() {
            Some(guest) => guest.run(&VmRef::from(vm.id), "true").await.map(drop),
            None => match ssh_endpoint(vm) {
                Ok(endpoint) => banner::wait_step(&endpoint, PATIENCE).await.map(drop),
                // That is no matter of the guest's health.
                Err(e) => return Ok(Checkup::unknown(e.to_string())),
            },
        };
        match shown {
            Ok(()) => Ok(Checkup::healthy("its SSH server answers")),
            Err(e) if is_silence(e.kind()) => Ok(Checkup::unhealthy(e.to_string())),
            Err(e) => Err(e),
        }
    }
}

/// Returns whether a failure means that the guest does not answer.
pub(super) fn is_silence(kind: ErrorKind) -> bool {
    [ErrorKind::GuestNotReady, ErrorKind::GuestUnreachable, ErrorKind::TimedOut].contains(&kind)
}
