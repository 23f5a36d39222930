use std::io;
use std::time::Duration;

use clap::Args;

use super::guest_command::{ask, conclude, could_not_run};
use super::guest_streams::lend;
use super::login::LoginWish;
use crate::cli::outcome::Outcome;
use crate::cli::shell::{App, Shell};
use crate::cli::target::{Given, Target};
use crate::cli::terminal::Stream;
use crate::cli::usage;
use crate::cli::values::duration;
use crate::error::Error;
use crate::request::{ExecRequest, Input, InputStream, Program, Request, Secret};

/// Open a shell in a guest
///
/// It runs over SSH, at our terminal if we run at one; else it reads commands from our standard
/// input. Its exit code is ours; 255 means that it could not be opened. A session whose guest hangs
/// is left by Enter, `~` and `.`, as in ssh.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli shell my-first-vm --user admin --password-file secret.txt
  vm-cli shell my-first-vm --identity id_ed25519
  cat commands.txt | vm-cli shell my-first-vm --user admin --identity id_ed25519")]
pub(crate) struct OpenShell {
    #[command(flatten)]
    target: Target,

    #[command(flatten)]
    login: LoginWish,

    /// Wait this long until the guest can be reached
    #[arg(long, value_name = "TIME", value_parser = duration, allow_hyphen_values = true)]
    reach_within: Option<Duration>,
}

impl OpenShell {
    /// Says what the arguments ask for, the password having been read.
    pub(super) fn request(
        &self,
        given: &Given,
        password: Option<Secret>,
    ) -> Result<ExecRequest, Error> {
        let reach_within = self.reach_within.unwrap_or(given.timeouts.wait);
        Ok(ExecRequest {
            program: Program::LoginShell,
            credentials: self.login.credentials(password),
            ..ExecRequest::new(self.target.vm(given)?, "", reach_within)
        })
    }

    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let app = shell.app().map_err(|error| could_not_run(error.into()))?;
        self.perform(&app).map_err(could_not_run)
    }

    fn perform(&self, app: &App) -> Outcome {
        if self.login.password_stdin {
            return Err(usage("standard input is the shell's")
                .hint("use `--password-file`")
                .into());
        }
        let mut request = self.request(&app.given(), self.login.read(app)?)?;
        let lent = match app.shell.terminal.stdin {
            Stream::Terminal if !app.shell.is_structured() => Some(lend(app, &mut request)),
            Stream::Terminal | Stream::Elsewhere => {
                request.input = Input::Stream(InputStream::new(io::stdin()));
                None
            }
        };
        conclude(app, ask(app, Request::Exec(Box::new(request)), lent))
    }
}
