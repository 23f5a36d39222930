use std::fmt::Debug;
use std::path::Path;
use std::path::PathBuf;

use async_trait::async_trait;

use crate::error::Error;
use crate::model::{ExecutionEngine, Forward, Mebibytes, SnapshotId, VmId, VmName, VmRef};

/// Copies of VMs on the same host.
#[async_trait]
pub trait Cloning: Debug + Send + Sync {
    /// Makes a copy with a chosen identity and with hardware addresses of its own. On failure
    /// [`Cloning::undo_clone`] cleans up.
    async fn clone_vm(&self, order: &CloneOrder) -> Result<(), Error>;

    /// Removes whatever a failed or interrupted copy left; nothing left is fine.
    async fn undo_clone(&self, order: &CloneOrder) -> Result<(), Error>;

    /// Returns the names of the linked copies that need a VM's disks.
    async fn dependants(&self, vm: &VmRef) -> Vec<String>;

    /// Gives a VM that is off what must differ from its original, in one step.
    async fn refit(&self, vm: &VmRef, refit: &Refit) -> Result<(), Error>;
}

/// VMs in files that other hosts can read (OVA, OVF).
#[async_trait]
pub trait Appliances: Debug + Send + Sync {
    /// Writes a VM that is off into a file that does not exist yet.
    async fn export(&self, vm: &VmRef, file: &Path) -> Result<(), Error>;

    /// Tells what is in a file.
    async fn read(&self, file: &Path) -> Result<Appliance, Error>;

    /// Makes a VM from a file, under the order's working name, and returns its identity. On
    /// failure [`Appliances::undo_import`] cleans up.
    async fn import(&self, order: &ImportOrder) -> Result<VmId, Error>;

    /// Removes whatever a failed or interrupted import left; nothing left is fine.
    async fn undo_import(&self, order: &ImportOrder) -> Result<(), Error>;
}

/// A copy that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloneOrder {
    /// The original.
    pub source: VmRef,
    /// The copy's identity.
    pub id: VmId,
    /// The copy's name.
    pub name: VmName,
    /// The folder under which its own folder is made; `None` is the hypervisor's default.
    pub folder: Option<PathBuf>,
    /// Its groups: those of the original.
    pub groups: Vec<String>,
    /// What is copied.
    pub content: CloneContent,
}

/// What a copy holds of its original's disks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CloneContent {
    /// Everything, as it is now or was at a snapshot.
    Full(Option<SnapshotId>),
    /// Only what will differ from this snapshot, on which it depends.
    Linked(SnapshotId),
}

/// What is changed in a VM that is off; what is empty stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refit {
    /// Its name.
    pub name: Option<VmName>,
    /// Forwards that go, by name.
    pub dropped_forwards: Vec<String>,
    /// Forwards that replace those of the same names.
    pub forwards: Vec<Forward>,
    /// The port of its remote display.
    pub remote_display_port: Option<u16>,
    /// What runs its instructions.
    pub execution_engine: Option<ExecutionEngine>,
}

/// A VM that is to be made from a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportOrder {
    /// The file, absolute.
    pub file: PathBuf,
    /// The name that it bears until it is whole: nobody else's.
    pub working_name: VmName,
    /// The folder under which its own folder is made; `None` is the hypervisor's default.
    pub folder: Option<PathBuf>,
}

/// What is in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Appliance {
    /// The name of the VM, made unique if one of this name exists.
    pub name: String,
    /// How many VMs are in it.
    pub vms: usize,
    /// Memory.
    pub memory: Option<Mebibytes>,
    /// The room that its disks may come to take, in bytes.
    pub disk_bytes: u64,
}
