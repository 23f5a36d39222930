use clap::Args;

use super::pointing::{Pointing, Which, positions};
use super::words::leading_vm;
use crate::cli::target::Given;
use crate::error::Error;
use crate::request::{Gesture, Request};

/// Drag from one place of a VM's screen to another
///
/// The button goes down at the first place and up at the second. It is let go even if it fails in
/// the middle.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli drag my-first-vm 300 160 500 300
  vm-cli drag --name my-first-vm 300 160 500 300 --right")]
pub(crate) struct Drag {
    /// Name the VM, then both places
    #[arg(value_name = "NAME X1 Y1 X2 Y2", allow_negative_numbers = true)]
    words: Vec<String>,

    #[command(flatten)]
    pointing: Pointing,

    #[command(flatten)]
    which: Which,
}

impl Drag {
    pub(super) fn request(&self, given: &Given) -> Result<Request, Error> {
        let (vm, words) = leading_vm(&self.words, self.pointing.name.as_deref(), given)?;
        let [from, to] = positions(words, "vm-cli drag NAME 300 160 500 300")?;
        let drag = Gesture::Drag { from, to, button: self.which.button() };
        self.pointing.request(vm, drag)
    }
}
