use clap::Args;

use super::several::OnEach;
use crate::cli::target::Given;
use crate::cli::targets::Targets;
use crate::error::Error;
use crate::model::VmRef;
use crate::request::Request;

/// Pause a VM
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli pause --name my-first-vm
  vm-cli pause web --dry-run
  vm-cli pause --all --state running")]
pub(crate) struct Pause {
    #[command(flatten)]
    targets: Targets,
}

impl OnEach for Pause {
    fn targets(&self, _given: &Given) -> Result<Targets, Error> {
        Ok(self.targets.clone())
    }

    fn request(&self, vm: VmRef, _given: &Given) -> Result<Request, Error> {
        Ok(Request::Pause(vm))
    }
}
