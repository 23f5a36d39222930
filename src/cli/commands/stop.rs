use std::time::Duration;

use clap::Args;

use super::several::OnEach;
use crate::cli::target::Given;
use crate::cli::targets::Targets;
use crate::cli::values::duration;
use crate::error::Error;
use crate::model::{StopMode, VmRef};
use crate::request::{Request, StopRequest, WhenLate};

/// Stop a VM
///
/// Its power button is pressed, and the guest goes off by itself. A VM that is off is left alone,
/// which is no failure.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli stop --name my-first-vm
  vm-cli stop --name my-first-vm --force
  vm-cli stop web --force-after 60s
  vm-cli stop web --save
  vm-cli stop --all --state running --force-after 60s")]
pub(crate) struct Stop {
    #[command(flatten)]
    targets: Targets,

    /// Power it off without asking its guest
    #[arg(short, long, conflicts_with_all = ["save", "timeout", "force_after"])]
    force: bool,

    /// Save its memory to disk, and go on from there at the next start
    #[arg(long, conflicts_with_all = ["timeout", "force_after"])]
    save: bool,

    /// Give the guest this long, then fail
    #[arg(long, value_name = "TIME", value_parser = duration, allow_hyphen_values = true)]
    timeout: Option<Duration>,

    /// Give the guest this long, then power it off
    #[arg(long, value_name = "TIME", conflicts_with = "timeout", value_parser = duration, allow_hyphen_values = true)]
    force_after: Option<Duration>,
}

impl OnEach for Stop {
    fn targets(&self, _given: &Given) -> Result<Targets, Error> {
        Ok(self.targets.clone())
    }

    fn request(&self, vm: VmRef, given: &Given) -> Result<Request, Error> {
        let mode = match (self.force, self.save) {
            (true, _) => StopMode::PowerOff,
            (false, true) => StopMode::Save,
            (false, false) => StopMode::Acpi,
        };
        let then = if self.force_after.is_some() { WhenLate::PowerOff } else { WhenLate::Fail };
        let timeout = self.force_after.or(self.timeout).unwrap_or(given.timeouts.stop);
        Ok(Request::Stop(StopRequest { vm, mode, timeout, then }))
    }
}
