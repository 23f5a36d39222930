use std::time::Duration;

use clap::Args;

use super::several::OnEach;
use crate::cli::target::Given;
use crate::cli::targets::{Party, Several, Targets};
use crate::cli::values::duration;
use crate::error::Error;
use crate::model::VmRef;
use crate::request::Request;

/// Wait until a VM is ready
///
/// The conditions: running, poweroff (or saved), ip (the guest reported an address), ssh (the
/// guest's SSH server shows its banner), additions (the Guest Additions' services are up).
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli wait my-first-vm ssh
  vm-cli wait --name my-first-vm poweroff --timeout 10m
  vm-cli wait 'test-*' ssh")]
pub(crate) struct Wait {
    /// Name VMs, then what to wait for: running, poweroff, ip, ssh or additions
    #[arg(value_name = "NAME CONDITION")]
    words: Vec<String>,

    /// Name a VM, as NAME does
    #[arg(long = "name", alias = "vm", value_name = "NAME", allow_hyphen_values = true)]
    names: Vec<String>,

    #[command(flatten)]
    several: Several,

    /// Name what to wait for, as CONDITION does
    #[arg(long = "for", value_name = "CONDITION")]
    condition: Option<String>,

    /// Wait this long at most
    #[arg(long, value_name = "TIME", value_parser = duration, allow_hyphen_values = true)]
    timeout: Option<Duration>,
}

impl Wait {
    /// Finds the VMs and the condition.
    fn settle(&self, given: &Given) -> Result<(Targets, String), Error> {
        let targets = Targets {
            words: self.words.clone(),
            flags: self.names.clone(),
            several: self.several.clone(),
        };
        Party {
            targets: &targets,
            other: self.condition.as_ref(),
            what: "condition",
            missing: "say what to wait for: `running`, `poweroff`, `ip`, `ssh` or `additions`",
        }
        .settle(given)
    }
}

impl OnEach for Wait {
    fn targets(&self, given: &Given) -> Result<Targets, Error> {
        Ok(self.settle(given)?.0)
    }

    fn request(&self, vm: VmRef, given: &Given) -> Result<Request, Error> {
        let (_, condition) = self.settle(given)?;
        let timeout = self.timeout.unwrap_or(given.timeouts.wait);
        Ok(Request::Wait { vm, condition: condition.parse()?, timeout })
    }
}
