use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use super::{
    CloneRequest, DisplayAction, ExportRequest, ForwardAction, ImportRequest, KeysRequest,
    PointerRequest, RecoverRequest, RunRequest, ScreenWatch, View,
};
use crate::model::{
    Display, ExecutionEngine, Firmware, Forward, Gibibytes, GraphicsController, Invalid, Mebibytes,
    Nic, SnapshotName, StopMode, Switch, VmName, VmRef,
};

/// One thing that a front end wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Make a VM.
    Create(Box<CreateRequest>),
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
    Guest(VmRef),
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
    /// Run a command in a guest.
    Exec(Box<ExecRequest>),
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnlockMode {
    /// Nothing: it is only explained.
    Explain,
    /// A process of the hypervisor that hangs is ended; what its guest had not written is lost.
    EmergencyStop,
}

/// What a VM that does not exist means to a delete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IfMissing {
    /// A failure.
    Fail,
    /// Nothing to do.
    Succeed,
}

/// What a VM that has the name already means to a create.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IfExists {
    /// A failure.
    Fail,
    /// Nothing to do; it is left as it is.
    Keep,
}

/// What a live VM means to a delete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IfLive {
    /// A failure.
    Fail,
    /// It is powered off first.
    PowerOff,
}

/// A VM to be made: what was said; everything unsaid comes from the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateRequest {
    /// Its name.
    pub name: VmName,
    /// What a VM that has the name already means.
    pub if_exists: IfExists,
    /// Memory.
    pub memory: Option<Mebibytes>,
    /// Disk.
    pub disk: Option<DiskWish>,
    /// Virtual CPUs.
    pub cpus: Option<u32>,
    /// The hypervisor's identifier of its operating system.
    pub os_type: Option<String>,
    /// A disc image in its drive.
    pub iso: Option<PathBuf>,
    /// The firmware.
    pub firmware: Option<Firmware>,
    /// The graphics controller.
    pub graphics: Option<GraphicsController>,
    /// 3D acceleration.
    pub accelerate_3d: Option<Switch>,
    /// What runs the guest's instructions.
    pub execution_engine: Option<ExecutionEngine>,
    /// The first network adapter.
    pub nic: Option<Nic>,
    /// Which host port leads to the guest's SSH server.
    pub ssh: PortWish,
    /// Which host port the remote display listens on.
    pub remote_display: PortWish,
    /// More forwards.
    pub forwards: Vec<Forward>,
    /// Groups.
    pub groups: Vec<String>,
    /// A description.
    pub description: String,
    /// Whether it is started afterwards.
    pub start: Option<Display>,
    /// What to wait for after the start, and how long.
    pub wait: Option<(WaitCondition, Duration)>,
}

impl CreateRequest {
    /// Asks for a VM of this name, everything else as configured.
    pub fn new(name: VmName) -> Self {
        Self {
            name,
            if_exists: IfExists::Fail,
            memory: None,
            disk: None,
            cpus: None,
            os_type: None,
            iso: None,
            firmware: None,
            graphics: None,
            accelerate_3d: None,
            execution_engine: None,
            nic: None,
            ssh: PortWish::Configured,
            remote_display: PortWish::Configured,
            forwards: Vec::new(),
            groups: Vec::new(),
            description: String::new(),
            start: None,
            wait: None,
        }
    }
}

/// What is wanted of a new VM's disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DiskWish {
    /// No disk at all.
    None,
    /// One of this size.
    Size(Gibibytes),
}

/// Which host port is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PortWish {
    /// What the configuration says.
    Configured,
    /// None.
    None,
    /// The first free one of the configured range.
    Free,
    /// This one.
    Port(u16),
}

/// How a VM is to be stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StopRequest {
    /// Which VM.
    pub vm: VmRef,
    /// How.
    pub mode: StopMode,
    /// How long it may take to go off after the power button.
    pub timeout: Duration,
    /// What follows when it did not go off in time.
    pub then: WhenLate,
}

