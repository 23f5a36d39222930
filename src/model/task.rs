use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Invalid, travels_as_text};

/// The identity of a task: unique across processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TaskId(Uuid);

impl TaskId {
    /// Builds an identity from 128 random bits (the caller brings the randomness).
    pub fn from_random(bits: u128) -> Self {
        Self(uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid())
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl FromStr for TaskId {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Uuid::try_parse(text).map(Self).map_err(|e| Invalid::new("task id", text, e.to_string()))
    }
}

travels_as_text!(TaskId);

/// How soon a task is wanted.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Deserialize, Serialize,
)]
pub enum Priority {
    /// Before everything else, such as an emergency power-off.
    Critical,
    /// What a person waits for.
    High,
    /// The ordinary case.
    #[default]
    Medium,
    /// Whenever there is time.
    Low,
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        })
    }
}

impl FromStr for Priority {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        [Self::Critical, Self::High, Self::Medium, Self::Low]
            .into_iter()
            .find(|p| p.to_string() == text)
            .ok_or_else(|| {
                Invalid::new("priority", text, "is not one of critical, high, medium, low")
            })
    }
}

/// What a task does. [`VmTaskType::Custom`] is for the library's users.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum VmTaskType {
    /// Makes a VM.
    Create,
    /// Powers a VM on or resumes its saved state.
    Start,
    /// Stops a VM.
    Stop,
    /// Resets a VM without asking its guest.
    Reset,
    /// Stops a VM's CPUs.
    Pause,
    /// Lets a paused VM go on.
    Resume,
    /// Removes a VM and its disks.
    Delete,
    /// Reads the list of VMs.
    List,
    /// Reads one VM.
    Inspect,
    /// Takes a snapshot.
    SnapshotTake,
    /// Restores a snapshot.
    SnapshotRestore,
    /// Deletes a snapshot.
    SnapshotDelete,
    /// Takes a picture of the screen.
    Screenshot,
    /// Presses keys.
    Keys,
    /// Moves the pointer.
    Pointer,
    /// Reaches the guest over SSH and logs in.
    Connect,
    /// Runs a command in the guest.
    Exec,
    /// Copies files between the host and the guest.
    Copy,
    /// Changes a port forward.
    Forward,
    /// Shares a folder of the host with the guest, or no more.
    Share,
    /// Ends a process of the hypervisor that holds a VM and hangs.
    Unlock,
    /// Brings a VM back that does not run as it should.
    Recover,
    /// Sees a system install itself in a VM.
    Install,
    /// Makes a copy of a VM.
    Clone,
    /// Writes a VM into a file.
    Export,
    /// Makes a VM from a file.
    Import,
    /// Anything else, by the name under which its handler is registered.
    Custom(String),
}

impl VmTaskType {
    /// Returns whether such a task changes anything, and so belongs in the journal.
    pub fn changes(&self) -> bool {
        match self {
            Self::List | Self::Inspect | Self::Screenshot | Self::Connect => false,
            Self::Create
            | Self::Start
            | Self::Stop
            | Self::Reset
            | Self::Pause
            | Self::Resume
            | Self::Delete
            | Self::SnapshotTake
            | Self::SnapshotRestore
            | Self::SnapshotDelete
            | Self::Keys
            | Self::Pointer
            | Self::Exec
            | Self::Copy
            | Self::Forward
            | Self::Share
            | Self::Unlock
            | Self::Recover
            | Self::Install
            | Self::Clone
            | Self::Export
            | Self::Import
            | Self::Custom(_) => true,
        }
    }
}

impl fmt::Display for VmTaskType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Create => "create",
            Self::Start => "start",
            Self::Stop => "stop",
            Self::Reset => "reset",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Delete => "delete",
            Self::List => "list",
            Self::Inspect => "inspect",
            Self::SnapshotTake => "snapshot-take",
            Self::SnapshotRestore => "snapshot-restore",
            Self::SnapshotDelete => "snapshot-delete",
            Self::Screenshot => "screenshot",
            Self::Keys => "keys",
            Self::Pointer => "pointer",
            Self::Connect => "connect",
            Self::Exec => "exec",
            Self::Copy => "copy",
            Self::Forward => "forward",
            Self::Share => "share",
            Self::Unlock => "unlock",
            Self::Recover => "recover",
            Self::Install => "install",
            Self::Clone => "clone",
            Self::Export => "export",
            Self::Import => "import",
            Self::Custom(name) => name,
        })
    }
}

/// Where a task is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum TaskState {
    /// Waiting for its turn.
    Queued,
    /// An attempt is under way.
    Running,
    /// Waiting for its next attempt.
    Waiting,
    /// Ended well.
    Done,
    /// Ended with an error.
    Failed,
    /// Ended because somebody said so.
    Canceled,
}

impl fmt::Display for TaskState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        })
    }
}
