//! Commands in a guest.

use std::io;
use std::sync::Arc;
use std::time::Instant;

use serde_json::json;

use super::VmOrchestrator;
use super::tasks::Work;
use super::wait::ssh_endpoint;
use crate::error::{self, Error, ErrorKind};
use crate::guest::{HostKeys, Login, OutputSink, SshConnection};
use crate::model::{Vm, VmRef, VmTaskType};
use crate::request::{ExecRequest, Response};

impl VmOrchestrator {
    /// Runs a command in a guest; what it prints goes to the sink as it comes.
    pub(super) async fn exec(
        &self,
        request: &ExecRequest,
        sink: Arc<dyn OutputSink>,
    ) -> Result<Response, Error> {
        let vm = &request.vm;
        if self.rehearses() {
            self.note(format!("run `{}` in `{vm}` over SSH", request.command));
            let took = std::time::Duration::ZERO;
            return Ok(Response::Executed { vm: vm.to_string(), exit_code: 0, took });
        }
        let found = self.wait_ssh(vm, request.reach_within).await?;
        let begun = Instant::now();
        let exit_code = if self.hypervisor().guest_commands().is_some() {
            self.exec_inside(vm, &request.command, sink.as_ref()).await?
        } else {
            self.exec_ssh(&found, request, sink).await?
        };
        Ok(Response::Executed { vm: vm.to_string(), exit_code, took: begun.elapsed() })
    }

    /// Runs a command by the hypervisor's own channel.
    async fn exec_inside(
        &self,
        vm: &VmRef,
        command: &str,
        sink: &dyn OutputSink,
    ) -> Result<i32, Error> {
        let (target, command) = (vm.clone(), command.to_owned());
        let output = self
            .run(Work::on(vm, VmTaskType::Exec).unlocked().once(), move |hypervisor, attempt| {
                let (vm, command) = (target.clone(), command.clone());
                async move {
                    let guest = hypervisor.guest_commands().ok_or_else(|| {
                        Error::new(ErrorKind::Unsupported, "no commands in the guest")
                    })?;
                    let output = guest.run(&vm, &command).await?;
                    attempt.result(json!({ "exit_code": output.exit_code }));
                    Ok(output)
                }
            })
            .await?;
        sink.stdout(&output.stdout).map_err(|e| error::io("write the command's output", e))?;
        sink.stderr(&output.stderr).map_err(|e| error::io("write the command's output", e))?;
        Ok(output.exit_code)
    }

    /// Runs a command over SSH.
    async fn exec_ssh(
        &self,
        vm: &Vm,
        request: &ExecRequest,
        sink: Arc<dyn OutputSink>,
    ) -> Result<i32, Error> {
        let ssh = &self.settings().ssh;
        let login = Login::new(&request.credentials, &ssh.user, ssh.identity.as_deref());
        let keys = HostKeys::new(self.folders().known_hosts());
        let endpoint = ssh_endpoint(vm)?;
        let id = vm.id;
        let (command, timeout, connect) = (request.command.clone(), request.timeout, ssh.connect);
        let reach = Work::on(&request.vm, VmTaskType::Connect).unlocked();
        let connection = self.run(reach, move |_, _| {
            let (endpoint, login, keys) = (endpoint.clone(), login.clone(), keys.clone());
            async move { SshConnection::open(&endpoint, &login, &keys, id, connect).await }
        });
        let connection = Arc::new(connection.await?);
        // Once: whether a command that was cut off ran is unknown.
        self.run(Work::on(&request.vm, VmTaskType::Exec).unlocked().once(), move |_, attempt| {
            let (connection, command, sink) = (connection.clone(), command.clone(), sink.clone());
            async move {
                let exit_code = connection.exec(&command, sink, timeout).await?.exit_code;
                attempt.result(json!({ "exit_code": exit_code }));
                Ok(exit_code)
            }
        })
        .await
    }
}

/// Takes what nobody wants to read.
#[derive(Debug)]
pub(super) struct Nowhere;

impl OutputSink for Nowhere {
    fn stdout(&self, _bytes: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn stderr(&self, _bytes: &[u8]) -> io::Result<()> {
        Ok(())
    }
}
