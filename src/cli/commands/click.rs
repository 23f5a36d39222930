use clap::Args;

use super::pointing::{Pointing, Which, positions};
use super::words::leading_vm;
use crate::cli::target::Given;
use crate::error::Error;
use crate::request::{Clicks, Gesture, Request};

/// Click at a place of a VM's screen
///
/// X and Y are pixels of the screenshot, counted from 0 at the top left. It tells whether the
/// screen changed. The guest must follow the pointer to a place: VMs that vm-cli made do once they
/// have booted.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli click my-first-vm 640 380
  vm-cli click my-first-vm 44 60 --double
  vm-cli click --name my-first-vm 640 380 --right
  vm-cli click my-first-vm 500 500 --space 1000 --settle 2s")]
pub(crate) struct Click {
    /// Name the VM, then the place
    #[arg(value_name = "NAME X Y", allow_negative_numbers = true)]
    words: Vec<String>,

    #[command(flatten)]
    pointing: Pointing,

    #[command(flatten)]
    which: Which,

    /// Click twice
    #[arg(long)]
    double: bool,
}

impl Click {
    pub(super) fn request(&self, given: &Given) -> Result<Request, Error> {
        let (vm, words) = leading_vm(&self.words, self.pointing.name.as_deref(), given)?;
        let [at] = positions(words, "vm-cli click NAME 640 380")?;
        let times = if self.double { Clicks::Double } else { Clicks::Single };
        let click = Gesture::Click { at, button: self.which.button(), times };
        Ok(self.pointing.request(vm, click))
    }
}
