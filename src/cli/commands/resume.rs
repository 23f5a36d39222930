use clap::Args;

use crate::cli::target::{Given, Target};
use crate::error::Error;
use crate::request::Request;

/// Let a paused VM go on
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli resume --name my-first-vm
  vm-cli resume web --dry-run")]
pub(crate) struct Resume {
    #[command(flatten)]
    target: Target,
}

impl Resume {
    /// Says what the arguments ask for.
    pub(super) fn request(&self, given: &Given) -> Result<Request, Error> {
        Ok(Request::Resume(self.target.vm(given)?))
    }
}
