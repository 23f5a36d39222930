use std::time::Duration;

use clap::Args;

use crate::cli::target::{Given, Target};
use crate::cli::values::duration;
use crate::error::Error;
use crate::request::Request;

/// Stop a VM by its power button and start it again
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli restart --name my-first-vm
  vm-cli restart web --timeout 3m")]
pub(crate) struct Restart {
    #[command(flatten)]
    target: Target,

    /// Give the guest this long to go off, then fail
    #[arg(long, value_name = "TIME", value_parser = duration, allow_hyphen_values = true)]
    timeout: Option<Duration>,
}

impl Restart {
    /// Says what the arguments ask for.
    pub(super) fn request(&self, given: &Given) -> Result<Request, Error> {
        let timeout = self.timeout.unwrap_or(given.timeouts.stop);
        Ok(Request::Restart { vm: self.target.vm(given)?, timeout })
    }
}
