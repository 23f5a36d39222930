use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Forward, GuestFacts, Mebibytes, PointerRoute, SnapshotTree, VmId, VmState};

/// A VM as a listing shows it. What a listing could not learn cheaply is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct VmSummary {
    /// Its name; `<inaccessible>` when its settings cannot be read.
    pub name: String,
    /// Its identity.
    pub id: VmId,
    /// Its state.
    pub state: VmState,
    /// The hypervisor's identifier of its operating system, such as `Windows11_64`.
    pub os_type: Option<String>,
    /// Virtual CPUs.
    pub cpus: Option<u32>,
    /// Memory.
    pub memory: Option<Mebibytes>,
    /// The groups it is in, such as `/lab`.
    pub groups: Vec<String>,
}

/// A VM as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Vm {
    /// Its name.
    pub name: String,
    /// Its identity.
    pub id: VmId,
    /// Its state.
    pub state: VmState,
    /// When it came into this state, RFC 3339, as the hypervisor tells it.
    pub state_since: Option<String>,
    /// The operating system, as the hypervisor describes it.
    pub os: String,
    /// Virtual CPUs.
    pub cpus: u32,
    /// Memory.
    pub memory: Mebibytes,
    /// `bios` or `efi`, as the hypervisor tells it.
    pub firmware: String,
    /// The graphics controller, as the hypervisor tells it.
    pub graphics: String,
    /// The execution engine that is configured, when the hypervisor tells it.
    pub execution_engine: Option<String>,
    /// The groups it is in.
    pub groups: Vec<String>,
    /// Its description, possibly of several lines.
    pub description: String,
    /// Its network adapters that are switched on.
    pub adapters: Vec<NetworkAdapter>,
    /// Its disks and discs.
    pub disks: Vec<Disk>,
    /// The port on which its remote display listens, when it is on.
    pub remote_display_port: Option<u16>,
    /// What the Guest Additions say.
    pub guest_additions: GuestAdditions,
    /// What its guest reports; `None` if it was not asked for.
    pub guest: Option<GuestFacts>,
    /// How its pointer is moved.
    pub pointer: PointerRoute,
    /// Its snapshots.
    pub snapshots: SnapshotTree,
    /// Its settings file.
    pub settings_file: Option<PathBuf>,
    /// The folder of its logs.
    pub log_folder: Option<PathBuf>,
}

impl Vm {
    /// Returns every port forward of every adapter.
    pub fn forwards(&self) -> impl Iterator<Item = &Forward> {
        self.adapters.iter().flat_map(|adapter| &adapter.forwards)
    }
}

/// A network adapter of a VM.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct NetworkAdapter {
    /// Its number, from 1.
    pub slot: u32,
    /// How it is attached, such as `nat`.
    pub attachment: String,
    /// Its hardware address.
    pub mac: String,
    /// Its port forwards (NAT only).
    pub forwards: Vec<Forward>,
}

/// A medium in a VM.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Disk {
    /// Where it is plugged in, such as `SATA-0-0`.
    pub slot: String,
    /// The file, or the hypervisor's word for an empty drive.
    pub medium: String,
}

/// What the Guest Additions say, as far as they are there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct GuestAdditions {
    /// 0 none, 1 system, 2 userland, 3 desktop.
    pub run_level: u32,
    /// Their version.
    pub version: Option<String>,
}
