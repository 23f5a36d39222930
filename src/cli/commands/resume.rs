use clap::Args;

use super::several::OnEach;
use crate::cli::target::Given;
use crate::cli::targets::Targets;
use crate::error::Error;
use crate::model::VmRef;
use crate::request::Request;

/// Let a paused VM go on
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli resume --name my-first-vm
  vm-cli resume web --dry-run
  vm-cli resume --all --state paused")]
pub(crate) struct Resume {
    #[command(flatten)]
    targets: Targets,
}

impl OnEach for Resume {
    fn targets(&self, _given: &Given) -> Result<Targets, Error> {
        Ok(self.targets.clone())
    }

    fn request(&self, vm: VmRef, _given: &Given) -> Result<Request, Error> {
        Ok(Request::Resume(vm))
    }
}
