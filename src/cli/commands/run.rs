use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::exec::{could_not_run, passed_through};
use super::login::LoginWish;
use super::simple::show;
use crate::cli::outcome::Outcome;
use crate::cli::session::streaming;
use crate::cli::shell::{App, Shell};
use crate::cli::sink::Keeping;
use crate::cli::target::{Given, Target};
use crate::cli::usage;
use crate::cli::values::duration;
use crate::error::Error;
use crate::report::Document;
use crate::request::{ExecRequest, Request, Response, RunRequest, Secret};

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

    /// Run this command line
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    command: Option<String>,

    /// Run this command line, word by word
    #[arg(last = true, value_name = "WORD", conflicts_with = "command")]
    command_words: Vec<String>,

    #[command(flatten)]
    login: LoginWish,

    /// Let the command run this long at most
    #[arg(long, value_name = "TIME", value_parser = duration, allow_hyphen_values = true)]
    timeout: Option<Duration>,

    /// Wait this long until the guest can be reached
    #[arg(long, value_name = "TIME", value_parser = duration, allow_hyphen_values = true)]
    reach_within: Option<Duration>,

    /// Write a picture of the screen into this file when the command has ended
    #[arg(long, value_name = "FILE")]
    screenshot: Option<PathBuf>,
}

impl Run {
    /// Says what the arguments ask for, the password having been read.
    pub(super) fn request(
        &self,
        given: &Given,
        password: Option<Secret>,
    ) -> Result<Request, Error> {
        let command = match &self.command {
            Some(command) => command.clone(),
            None => self.command_words.join(" "),
        };
        if command.trim().is_empty() {
            return Err(usage("no command is said").hint("add `--command \"dir\"`, or `-- dir`"));
        }
        let exec = ExecRequest {
            vm: self.target.vm(given)?,
            command,
            credentials: self.login.credentials(password),
            reach_within: self.reach_within.unwrap_or(given.timeouts.wait),
            timeout: self.timeout,
        };
        let from = self.from.as_ref().map(|name| name.parse()).transpose()?;
        Ok(Request::Run(Box::new(RunRequest { exec, from, screenshot: self.screenshot.clone() })))
    }

    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let app = shell.app().map_err(|error| could_not_run(error.into()))?;
        self.perform(&app).map_err(could_not_run)
    }

    fn perform(&self, app: &App) -> Outcome {
        let request = self.request(&app.given(), self.login.read(app)?)?;
        let kept = Arc::new(Keeping::default());
        let structured = app.shell.is_structured();
        let ended = app.session(&app.loaded.settings, async |session| {
            if structured {
                session.ask_into(request, kept.clone()).await
            } else {
                session.ask_into(request, streaming(app)).await
            }
        });
        let response = ended.outcome()?;
        let Response::Ran(ran) = &response else { return Ok(show(app, &response)?) };
        if structured {
            app.shell.show(&Document::ran(ran, &kept.take()))?;
        }
        Ok(passed_through(ran.exit_code))
    }
}
