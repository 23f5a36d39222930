//! Commands through the Guest Additions: what they print comes when they have ended.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::time::timeout;

use super::additions_program::{ending, of_request, with_exit_code};
use crate::error::{self, Error, ErrorKind};
use crate::guest::OutputSink;
use crate::hypervisor::{GuestControl, GuestEntry, GuestOutput, GuestProgram, Hypervisor, offered};
use crate::model::{GuestSystem, Vm, VmRef, VmTaskType, typed};
use crate::orchestrator::VmOrchestrator;
use crate::orchestrator::tasks::Work;
use crate::request::{Credentials, ExecRequest, Secret, WaitCondition};

/// How long it may take to end a command that nobody wants any more.
pub(super) const ENDING: Duration = Duration::from_mins(1);

impl VmOrchestrator {
    /// Runs a command through the Guest Additions, and returns its exit code and how long that
    /// took.
    pub(super) async fn exec_additions(
        &self,
        request: &ExecRequest,
        sink: &dyn OutputSink,
    ) -> Result<(i32, Duration), Error> {
        let vm = &request.vm;
        let token = format!("{:032x}", fastrand::u128(..));
        let found = self.inspect(vm).await?;
        let entry = self.entry(vm, &found, &request.credentials)?;
        let program = of_request(request, entry.system, &token)?;
        self.wait_additions(vm, request.reach_within).await?;
        let begun = Instant::now();
        let output = match self.program(&entry, &program).await {
            Err(e) if outlives(e.kind()) => return Err(self.end_program(&entry, &token, e).await),
            output => with_exit_code(output?),
        };
        let write = |e| error::io("write the command's output", e);
        sink.stdout(&output.stdout).map_err(write)?;
        sink.stderr(&output.stderr).map_err(write)?;
        Ok((output.exit_code, begun.elapsed()))
    }

    /// Returns how a guest is entered through its Guest Additions.
    pub(in crate::orchestrator) fn entry(
        &self,
        vm: &VmRef,
        found: &Vm,
        credentials: &Credentials,
    ) -> Result<GuestEntry, Error> {
        let user = credentials.user.clone().unwrap_or_else(|| self.settings().ssh.user.clone());
        let password = match &credentials.password {
            Some(password) => password.clone(),
            None if self.simulates() => Secret::new(""),
            None => {
                let message = format!("no password is given for the user `{user}`");
                return Err(Error::new(ErrorKind::Usage, message).about(vm).hint(
                    "the Guest Additions know no keys: add `--password-file FILE`, or use `--via ssh`",
                ));
            }
        };
        let (vm, system) = (VmRef::from(found.id), GuestSystem::of(found));
        Ok(GuestEntry { vm, system, user, password })
    }

    /// Waits until a guest's Guest Additions are up.
    pub(in crate::orchestrator) async fn wait_additions(
        &self,
        vm: &VmRef,
        within: Duration,
    ) -> Result<(), Error> {
        match self.wait_for(vm, WaitCondition::Additions, within).await {
            Err(e) if e.kind() == ErrorKind::TimedOut => Err(e.hint(format!(
                "install the Guest Additions in the guest, or use `--via ssh`; \
                 `vm-cli screenshot {}` shows whether it is up at all",
                typed(vm)
            ))),
            waited => waited.map(drop),
        }
    }

    /// Runs a program as a task. It is tried again only if it did not begin.
    async fn program(
        &self,
        entry: &GuestEntry,
        program: &GuestProgram,
    ) -> Result<GuestOutput, Error> {
        let wanted = Arc::new((entry.clone(), program.clone()));
        let work = Work::on(&entry.vm, VmTaskType::Exec).unlocked();
        self.run(work, move |hypervisor, attempt| {
            let wanted = Arc::clone(&wanted);
            async move {
                let (entry, program) = wanted.as_ref();
                let output = control(hypervisor.as_ref())?.run_program(entry, program).await?;
                attempt.result(json!({ "exit_code": output.exit_code }));
                Ok(output)
            }
        })
        .await
    }

    /// Ends a command in the guest with the wait for it: VirtualBox ends its shell alone.
    async fn end_program(&self, entry: &GuestEntry, token: &str, why: Error) -> Error {
        let Some(program) = ending(entry.system, token) else {
            return why.hint("it may still run in the guest");
        };
        let ended = timeout(ENDING, self.afresh_program(entry, &program)).await;
        match ended {
            Ok(Ok(output)) if output.exit_code == 0 => why,
            Ok(_) | Err(_) => why.hint("it may still run in the guest"),
        }
    }

    /// Runs a program in any case.
    async fn afresh_program(
        &self,
        entry: &GuestEntry,
        program: &GuestProgram,
    ) -> Result<GuestOutput, Error> {
        self.afresh().program(entry, program).await
    }
}

/// Returns whether a command may live on in the guest after such a failure.
fn outlives(kind: ErrorKind) -> bool {
    [ErrorKind::TimedOut, ErrorKind::Canceled, ErrorKind::OutcomeUnknown].contains(&kind)
}

/// Returns what goes into guests through their Guest Additions.
pub(in crate::orchestrator) fn control(
    hypervisor: &dyn Hypervisor,
) -> Result<&dyn GuestControl, Error> {
    offered(hypervisor, hypervisor.guest_control(), "has no Guest Additions")
}
