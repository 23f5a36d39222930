use clap::Args;

use super::pointing::{Pointing, positions};
use super::words::leading_vm;
use crate::cli::target::Given;
use crate::error::Error;
use crate::request::{Gesture, Request};

/// Move a VM's pointer to a place
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli move my-first-vm 640 380
  vm-cli move --name my-first-vm 500 500 --space 1000")]
pub(crate) struct Move {
    /// Name the VM, then the place
    #[arg(value_name = "NAME X Y", allow_negative_numbers = true)]
    words: Vec<String>,

    #[command(flatten)]
    pointing: Pointing,
}

impl Move {
    pub(super) fn request(&self, given: &Given) -> Result<Request, Error> {
        let (vm, words) = leading_vm(&self.words, self.pointing.name.as_deref(), given)?;
        let [at] = positions(words, "vm-cli move NAME 640 380")?;
        self.pointing.request(vm, Gesture::Move(at))
    }
}
