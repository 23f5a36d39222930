use std::path::PathBuf;

use clap::Args;

use super::guest_command::{CommandWish, ask, conclude, could_not_run};
use crate::cli::outcome::Outcome;
use crate::cli::shell::{App, Shell};
use crate::cli::target::{Given, Target};
use crate::cli::values::collected;
use crate::error::Error;
use crate::request::{Collect, Request, RunRequest, Secret};

/// Run a command from a snapshot, and put the VM back to it
///
/// The VM is powered off if it runs, put back to the snapshot, started, and the command is run over
/// SSH as `exec` does: its output is handed on as it comes and its exit code is ours (255: it could
/// not be run). Then the VM is put back again and left saved, also when the command fails, takes
/// too long, or Ctrl-C comes. A snapshot of a running VM is resumed within a second or two.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli run my-first-vm --from clean-state --user admin --password-file secret.txt -- make test
  vm-cli run my-first-vm --from clean-state --identity id_ed25519 --screenshot end.png -- ./check
  vm-cli run my-first-vm --collect /srv/report:out --identity id_ed25519 -- make report
  vm-cli run my-first-vm --user admin --timeout 5m --command \"dir C:\\\" --json")]
pub(crate) struct Run {
    #[command(flatten)]
    target: Target,

    /// Run it from this snapshot [default: the one on which the VM stands]
    #[arg(
        long,
        alias = "snapshot",
        alias = "snapshot-name",
        value_name = "SNAPSHOT",
        allow_hyphen_values = true
    )]
    from: Option<String>,

    #[command(flatten)]
    wish: CommandWish,

    /// Bring a file or folder from the guest when the command has ended, also if it failed
    #[arg(long, value_name = "GUEST_PATH[:HOST_PATH]", value_parser = collected)]
    collect: Vec<Collect>,

    /// Write a picture of the screen into this file when the command has ended
    #[arg(long, value_name = "FILE")]
    screenshot: Option<PathBuf>,
}

impl Run {
    /// Says what the arguments ask for, the password having been read.
    pub(super) fn wanted(
        &self,
        given: &Given,
        password: Option<Secret>,
    ) -> Result<RunRequest, Error> {
        let exec = self.wish.exec(self.target.vm(given)?, given, password)?;
        let from = self.from.as_ref().map(|name| name.parse()).transpose()?;
        let (collect, screenshot) = (self.collect.clone(), self.screenshot.clone());
        Ok(RunRequest { exec, from, collect, screenshot })
    }

    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let app = shell.app().map_err(|error| could_not_run(error.into()))?;
        self.perform(&app).map_err(could_not_run)
    }

    fn perform(&self, app: &App) -> Outcome {
        self.wish.check_stdin()?;
        let mut wanted = self.wanted(&app.given(), self.wish.login.read(app)?)?;
        let lent = self.wish.streams.lend(app, &mut wanted.exec);
        conclude(app, ask(app, Request::Run(Box::new(wanted)), lent))
    }
}
