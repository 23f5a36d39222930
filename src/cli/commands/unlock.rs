use clap::Args;

use crate::cli::target::{Given, Target};
use crate::error::Error;
use crate::request::{Request, UnlockMode};

/// Explain what holds a VM, and free it
///
/// It tells which vm-cli works on the VM, and whether a process of the hypervisor holds it and
/// still answers. With --force one that hangs is ended.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli unlock --name my-first-vm
  vm-cli unlock web --json
  vm-cli unlock web --force")]
pub(crate) struct Unlock {
    #[command(flatten)]
    target: Target,

    /// End a process of the hypervisor that hangs; what its guest had not written is lost
    #[arg(short, long)]
    force: bool,
}

impl Unlock {
    /// Says what the arguments ask for.
    pub(super) fn request(&self, given: &Given) -> Result<Request, Error> {
        let mode = if self.force { UnlockMode::EmergencyStop } else { UnlockMode::Explain };
        Ok(Request::Unlock { vm: self.target.vm(given)?, mode })
    }
}
