//! A command for a guest: what is run there, by whom, and for how long.

use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::guest_streams::StreamsWish;
use super::login::LoginWish;
use super::simple::show;
use crate::cli::lent_terminal::LentTerminal;
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::session::{Ended, streaming};
use crate::cli::shell::App;
use crate::cli::sink::Keeping;
use crate::cli::target::Given;
use crate::cli::usage;
use crate::cli::values::{duration, via};
use crate::error::{Error, ErrorKind};
use crate::guest::OutputSink;
use crate::model::VmRef;
use crate::report::{Captured, Document};
use crate::request::{ExecRequest, GuestShell, Place, Request, Response, Secret, Via};

/// What is run in a guest.
#[derive(Debug, Args)]
pub(super) struct CommandWish {
    /// Run this command line
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    command: Option<String>,

    /// Run this command line, word by word
    #[arg(last = true, value_name = "WORD", conflicts_with = "command")]
    command_words: Vec<String>,

    #[command(flatten)]
    pub(super) login: LoginWish,

    /// Set a variable in the command's environment
    #[arg(long = "env", value_name = "KEY=VALUE", allow_hyphen_values = true)]
    environment: Vec<String>,

    /// Run it in this folder of the guest [default: the user's own]
    #[arg(long, value_name = "FOLDER")]
    cwd: Option<String>,

    #[command(flatten)]
    pub(super) streams: StreamsWish,

    /// Which shell of a Windows guest reads the command line; `none` sends it as it is
    #[arg(long, value_name = "SHELL")]
    shell: Option<ShellWish>,

    /// Show it on the desktop of the user who is logged in at the screen (Windows guests)
    #[arg(long)]
    desktop: bool,

    /// Reach the guest on this way: ssh, additions or auto
    #[arg(long, value_name = "WAY", value_parser = via, default_value = "ssh", hide_default_value = true)]
    via: Via,

    /// Let the command run this long at most
    #[arg(long, value_name = "TIME", value_parser = duration, allow_hyphen_values = true)]
    timeout: Option<Duration>,

    /// Wait this long until the guest can be reached
    #[arg(long, value_name = "TIME", value_parser = duration, allow_hyphen_values = true)]
    reach_within: Option<Duration>,
}

/// A shell by its name on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ShellWish {
    Powershell,
    Cmd,
    None,
}

impl ShellWish {
    fn shell(self) -> GuestShell {
        match self {
            Self::Powershell => GuestShell::PowerShell,
            Self::Cmd => GuestShell::Cmd,
            Self::None => GuestShell::AsIs,
        }
    }
}

impl CommandWish {
    /// Makes sure that standard input is wanted for one thing alone.
    pub(super) fn check_stdin(&self) -> Result<(), Error> {
        if self.streams.takes_stdin() && self.login.password_stdin {
            return Err(two_of_stdin("the command's input", "the password"));
        }
        Ok(())
    }

    /// Makes sure that standard input is not wanted for anything that stands here.
    pub(super) fn leave_stdin_to(&self, other: &str) -> Result<(), Error> {
        match (self.login.password_stdin, self.streams.takes_stdin()) {
            (true, _) => Err(two_of_stdin(other, "the password")),
            (false, true) => Err(two_of_stdin(other, "the command's input")),
            (false, false) => Ok(()),
        }
    }

    /// Says what the arguments ask for, the password having been read.
    pub(super) fn exec(
        &self,
        vm: VmRef,
        given: &Given,
        password: Option<Secret>,
    ) -> Result<ExecRequest, Error> {
        let command = match &self.command {
            Some(command) => command.clone(),
            None => self.command_words.join(" "),
        };
        if command.trim().is_empty() {
            return Err(usage("no command is said").hint("add `--command \"dir\"`, or `-- dir`"));
        }
        let reach_within = self.reach_within.unwrap_or(given.timeouts.wait);
        // Read here: what clap refuses, it shows.
        let environment = self.environment.iter().map(|it| it.parse()).collect::<Result<_, _>>()?;
        Ok(ExecRequest {
            credentials: self.login.credentials(password),
            environment,
            folder: self.cwd.clone(),
            input: self.streams.input(),
            shell: self.shell.map_or(GuestShell::Users, ShellWish::shell),
            place: if self.desktop { Place::Desktop } else { Place::Session },
            via: self.via,
            timeout: self.timeout,
            ..ExecRequest::new(vm, command, reach_within)
        })
    }
}

fn two_of_stdin(one: &str, other: &str) -> Error {
    usage(format!("{one} and {other} cannot both come on standard input"))
        .hint("use `--password-file`, or `--stdin FILE`")
}

/// Asks for a command in one guest. What it prints is handed on as it comes, or kept if it is to be
/// a part of a document.
pub(super) fn ask(
    app: &App,
    request: Request,
    lent: Option<LentTerminal>,
) -> (Ended<Response>, Captured) {
    let kept = Arc::new(Keeping::default());
    let structured = app.shell.is_structured();
    let ended = app.session(&app.loaded.settings, async |session| {
        let sink: Arc<dyn OutputSink> = if structured { kept.clone() } else { streaming(app) };
        let asked = session.ask_into(request, sink);
        match &lent {
            None => asked.await,
            Some(lent) => tokio::select! {
                answer = asked => answer,
                never = lent.follow() => match never {},
            },
        }
    });
    drop(lent);
    (ended, kept.take())
}

/// Shows what came of a command in one guest: its exit code is ours.
pub(super) fn conclude(app: &App, (ended, kept): (Ended<Response>, Captured)) -> Outcome {
    let response = ended.outcome()?;
    let (document, exit_code) = if let Response::Executed { vm, exit_code, via, took } = &response {
        (Document::executed(vm, *exit_code, *via, *took, &kept), *exit_code)
    } else if let Response::Ran(ran) = &response {
        (Document::ran(ran, &kept), ran.exit_code)
    } else {
        return Ok(show(app, &response)?);
    };
    if app.shell.is_structured() {
        app.shell.show(&document)?;
    }
    Ok(passed_through(exit_code))
}

/// The exit code that says that the guest's command did not run.
const NOT_RUN: u8 = 255;

/// Our failures must not be taken for the guest's exit codes; usage and signals stay what they are.
pub(super) fn could_not_run(failure: Failure) -> Failure {
    let ours = [ErrorKind::Usage, ErrorKind::Config, ErrorKind::Canceled];
    if ours.contains(&failure.error.kind()) {
        return failure;
    }
    Failure { exit_code: NOT_RUN, ..failure }
}

/// Fits a guest's exit code into ours: the low byte, but never 0 for a failure.
fn passed_through(exit_code: i32) -> u8 {
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
