use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::ssh::is_silence;
use crate::error::Error;
use crate::guest::SshConnection;
use crate::metrics::{Checkup, VmHealthCheck};
use crate::model::{Vm, VmRef};
use crate::orchestrator::VmOrchestrator;
use crate::orchestrator::exec::Nowhere;
use crate::request::{ExecRequest, GuestCommand};

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
        let wanted = ExecRequest {
            timeout: Some(PATIENCE),
            ..ExecRequest::new(VmRef::from(vm.id), &self.command.line, Duration::ZERO)
        };
        let to = self.orchestrator.destination(vm, &self.command.credentials)?;
        let from = to.clone();
        let opening = self.orchestrator.open(&from, None);
        let exec = async |connection: Arc<SshConnection>| {
            let stop = self.orchestrator.canceled();
            connection.exec(&wanted, Arc::new(Nowhere), stop).await
        };
        let ended = self.orchestrator.on_connection(to, opening, exec);
        Ok(ended.await?.exit_code)
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
