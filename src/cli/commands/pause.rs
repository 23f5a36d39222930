use clap::Args;

use crate::cli::target::{Given, Target};
use crate::error::Error;
use crate::request::Request;

/// Pause a VM
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli pause --name my-first-vm
  vm-cli pause web --dry-run")]
pub(crate) struct Pause {
    #[command(flatten)]
    target: Target,
}

impl Pause {
    /// Says what the arguments ask for.
    pub(super) fn request(&self, given: &Given) -> Result<Request, Error> {
        Ok(Request::Pause(self.target.vm(given)?))
    }
}
