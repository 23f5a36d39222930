use clap::{Args, Subcommand};

use super::several::OnEach;
use super::start::display;
use crate::cli::target::{Given, Target};
use crate::cli::targets::{Party, Several, Targets};
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
    ///
    /// A paused VM whose keyboard or pointer is on USB runs for a moment meanwhile: VirtualBox
    /// would crash it at the next snapshot.
    #[command(after_help = "Examples:
  vm-cli snapshot take my-first-vm clean-state
  vm-cli snapshot take --name my-first-vm --snapshot-name before-update --description \"May\"
  vm-cli snapshot take --group /lab clean-state")]
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
        targets: Targets,
    },
    /// Put a VM back to a snapshot; what it did since is lost
    #[command(after_help = "Examples:
  vm-cli snapshot restore my-first-vm clean-state
  vm-cli snapshot restore my-first-vm clean-state --force --start
  vm-cli snapshot restore 'test-*' clean-state --force --start")]
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

/// VMs, and a snapshot that each of them has or gets.
#[derive(Debug, Args)]
struct Which {
    /// Name VMs, then the snapshot
    #[arg(value_name = "NAME SNAPSHOT")]
    words: Vec<String>,

    /// Name a VM, as NAME does
    #[arg(long = "name", alias = "vm", value_name = "NAME", allow_hyphen_values = true)]
    names: Vec<String>,

    /// Name the snapshot, as SNAPSHOT does
    #[arg(long, alias = "snapshot", value_name = "SNAPSHOT", allow_hyphen_values = true)]
    snapshot_name: Option<String>,

    #[command(flatten)]
    several: Several,
}

impl Snapshot {
    /// Finds the VMs and the snapshot among what stands before and after the inner command.
    fn settle(&self, given: &Given) -> Result<(Targets, String), Error> {
        let (targets, inner) = match &self.action {
            None => {
                let words = self.target.word.iter().cloned().collect();
                (Targets { words, ..Targets::default() }, None)
            }
            Some(Action::List { targets }) => (targets.clone(), None),
            Some(
                Action::Take { which, .. }
                | Action::Restore { which, .. }
                | Action::Delete { which },
            ) => which.split(),
        };
        let targets = self.with_outer(targets)?;
        let snapshot = inner.as_ref().or(self.snapshot_name.as_ref());
        match (&self.action, snapshot) {
            (Some(Action::List { .. }), _) => return Ok((targets, String::new())),
            (None, None) => {
                return Err(usage("it is not said what to do with snapshots")
                    .hint("add `--snapshot-name NAME` to take one, or say `snapshot list`"));
            }
            (_, Some(_)) | (Some(_), None) => {}
        }
        Party {
            targets: &targets,
            other: snapshot,
            what: "snapshot",
            missing: "name it: `--snapshot-name NAME` (`vm-cli snapshot list` shows them)",
        }
        .settle(given)
    }

    /// Adds the VM that was named before the inner command.
    fn with_outer(&self, targets: Targets) -> Result<Targets, Error> {
        let flags = match (&self.target.flag, targets.flags.as_slice()) {
            (Some(outer), []) => vec![outer.clone()],
            (Some(outer), [inner, ..]) if inner != outer => {
                return Err(usage(format!("two VMs are named: `{outer}` and `{inner}`"))
                    .hint("name them in one place"));
            }
            (Some(_) | None, _) => targets.flags,
        };
        Ok(Targets { flags, ..targets })
    }
}

impl Which {
    /// Returns the VMs, and the snapshot by its flag.
    fn split(&self) -> (Targets, Option<String>) {
        let (words, flags) = (self.words.clone(), self.names.clone());
        (Targets { words, flags, several: self.several.clone() }, self.snapshot_name.clone())
    }
}

impl OnEach for Snapshot {
    fn targets(&self, given: &Given) -> Result<Targets, Error> {
        Ok(self.settle(given)?.0)
    }

    fn request(&self, vm: VmRef, given: &Given) -> Result<Request, Error> {
        let (_, name) = self.settle(given)?;
        let action = match &self.action {
            None => take(&name, self.description.as_ref())?,
            Some(Action::Take { description, .. }) => {
                take(&name, description.as_ref().or(self.description.as_ref()))?
            }
            Some(Action::List { .. }) => SnapshotAction::List,
            Some(Action::Restore { force, start, gui, .. }) => {
                let if_live = if *force { IfLive::PowerOff } else { IfLive::Fail };
                let start = start.then(|| display(*gui));
                SnapshotAction::Restore { snapshot: name.parse()?, if_live, start }
            }
            Some(Action::Delete { .. }) => SnapshotAction::Delete { snapshot: name.parse()? },
        };
        Ok(Request::Snapshot { vm, action })
    }
}

fn take(name: &str, description: Option<&String>) -> Result<SnapshotAction, Error> {
    let name: SnapshotName = name.parse()?;
    Ok(SnapshotAction::Take { name, description: description.cloned().unwrap_or_default() })
}
