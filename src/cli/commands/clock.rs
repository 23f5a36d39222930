use std::time::Duration;

use clap::Args;

use super::login::LoginWish;
use super::simple::{one, show};
use crate::cli::outcome::Outcome;
use crate::cli::shell::Shell;
use crate::cli::target::{Given, Target};
use crate::cli::values::duration;
use crate::error::Error;
use crate::request::{ClockRepair, ClockRequest, Request, Secret};

/// Tell how far a guest's clock is off, or set it right
///
/// A guest that comes back with a snapshot goes on with the time of that snapshot, until its own
/// time service notices. Its clock is asked over SSH. To set it the user must be root, be in sudoers
/// without a password, or be an administrator of Windows.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli clock my-first-vm --username admin --password-file secret.txt
  vm-cli clock my-first-vm --username root --identity id_ed25519 --repair
  vm-cli clock --name my-first-vm --json")]
pub(crate) struct Clock {
    #[command(flatten)]
    target: Target,

    /// Set it to this host's time
    #[arg(long)]
    repair: bool,

    #[command(flatten)]
    login: LoginWish,

    /// Wait this long until the guest can be reached
    #[arg(long, value_name = "TIME", value_parser = duration, allow_hyphen_values = true)]
    reach_within: Option<Duration>,
}

impl Clock {
    /// Says what the arguments ask for, the password having been read.
    pub(super) fn request(
        &self,
        given: &Given,
        password: Option<Secret>,
    ) -> Result<Request, Error> {
        Ok(Request::Clock(Box::new(ClockRequest {
            vm: self.target.vm(given)?,
            credentials: self.login.credentials(password),
            repair: if self.repair { ClockRepair::Set } else { ClockRepair::Tell },
            reach_within: self.reach_within.unwrap_or(given.timeouts.wait),
        })))
    }

    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        let request = self.request(&app.given(), self.login.read(&app)?)?;
        let response = one(&app, request).outcome()?;
        Ok(show(&app, &response)?)
    }
}
