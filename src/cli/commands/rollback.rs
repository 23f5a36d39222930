use clap::Args;

use super::start::display;
use super::words::leading_vm;
use crate::cli::target::Given;
use crate::cli::usage;
use crate::error::Error;
use crate::request::{Request, SnapshotAction};

/// Put a VM back to a snapshot and start it
///
/// Without a name it is the snapshot on which the VM stands: the last one that was taken or
/// restored. The VM is powered off first if it runs; what it did since is lost. A snapshot of a
/// running VM goes on where it was taken, another one boots.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli rollback my-first-vm
  vm-cli rollback my-first-vm clean-state
  vm-cli rollback --name my-first-vm --gui")]
pub(crate) struct Rollback {
    /// Name the VM, then the snapshot
    #[arg(value_name = "NAME SNAPSHOT")]
    words: Vec<String>,

    /// Name the VM, as NAME does
    #[arg(long = "name", alias = "vm", value_name = "NAME", allow_hyphen_values = true)]
    name: Option<String>,

    /// Name the snapshot, as SNAPSHOT does
    #[arg(long, alias = "snapshot", value_name = "SNAPSHOT", allow_hyphen_values = true)]
    snapshot_name: Option<String>,

    /// Show its screen in a window
    #[arg(long)]
    gui: bool,
}

impl Rollback {
    pub(super) fn request(&self, given: &Given) -> Result<Request, Error> {
        let (vm, words) = leading_vm(&self.words, self.name.as_deref(), given)?;
        let snapshot = match (words, &self.snapshot_name) {
            ([], flag) => flag.as_ref(),
            ([word], None) => Some(word),
            ([..], _) => {
                return Err(usage("more than one snapshot is named").hint("name one"));
            }
        };
        let snapshot = snapshot.map(|name| name.parse()).transpose()?;
        let action = SnapshotAction::Rollback { snapshot, display: display(self.gui) };
        Ok(Request::Snapshot { vm, action })
    }
}
