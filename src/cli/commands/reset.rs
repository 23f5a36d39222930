use clap::Args;

use super::several::OnEach;
use crate::cli::target::Given;
use crate::cli::targets::Targets;
use crate::error::Error;
use crate::model::VmRef;
use crate::request::Request;

/// Reset a VM without asking its guest
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli reset --name my-first-vm
  vm-cli reset web --dry-run
  vm-cli reset --group /lab")]
pub(crate) struct Reset {
    #[command(flatten)]
    targets: Targets,
}

impl OnEach for Reset {
    fn targets(&self, _given: &Given) -> Result<Targets, Error> {
        Ok(self.targets.clone())
    }

    fn request(&self, vm: VmRef, _given: &Given) -> Result<Request, Error> {
        Ok(Request::Reset(vm))
    }
}
