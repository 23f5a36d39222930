use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::{Finding, Forward, SharedFolder, SnapshotTree, Vm, VmSummary, Word, written};

use super::{
    Changed, ClockReport, Creation, DisplayReport, Forwarded, HeldReport, InstallReport, Pointed,
    RanReport, RecoveryReport, ScreenReport, SystemStatus, Template, TransferReport, Via,
};

/// What came of a [`super::Request`] that went well.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub enum Response {
    /// A VM was changed, or was as wanted already.
    Changed(Changed),
    /// A VM was made.
    Created(Creation),
    /// A VM was made whose system installs itself, or has.
    #[serde(skip)]
    Installed(Box<InstallReport>),
    /// Every VM.
    List(Vec<VmSummary>),
    /// One VM.
    Status(Box<Vm>),
    /// A VM's snapshots.
    Snapshots {
        /// The VM's name.
        vm: String,
        /// Its snapshots.
        tree: SnapshotTree,
    },
    /// VMs were made of another one or of a file.
    Copied {
        /// How: `clone`, `import`, or `create` from a template.
        #[serde(deserialize_with = "written::word")]
        action: Word,
        /// The VMs.
        made: Vec<Creation>,
    },
    /// A template.
    Template(Box<Template>),
    /// Every template.
    Templates(Vec<Template>),
    /// A VM's forwards.
    Forwards {
        /// The VM's name.
        vm: String,
        /// Its forwards.
        forwards: Vec<Forward>,
    },
    /// The folders of this host that a VM's guest can use.
    Shares {
        /// The VM's name.
        vm: String,
        /// The folders.
        folders: Vec<SharedFolder>,
    },
    /// A VM has a forward.
    Forwarded(Forwarded),
    /// A picture.
    Screen(Box<ScreenReport>),
    /// Something was done with the pointer.
    Pointed(Box<Pointed>),
    /// A command in a guest ended with this exit code.
    Executed {
        /// The VM as it was named.
        vm: String,
        /// The guest's exit code.
        exit_code: i32,
        /// The way into the guest that was gone.
        via: Via,
        /// How long the command ran.
        took: Duration,
    },
    /// Files were copied between this host and a guest.
    Transferred(Box<TransferReport>),
    /// A VM's remote display.
    Display(Box<DisplayReport>),
    /// A guest's clock.
    Clock(Box<ClockReport>),
    /// A command that was run from a snapshot ended.
    Ran(Box<RanReport>),
    /// What holds a VM.
    Held(Box<HeldReport>),
    /// What was wrong with a VM, and what was done about it.
    Recovered(Box<RecoveryReport>),
    /// What `setup` found.
    Checked(Vec<Finding>),
    /// How the host, the hypervisor and the VMs are.
    SystemStatus(Box<SystemStatus>),
    /// What would have been done (`--dry-run`).
    Rehearsed(Vec<String>),
}

impl Response {
    /// Whether it tells what was read: nothing was changed for it, in a guest neither.
    pub(crate) fn is_read(&self) -> bool {
        matches!(
            self,
            Self::List(_)
                | Self::Status(_)
                | Self::Snapshots { .. }
                | Self::Template(_)
                | Self::Templates(_)
                | Self::Forwards { .. }
                | Self::Shares { .. }
                | Self::Checked(_)
                | Self::Held(_)
                | Self::SystemStatus(_)
        )
    }
}
