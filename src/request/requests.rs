use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    ClockRequest, CloneRequest, CreateRequest, Credentials, DisplayAction, ExecRequest,
    ExportRequest, FinishRequest, ForwardAction, ImportRequest, InstallRequest, KeysRequest,
    PointerRequest, RecordRequest, RecoverRequest, RunRequest, ScreenWatch, ScreenshotRequest,
    SharingAction, SnapshotAction, StopRequest, TemplateAction, TransferRequest, WaitCondition,
};
use crate::model::{Display, VmRef};

/// One thing that a front end wants done.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub enum Request {
    /// Make a VM.
    Create(Box<CreateRequest>),
    /// Make a VM of an ISO that installs itself.
    #[serde(skip)]
    Install(Box<InstallRequest>),
    /// See an installation to its end.
    #[serde(skip)]
    FinishInstall(FinishRequest),
    /// Power a VM on, resume its saved state, or let it go on if it is paused.
    Start {
        /// Which VM.
        vm: VmRef,
        /// Where its screen shows.
        display: Display,
        /// What to wait for afterwards, and how long.
        wait: Option<(WaitCondition, Duration)>,
        /// What a limit that stands in the way means.
        when_full: WhenFull,
    },
    /// Stop a VM.
    Stop(StopRequest),
    /// Stop a VM by its power button and start it again.
    Restart {
        /// Which VM.
        vm: VmRef,
        /// How long it may take to go off.
        timeout: Duration,
    },
    /// Reset a live VM without asking its guest.
    Reset(VmRef),
    /// Stop a running VM's CPUs.
    Pause(VmRef),
    /// Let a paused VM go on.
    Resume(VmRef),
    /// Remove a VM with its disks and snapshots.
    Delete {
        /// Which VM.
        vm: VmRef,
        /// What a VM that does not exist means.
        if_missing: IfMissing,
        /// What a VM that is running means.
        if_live: IfLive,
    },
    /// List every VM.
    List,
    /// Read one VM.
    Status(VmRef),
    /// Read one VM, and what its guest reports.
    Guest {
        /// Which VM.
        vm: VmRef,
        /// Who asks the guest for its time; `None` asks for none.
        login: Option<Box<Credentials>>,
    },
    /// Wait until something is so.
    Wait {
        /// Which VM.
        vm: VmRef,
        /// For what.
        condition: WaitCondition,
        /// How long.
        timeout: Duration,
        /// How its screen is looked at, if that is waited for.
        watch: ScreenWatch,
    },
    /// Do something with snapshots.
    Snapshot {
        /// Of which VM.
        vm: VmRef,
        /// What.
        action: SnapshotAction,
    },
    /// Make copies of a VM.
    Clone(Box<CloneRequest>),
    /// Do something with templates.
    Template(TemplateAction),
    /// Write a VM into a file.
    Export(ExportRequest),
    /// Make a VM from a file.
    Import(ImportRequest),
    /// Do something with a VM's forwards.
    Forward {
        /// Of which VM.
        vm: VmRef,
        /// What.
        action: ForwardAction,
    },
    /// Do something with the folders of this host that a VM's guest can use.
    Sharing {
        /// Of which VM.
        vm: VmRef,
        /// What.
        action: SharingAction,
    },
    /// Take a picture of a VM's screen.
    Screenshot(ScreenshotRequest),
    /// Do something with a VM's remote display.
    Display {
        /// Of which VM.
        vm: VmRef,
        /// What.
        action: DisplayAction,
    },
    /// Press keys.
    Press(KeysRequest),
    /// Move the pointer, press its buttons, turn its wheel.
    Point(PointerRequest),
    /// Compare a guest's clock with the host's, and set it if that is wanted.
    Clock(Box<ClockRequest>),
    /// Make a film of a VM's screen.
    Record(RecordRequest),
    /// Run a command in a guest.
    Exec(Box<ExecRequest>),
    /// Copy files between this host and a guest.
    Transfer(Box<TransferRequest>),
    /// Run a command from a snapshot.
    Run(Box<RunRequest>),
    /// Explain what holds a VM, and end it if it hangs and that is wanted.
    Unlock {
        /// Which VM.
        vm: VmRef,
        /// What to do about it.
        mode: UnlockMode,
    },
    /// Find out what is wrong with a VM, and bring it back if that is wanted.
    Recover(RecoverRequest),
    /// Check what a newcomer needs, and mend what can be mended.
    Setup,
    /// Report on the host, the hypervisor, the VMs and the tasks.
    SystemStatus,
}

/// What to do about a VM that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum UnlockMode {
    /// Nothing: it is only explained.
    Explain,
    /// A process of the hypervisor that hangs is ended; what its guest had not written is lost.
    EmergencyStop,
}

/// What a VM that does not exist means to a delete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum IfMissing {
    /// A failure.
    Fail,
    /// Nothing to do.
    Succeed,
}

/// What a VM that has the name already means to a create.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum IfExists {
    /// A failure.
    Fail,
    /// Nothing to do; it is left as it is.
    Keep,
}

/// What a live VM means to a delete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum IfLive {
    /// A failure.
    Fail,
    /// It is powered off first.
    PowerOff,
}

/// What a limit that stands in the way of a start means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize, Serialize)]
pub enum WhenFull {
    /// A failure.
    #[default]
    Refuse,
    /// It is waited until it does no more: this long at most, if a time is given.
    Wait(Option<Duration>),
}
