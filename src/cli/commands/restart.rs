use std::time::Duration;

use clap::Args;

use super::several::OnEach;
use crate::cli::target::Given;
use crate::cli::targets::Targets;
use crate::cli::values::duration;
use crate::error::Error;
use crate::model::VmRef;
use crate::request::Request;

/// Stop a VM by its power button and start it again
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli restart --name my-first-vm
  vm-cli restart web --timeout 3m
  vm-cli restart web db")]
pub(crate) struct Restart {
    #[command(flatten)]
    targets: Targets,

    /// Give the guest this long to go off, then fail
    #[arg(long, value_name = "TIME", value_parser = duration, allow_hyphen_values = true)]
    timeout: Option<Duration>,
}

impl OnEach for Restart {
    fn targets(&self, _given: &Given) -> Result<Targets, Error> {
        Ok(self.targets.clone())
    }

    fn request(&self, vm: VmRef, given: &Given) -> Result<Request, Error> {
        let timeout = self.timeout.unwrap_or(given.timeouts.stop);
        Ok(Request::Restart { vm, timeout })
    }
}
