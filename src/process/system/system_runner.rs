use std::io;
use std::process::Stdio;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::call::{Call, End};
use super::capture::Broken;
use super::endings::Endings;
use super::platform;
use crate::process::sign::Lookout;
use crate::process::{CommandLine, CommandRunner, Exit, Output, ProcessError, RawOutput};

/// How many bytes a program may print on both pipes together.
pub(super) const MOST_OUTPUT: usize = 64 * 1024 * 1024;

/// Runs programs on this host. Clones share what [`CommandRunner::settle`] waits for.
///
/// A call that is late, prints without end or is dropped is canceled: its program (never its group,
/// which may hold VMs) is asked to end, has the grace for it, and only then is killed.
/// [`CommandLine::let_end`] lets a dropped one end by itself first.
#[derive(Debug, Clone)]
pub struct SystemRunner {
    grace: Duration,
    endings: Endings,
}

impl SystemRunner {
    /// Builds a runner that gives a canceled program this long to end by itself.
    pub fn new(grace: Duration) -> Self {
        Self { grace, endings: Endings::none() }
    }

    async fn finish(
        &self,
        line: &CommandLine,
        child: Child,
        lookout: Option<Lookout<'_>>,
    ) -> Result<RawOutput, ProcessError> {
        let mut call =
            Call::new(child, MOST_OUTPUT, line.cancel(), self.grace, self.endings.clone());
        let program = line.program().display().to_string();
        let failure = match timeout(line.deadline(), call.end(lookout.as_ref())).await {
            Ok(Ok(end)) => {
                let exit = match end {
                    End::Ended(status) => platform::exit_of(status),
                    // Dropped here, the call is ended in the background.
                    End::Idle => Exit::Dismissed,
                };
                let (stdout, stderr) = call.bytes();
                let (stdout, stderr) = (stdout.to_vec(), stderr.to_vec());
                return Ok(RawOutput { exit, stdout, stderr });
            }
            Ok(Err(Broken::Flood)) => ProcessError::Flood { program, limit: MOST_OUTPUT },
            Ok(Err(Broken::Read(source))) => ProcessError::Read { program, source },
            Err(_) => ProcessError::TimedOut { program, after: line.deadline() },
        };
        call.cancel().await;
        Err(failure)
    }
}

#[async_trait]
impl CommandRunner for SystemRunner {
    async fn run(&self, line: &CommandLine) -> Result<Output, ProcessError> {
        self.run_raw(line).await.map(|output| output.decoded())
    }

    async fn run_raw(&self, line: &CommandLine) -> Result<RawOutput, ProcessError> {
        let begun = Instant::now();
        tracing::info!(target: "vm_cli::call", "$ {line}");
        let lookout = line.sign().map(Lookout::new);
        let child = command(line).spawn().map_err(|error| not_started(line, error))?;
        let result = self.finish(line, child, lookout).await;
        let elapsed = begun.elapsed();
        match &result {
            Ok(RawOutput { exit, .. }) => {
                tracing::debug!(target: "vm_cli::call", ?exit, ?elapsed, "ended: {line}");
            }
            Err(error) => {
                tracing::debug!(target: "vm_cli::call", %error, ?elapsed, "canceled: {line}");
            }
        }
        result
    }

    async fn settle(&self) {
        self.endings.all_ended().await;
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where programs are started")]
fn command(line: &CommandLine) -> Command {
    let mut command = Command::new(line.program());
    command
        .args(line.arguments())
        // Its sentences are read, and names in it are UTF-8.
        .env("LC_ALL", "C.UTF-8")
        .env("LANG", "C.UTF-8")
        .env_remove("LANGUAGE")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(false);
    platform::set_apart(&mut command);
    command
}

fn not_started(line: &CommandLine, source: io::Error) -> ProcessError {
    let program = line.program().display().to_string();
    if source.kind() == io::ErrorKind::NotFound {
        return ProcessError::NotFound { program };
    }
    ProcessError::Spawn { program, source }
}
