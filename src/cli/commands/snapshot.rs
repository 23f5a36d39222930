use clap::{Args, Subcommand};

use super::start::display;
use crate::cli::target::{Given, Pair, Target};
use crate::cli::usage;
use crate::error::Error;
use crate::model::{SnapshotName, VmRef};
use crate::request::{IfLive, Request, SnapshotAction};

/// Take, list, restore and delete snapshots
///
/// Without a command of its own, `--snapshot-name` takes one.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli snapshot --name my-first-vm --snapshot-name \"clean-state\"
  vm-cli snapshot take my-first-vm clean-state
  vm-cli snapshot list my-first-vm
  vm-cli snapshot restore my-first-vm clean-state --force --start
  vm-cli snapshot delete my-first-vm clean-state")]
#[command(subcommand_precedence_over_arg = true)]
#[expect(clippy::struct_field_names, reason = "the flags are called so")]
pub(crate) struct Snapshot {
    #[command(flatten)]
    target: Target,

    /// Name the snapshot to take
    #[arg(long, alias = "snapshot", value_name = "SNAPSHOT", allow_hyphen_values = true)]
    snapshot_name: Option<String>,

    /// Describe the snapshot to take
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    description: Option<String>,

    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Take a snapshot, of a running VM with its memory
    #[command(after_help = "Examples:
  vm-cli snapshot take my-first-vm clean-state
  vm-cli snapshot take --name my-first-vm --snapshot-name before-update --description \"May\"")]
    Take {
        #[command(flatten)]
        which: Which,

        /// Describe it
        #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
        description: Option<String>,
    },
    /// List the snapshots as a tree
    #[command(
        visible_alias = "ls",
        after_help = "Examples:
  vm-cli snapshot list my-first-vm
  vm-cli snapshot list --name my-first-vm --json"
    )]
    List {
        #[command(flatten)]
        target: Target,
    },
    /// Put a VM back to a snapshot; what it did since is lost
    #[command(after_help = "Examples:
  vm-cli snapshot restore my-first-vm clean-state
  vm-cli snapshot restore my-first-vm clean-state --force --start")]
    Restore {
        #[command(flatten)]
        which: Which,

        /// Power it off first if it is running
        #[arg(short, long)]
        force: bool,

        /// Start it afterwards
        #[arg(long)]
        start: bool,

        /// Show its screen in a window when it starts
        #[arg(long, requires = "start")]
        gui: bool,
    },
    /// Delete a snapshot; the VM and its other snapshots stay as they are
    #[command(
        visible_alias = "rm",
        after_help = "Examples:
  vm-cli snapshot delete my-first-vm clean-state
  vm-cli snapshot delete --name my-first-vm --snapshot-name clean-state"
    )]
    Delete {
        #[command(flatten)]
        which: Which,
    },
}

/// A VM and one of its snapshots.
#[derive(Debug, Args)]
struct Which {
    /// Name the VM
    #[arg(value_name = "NAME")]
    first: Option<String>,

    /// Name the snapshot, or give its UUID
    #[arg(value_name = "SNAPSHOT")]
    second: Option<String>,

    /// Name the VM, as NAME does
    #[arg(long, alias = "vm", value_name = "NAME", allow_hyphen_values = true)]
    name: Option<String>,

    /// Name the snapshot, as SNAPSHOT does
    #[arg(long, alias = "snapshot", value_name = "SNAPSHOT", allow_hyphen_values = true)]
    snapshot_name: Option<String>,
}

impl Snapshot {
    /// Says what the arguments ask for.
    pub(super) fn request(&self, given: &Given) -> Result<Request, Error> {
        let (vm, action) = match &self.action {
            None => {
                let name = self.snapshot_name.as_ref().ok_or_else(|| {
                    usage("it is not said what to do with snapshots")
                        .hint("add `--snapshot-name NAME` to take one, or say `snapshot list`")
                })?;
                let vm = self.target.vm(given)?;
                (vm, take(name, self.description.as_ref())?)
            }
            Some(Action::Take { which, description }) => {
                let (vm, name) = self.settle(which, given)?;
                (vm, take(&name, description.as_ref().or(self.description.as_ref()))?)
            }
            Some(Action::List { target }) => {
                (target.or(&self.target)?.vm(given)?, SnapshotAction::List)
            }
            Some(Action::Restore { which, force, start, gui }) => {
                let (vm, name) = self.settle(which, given)?;
                let if_live = if *force { IfLive::PowerOff } else { IfLive::Fail };
                let start = start.then(|| display(*gui));
                (vm, SnapshotAction::Restore { snapshot: name.parse()?, if_live, start })
            }
            Some(Action::Delete { which }) => {
                let (vm, name) = self.settle(which, given)?;
                (vm, SnapshotAction::Delete { snapshot: name.parse()? })
            }
        };
        Ok(Request::Snapshot { vm, action })
    }

    /// Finds the VM and the snapshot among what stands before and after the inner command.
    fn settle(&self, which: &Which, given: &Given) -> Result<(VmRef, String), Error> {
        let inner = Target { word: None, flag: which.name.clone() };
        let outer = inner.or(&self.target)?;
        Pair {
            words: [which.first.as_ref(), which.second.as_ref()],
            name: outer.flag.as_ref(),
            other: which.snapshot_name.as_ref().or(self.snapshot_name.as_ref()),
            what: "snapshot",
            missing: "name it: `--snapshot-name NAME` (`vm-cli snapshot list` shows them)",
        }
        .settle(given)
    }
}

fn take(name: &str, description: Option<&String>) -> Result<SnapshotAction, Error> {
    let name: SnapshotName = name.parse()?;
    Ok(SnapshotAction::Take { name, description: description.cloned().unwrap_or_default() })
}