/// What follows when a guest does not go off in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WhenLate {
    /// A failure that says what can be done.
    Fail,
    /// It is powered off.
    PowerOff,
}

/// What a limit that stands in the way of a start means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum WhenFull {
    /// A failure.
    #[default]
    Refuse,
    /// It is waited until it does no more: this long at most, if a time is given.
    Wait(Option<Duration>),
}

/// What can be waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WaitCondition {
    /// The VM runs.
    Running,
    /// The VM is off (or saved).
    PowerOff,
    /// The guest has reported an address.
    Ip,
    /// The guest's SSH server shows its banner.
    Ssh,
    /// The Guest Additions' services are up.
    Additions,
    /// The screen has not changed for a while.
    ScreenStable,
    /// The screen is another one than before.
    ScreenChanged,
    /// There is no such VM.
    Gone,
}

impl WaitCondition {
    /// Every condition.
    pub const ALL: [Self; 8] = [
        Self::Running,
        Self::PowerOff,
        Self::Ip,
        Self::Ssh,
        Self::Additions,
        Self::ScreenStable,
        Self::ScreenChanged,
        Self::Gone,
    ];

    /// The conditions that a start can lead to.
    pub const OF_A_START: [Self; 6] =
        [Self::Running, Self::PowerOff, Self::Ip, Self::Ssh, Self::Additions, Self::ScreenStable];

    /// Returns its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::PowerOff => "poweroff",
            Self::Ip => "ip",
            Self::Ssh => "ssh",
            Self::Additions => "additions",
            Self::ScreenStable => "screen-stable",
            Self::ScreenChanged => "screen-changed",
            Self::Gone => "gone",
        }
    }
}

impl FromStr for WaitCondition {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::ALL.into_iter().find(|it| it.as_str() == text).ok_or_else(|| {
            let words = Self::ALL.map(Self::as_str).join(", ");
            Invalid::new("condition", text, format!("is not one of {words}"))
        })
    }
}

/// What is to be done with snapshots. Existing ones are named by name or UUID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SnapshotAction {
    /// Take one.
    Take {
        /// Its name.
        name: SnapshotName,
        /// Its description.
        description: String,
    },
    /// List them.
    List,
    /// Put the VM back to one; a live VM is powered off first if that is allowed.
    Restore {
        /// Which one.
        snapshot: SnapshotName,
        /// What a live VM means.
        if_live: IfLive,
        /// Whether the VM is started afterwards.
        start: Option<Display>,
    },
    /// Put the VM back to one, powered off first if it is live, and start it.
    Rollback {
        /// Which one; `None` is the one on which the VM stands.
        snapshot: Option<SnapshotName>,
        /// Where the screen shows.
        display: Display,
    },
    /// Delete one.
    Delete {
        /// Which one.
        snapshot: SnapshotName,
    },
}

/// A picture that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScreenshotRequest {
    /// Of which VM.
    pub vm: VmRef,
    /// Where it goes.
    pub to: PictureTo,
    /// Whether it is analysed.
    pub analysis: Analysis,
    /// Which part of it is wanted, and how large.
    pub view: View,
}

/// Where a picture goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PictureTo {
    /// Into this file.
    File(PathBuf),
    /// Into the response, for the front end to write.
    Response,
}

/// Whether a picture is analysed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Analysis {
    /// It is.
    Wanted,
    /// It is not.
    Skipped,
}

/// A command to run in a guest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecRequest {
    /// In which VM.
    pub vm: VmRef,
    /// The command line, as the guest's shell reads it.
    pub command: String,
    /// Who runs it.
    pub credentials: Credentials,
    /// How long to wait until the guest can be reached.
    pub reach_within: Duration,
    /// How long the command may run; `None` is without limit.
    pub timeout: Option<Duration>,
}

/// Who logs in to a guest, and by what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Credentials {
    /// The guest's user; `None` is the configured one.
    pub user: Option<String>,
    /// Its password.
    pub password: Option<Secret>,
    /// A private key file.
    pub identity: Option<PathBuf>,
}

/// A text that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret in.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the text, for the one place that must send it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
