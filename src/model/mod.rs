//! The domain: what a VM, a snapshot, a screen and a task are. No I/O, no clock.
//!
//! serde's derives are for programs of the same version that talk to each other: what people and
//! scripts read has its own shapes in `report`.

mod architecture;
mod configuration;
mod disk_image;
mod evidence;
mod forward;
mod guest;
mod hex;
mod host;
mod id;
mod invalid;
mod name;
mod pattern;
mod pointer;
mod recovery;
mod remote;
mod scope;
mod screen;
mod shared_folder;
mod size;
mod snapshot;
mod state;
mod task;
mod traffic;
mod typed;
mod vm;
pub(crate) mod written;

pub use architecture::Architecture;
pub use configuration::{
    Display, ExecutionEngine, Firmware, GraphicsController, Nic, ProcessPriority, RemoteDisplay,
    StopMode, Switch, VmConfiguration,
};
pub use disk_image::{DiskFormat, DiskImage};
pub use evidence::Evidence;
pub use forward::{Forward, Protocol};
pub use guest::{Freshness, GuestClock, GuestFacts, GuestSystem};
pub(crate) use hex::hex;
pub use host::{Finding, HypervisorHealth, HypervisorKind, Severity};
pub use id::VmId;
pub use invalid::Invalid;
pub use name::{SnapshotName, TemplateName, VmName, VmRef};
pub use pattern::NamePattern;
pub use pointer::{Button, PointerReport, PointerRoute, Position, Wheel};
pub use recovery::{Clue, ClueKind, Health, RecoveryPolicy, Trouble};
pub use remote::RemoteProtocol;
pub use scope::Scope;
pub use screen::{Frame, Monitor, Rect, Size};
pub use shared_folder::{ShareAccess, ShareLifetime, ShareMount, ShareName, SharedFolder};
pub use size::{Gibibytes, Mebibytes};
pub use snapshot::{Snapshot, SnapshotId, SnapshotTree};
pub use state::{Phase, VmState};
pub use task::{Priority, TaskId, TaskState, VmTaskType};
pub use traffic::Traffic;
pub use typed::typed;
pub use vm::{Disk, GuestAdditions, NetworkAdapter, Vm, VmSummary};
pub use written::Word;
pub(crate) use written::travels_as_text;
