use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::login::LoginWish;
use super::several::{conclude, stdin_text};
use super::simple::show;
use crate::cli::labelled::Labelled;
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::session::streaming;
use crate::cli::shell::{App, Shell};
use crate::cli::sink::{Keeping, KeepingAll};
use crate::cli::target::Given;
use crate::cli::targets::{Aim, Targets};
use crate::cli::usage;
use crate::cli::values::duration;
use crate::error::{Error, ErrorKind};
use crate::model::VmRef;
use crate::orchestrator::BatchOutput;
use crate::report::Document;
use crate::request::{ExecRequest, Request, Response, Secret, Selection};

/// Run a command in a guest
///
/// It runs over SSH. Its output is handed on as it comes (with --json it is part of the document),
/// and its exit code is ours; 255 means that it could not be run. Words after `--` are joined by
/// spaces, as ssh does. A password on the command line can be seen by who lists this host's
/// processes: a file, standard input, VM_CLI_PASSWORD or a key keep it from them.
///
/// In several VMs every line has its VM's name before it, the VMs come in order, and the exit code
/// is 0, or 8 if the command failed or could not be run in one of them.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli exec --name my-first-vm --command \"dir\" --username admin --password password
  vm-cli exec my-first-vm --user admin --password-file secret.txt -- ls -l /tmp
  vm-cli exec my-first-vm --user admin --identity id_ed25519 --timeout 5m -- make test
  vm-cli exec 'test-*' --user admin --identity id_ed25519 -- uname -a")]
pub(crate) struct Exec {
    #[command(flatten)]
    targets: Targets,

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
}

/// The exit code that says that the guest's command did not run.
const NOT_RUN: u8 = 255;

impl Exec {
    /// Says what the arguments ask for, the password having been read.
    pub(super) fn request(
        &self,
        vm: VmRef,
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
        Ok(Request::Exec(Box::new(ExecRequest {
            vm,
            command,
            credentials: self.login.credentials(password),
            reach_within: self.reach_within.unwrap_or(given.timeouts.wait),
            timeout: self.timeout,
        })))
    }

    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let app = shell.app().map_err(|error| could_not_run(error.into()))?;
        if self.login.password_stdin && self.targets.reads_stdin() {
            return Err(usage("names and the password cannot both come on standard input")
                .hint("use `--password-file`")
                .into());
        }
        match self.targets.aim(&app.given(), stdin_text)? {
            Aim::One(vm) => self.perform(&app, vm).map_err(could_not_run),
            Aim::Several(selection) => self.perform_in_each(&app, &selection),
        }
    }

    fn perform_in_each(&self, app: &App, selection: &Selection) -> Outcome {
        let (given, password) = (app.given(), self.login.read(app)?);
        let pace = self.targets.several.pace.pace();
        let kept = Arc::new(KeepingAll::default());
        let output: Arc<dyn BatchOutput> = if app.shell.is_structured() {
            kept.clone()
        } else {
            Arc::new(Labelled::new(Arc::clone(&app.shell.console)))
        };
        let ended = app.session(&app.paced(pace), async |session| {
            let vms = session.select(selection).await?;
            let request = |vm| self.request(vm, &given, password.clone());
            let requests = vms.into_iter().map(request).collect::<Result<_, _>>()?;
            Ok(session.ask_all(requests, pace, output).await)
        });
        let count = ended.result.as_ref().map_or(0, |batch| batch.outcomes.len());
        conclude(app, ended, &kept.take(count))
    }

    fn perform(&self, app: &App, vm: VmRef) -> Outcome {
        let request = self.request(vm, &app.given(), self.login.read(app)?)?;
        let kept = Arc::new(Keeping::default());
        let structured = app.shell.is_structured();
        let ended = app.session(&app.loaded.settings, async |session| {
            if structured {
                session.ask_into(request, kept.clone()).await
            } else {
                session.ask_into(request, streaming(app)).await
            }
        });
        match ended.outcome()? {
            Response::Executed { vm, exit_code, took } => {
                if structured {
                    let document = Document::executed(&vm, exit_code, took, &kept.take());
                    app.shell.show(&document)?;
                }
                Ok(passed_through(exit_code))
            }
            other @ (Response::Changed(_)
            | Response::Created(_)
            | Response::List(_)
            | Response::Status(_)
            | Response::Snapshots { .. }
            | Response::Copied { .. }
            | Response::Forwards { .. }
            | Response::Forwarded(_)
            | Response::Screen(_)
            | Response::Ran(_)
            | Response::Display(_)
            | Response::Pointed(_)
            | Response::Held(_)
            | Response::Recovered(_)
            | Response::Checked(_)
            | Response::SystemStatus(_)
            | Response::Rehearsed(_)) => Ok(show(app, &other)?),
        }
    }
}

/// Our failures must not be taken for the guest's exit codes; usage and signals stay what they are.
pub(super) fn could_not_run(failure: Failure) -> Failure {
    let ours = [ErrorKind::Usage, ErrorKind::Config, ErrorKind::Canceled];
    if ours.contains(&failure.error.kind()) {
        return failure;
    }
    Failure { exit_code: NOT_RUN, ..failure }
}

/// Fits a guest's exit code into ours: the low byte, but never 0 for a failure.
pub(super) fn passed_through(exit_code: i32) -> u8 {
    let [low, ..] = exit_code.to_le_bytes();
    if low == 0 && exit_code != 0 { 1 } else { low }
}

#[cfg(test)]
mod tests {
    use super::passed_through;

    #[test]
    fn a_failure_in_the_guest_is_never_a_success_here() {
        assert_eq!(passed_through(0), 0);
        assert_eq!(passed_through(3), 3);
        assert_eq!(passed_through(256), 1);
        assert_eq!(passed_through(-1), 255);
    }
}
