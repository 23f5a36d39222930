use std::pin::pin;
use std::time::Duration;

use crate::error::Error;
use crate::model::VmRef;
use crate::orchestrator::VmOrchestrator;
use crate::orchestrator::ssh_door::ssh_endpoint;
use crate::request::{Credentials, Via, WaitCondition};

impl VmOrchestrator {
    /// Returns the way into a guest that answers: SSH if that does, else the Guest Additions, which
    /// want a password.
    pub(in crate::orchestrator) async fn pick(
        &self,
        vm: &VmRef,
        credentials: &Credentials,
        within: Duration,
    ) -> Result<Via, Error> {
        let found = self.live(vm).await?;
        let has_control = self.hypervisor().guest_control().is_some();
        if !has_control || credentials.password.is_none() || self.simulates() {
            return Ok(Via::Ssh);
        }
        if ssh_endpoint(&found).is_err() {
            return Ok(Via::Additions);
        }
        let mut ssh = pin!(self.wait_ssh(vm, within));
        let additions = pin!(self.wait_for(vm, WaitCondition::Additions, within));
        tokio::select! {
            biased;
            answered = &mut ssh => answered.map(|_| Via::Ssh),
            up = additions => match up {
                // Both may be up for long, and one was looked at first.
                Ok(_) if self.holds(vm, WaitCondition::Ssh).await => Ok(Via::Ssh),
                Ok(_) => Ok(Via::Additions),
                Err(_) => ssh.await.map(|_| Via::Ssh),
            }
        }
    }
}
