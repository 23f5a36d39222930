use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::error::{self, Error, ErrorKind};
use crate::guest::OutputSink;
use crate::hypervisor::offered;
use crate::model::VmTaskType;
use crate::orchestrator::VmOrchestrator;
use crate::orchestrator::tasks::Work;
use crate::request::{ExecRequest, Place, Program, Response, Variable, Via};

impl VmOrchestrator {
    /// Runs a command in a guest; what it prints goes to the sink as it comes.
    pub(in crate::orchestrator) async fn exec(
        &self,
        request: &ExecRequest,
        sink: Arc<dyn OutputSink>,
    ) -> Result<Response, Error> {
        let vm = &request.vm;
        let executed = |via, exit_code, took| {
            let vm = vm.to_string();
            Response::Executed { vm, exit_code, via, took }
        };
        if self.rehearses() {
            self.note(rehearsed(request));
            return Ok(executed(request.via, 0, Duration::ZERO));
        }
        let has_own_way = self.hypervisor().guest_commands().is_some();
        let via = match request.via {
            Via::Auto => self.pick(vm, &request.credentials, request.reach_within).await?,
            Via::Ssh | Via::Additions => request.via,
        };
        let (exit_code, took) = match via {
            Via::Additions => self.exec_additions(request, sink.as_ref()).await?,
            Via::Ssh | Via::Auto if has_own_way => self.exec_inside(request, sink.as_ref()).await?,
            // What a connection takes is not a part of every request.
            Via::Ssh | Via::Auto => Box::pin(self.exec_ssh(request, sink)).await?,
        };
        Ok(executed(via, exit_code, took))
    }

    /// Runs a command by the hypervisor's own channel.
    async fn exec_inside(
        &self,
        request: &ExecRequest,
        sink: &dyn OutputSink,
    ) -> Result<(i32, Duration), Error> {
        let vm = &request.vm;
        let (target, command) = (vm.clone(), plain_line(request)?.to_owned());
        self.wait_ssh(vm, request.reach_within).await?;
        let begun = Instant::now();
        let output = self
            .run(Work::on(vm, VmTaskType::Exec).unlocked().once(), move |hypervisor, attempt| {
                let (vm, command) = (target.clone(), command.clone());
                async move {
                    let hypervisor = hypervisor.as_ref();
                    let lacks = "runs no commands in its guests";
                    let guest = offered(hypervisor, hypervisor.guest_commands(), lacks)?;
                    let output = guest.run(&vm, &command).await?;
                    attempt.result(json!({ "exit_code": output.exit_code }));
                    Ok(output)
                }
            })
            .await?;
        sink.stdout(&output.stdout).map_err(|e| error::io("write the command's output", e))?;
        sink.stderr(&output.stderr).map_err(|e| error::io("write the command's output", e))?;
        Ok((output.exit_code, begun.elapsed()))
    }
}

/// Returns the command line of a request that wants nothing more than that.
fn plain_line(request: &ExecRequest) -> Result<&str, Error> {
    let ExecRequest { vm, program, .. } = request;
    match program {
        Program::Line(line) if *request == plain(request, line) => Ok(line),
        Program::Line(_) | Program::LoginShell => {
            let message = "simulated guests run plain command lines, and nothing more";
            Err(Error::new(ErrorKind::Unsupported, message).about(vm))
        }
    }
}

/// Returns the request as it would be if it wanted nothing but its command line.
fn plain(request: &ExecRequest, line: &str) -> ExecRequest {
    let ExecRequest { vm, credentials, via, reach_within, timeout, .. } = request.clone();
    ExecRequest { credentials, via, timeout, ..ExecRequest::new(vm, line, reach_within) }
}

fn rehearsed(request: &ExecRequest) -> String {
    let what = match &request.program {
        Program::Line(line) => format!("run `{line}`"),
        Program::LoginShell => "open a shell".to_owned(),
    };
    let way = match request.via {
        Via::Ssh => " over SSH",
        Via::Additions => " through the Guest Additions",
        Via::Auto => "",
    };
    let mut told = vec![format!("{what} in `{}`{way}", request.vm)];
    told.extend(request.folder.as_ref().map(|folder| format!("in the folder `{folder}`")));
    let shown = |it: &Variable| format!("with {}=***", it.name());
    told.extend(request.environment.iter().map(shown));
    match request.place {
        Place::Session => {}
        Place::Desktop => told.push("on the desktop".to_owned()),
    }
    told.join(", ")
}
