use std::time::Duration;

use clap::Args;

use crate::cli::target::{Given, Pair};
use crate::cli::values::duration;
use crate::error::Error;
use crate::request::Request;

/// Wait until a VM is ready
///
/// The conditions: running, poweroff (or saved), ip (the guest reported an address), ssh (the
/// guest's SSH server shows its banner), additions (the Guest Additions' services are up).
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli wait my-first-vm ssh
  vm-cli wait --name my-first-vm poweroff --timeout 10m")]
pub(crate) struct Wait {
    /// Name the VM
    #[arg(value_name = "NAME")]
    first: Option<String>,

    /// Name what to wait for: running, poweroff, ip, ssh or additions
    #[arg(value_name = "CONDITION")]
    second: Option<String>,

    /// Name the VM, as NAME does
    #[arg(long, alias = "vm", value_name = "NAME", allow_hyphen_values = true)]
    name: Option<String>,

    /// Name what to wait for, as CONDITION does
    #[arg(long = "for", value_name = "CONDITION")]
    condition: Option<String>,

    /// Wait this long at most
    #[arg(long, value_name = "TIME", value_parser = duration, allow_hyphen_values = true)]
    timeout: Option<Duration>,
}

impl Wait {
    /// Says what the arguments ask for.
    pub(super) fn request(&self, given: &Given) -> Result<Request, Error> {
        let pair = Pair {
            words: [self.first.as_ref(), self.second.as_ref()],
            name: self.name.as_ref(),
            other: self.condition.as_ref(),
            what: "condition",
            missing: "say what to wait for: `running`, `poweroff`, `ip`, `ssh` or `additions`",
        };
        let (vm, condition) = pair.settle(given)?;
        let timeout = self.timeout.unwrap_or(given.timeouts.wait);
        Ok(Request::Wait { vm, condition: condition.parse()?, timeout })
    }
}
