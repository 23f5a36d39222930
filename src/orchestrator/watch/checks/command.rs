use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::ssh::is_silence;
use crate::error::Error;
use crate::guest::{HostKeys, Login, SshConnection};
use crate::metrics::{Checkup, VmHealthCheck};
use crate::model::{Vm, VmRef};
use crate::orchestrator::VmOrchestrator;
use crate::orchestrator::shell::Nowhere;
use crate::orchestrator::wait::ssh_endpoint;
use crate::request::GuestCommand;

/// How long the command may run.
const PATIENCE: Duration = Duration::from_secs(20);

/// Whether a command in the guest ends with exit code 0.
#[derive(Debug)]
pub(super) struct Command {
    orchestrator: VmOrchestrator,
    command: GuestCommand,
}

impl Command {
    pub(super) fn new(orchestrator: VmOrchestrator, command: GuestCommand) -> Self {
        Self { orchestrator, command }
    }

    async fn run(&self, vm: &Vm) -> Result<i32, Error> {
        if let Some(guest) = self.orchestrator.hypervisor().guest_commands() {
            return Ok(guest.run(&VmRef::from(vm.id), &self.command.line).await?.exit_code);
        }
        let ssh = &self.orchestrator.settings().ssh;
        let login = Login::new(&self.command.credentials, &ssh.user, ssh.identity.as_deref());
        let keys = HostKeys::new(self.orchestrator.folders().known_hosts());
        let endpoint = ssh_endpoint(vm)?;
        let connection = SshConnection::open(&endpoint, &login, &keys, vm.id, ssh.connect).await?;
        let ended = connection.exec(&self.command.line, Arc::new(Nowhere), Some(PATIENCE)).await?;
        Ok(ended.exit_code)
    }
}

#[async_trait]
impl VmHealthCheck for Command {
    async fn check(&self, vm: &Vm) -> Result<Checkup, Error> {
        let line = &self.command.line;
        match self.run(vm).await {
            Ok(0) => Ok(Checkup::healthy(format!("`{line}` ended with exit code 0"))),
            Ok(code) => Ok(Checkup::unhealthy(format!("`{line}` ended with exit code {code}"))),
            Err(e) if is_silence(e.kind()) => Ok(Checkup::unhealthy(e.to_string())),
            // A wrong password, say, is nothing that a restart heals.
            Err(e) => Err(e),
        }
    }
}
