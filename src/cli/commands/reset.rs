use clap::Args;

use crate::cli::target::{Given, Target};
use crate::error::Error;
use crate::request::Request;

/// Reset a VM without asking its guest
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli reset --name my-first-vm
  vm-cli reset web --dry-run")]
pub(crate) struct Reset {
    #[command(flatten)]
    target: Target,
}

impl Reset {
    /// Says what the arguments ask for.
    pub(super) fn request(&self, given: &Given) -> Result<Request, Error> {
        Ok(Request::Reset(self.target.vm(given)?))
    }
}
