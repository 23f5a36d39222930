use serde::Serialize;

use super::{SnapshotItem, path};
use crate::model::{Forward, Freshness, GuestClock, GuestFacts, Traffic, Vm, VmSummary};

#[derive(Debug, Serialize)]
pub(crate) struct SummaryItem {
    name: String,
    state: String,
    os_type: Option<String>,
    cpus: Option<u32>,
    memory_mib: Option<u64>,
    groups: Vec<String>,
    id: String,
}

impl From<&VmSummary> for SummaryItem {
    fn from(vm: &VmSummary) -> Self {
        Self {
            name: vm.name.clone(),
            state: vm.state.to_string(),
            os_type: vm.os_type.clone(),
            cpus: vm.cpus,
            memory_mib: vm.memory.map(|amount| amount.0),
            groups: vm.groups.clone(),
            id: vm.id.to_string(),
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct VmItem {
    name: String,
    state: String,
    state_since: Option<String>,
    os: String,
    cpus: u32,
    memory_mib: u64,
    firmware: String,
    graphics: String,
    execution_engine: Option<String>,
    groups: Vec<String>,
    description: String,
    adapters: Vec<AdapterShape>,
    disks: Vec<DiskShape>,
    remote_display_port: Option<u16>,
    guest_additions: AdditionsShape,
    #[serde(skip_serializing_if = "Option::is_none")]
    guest: Option<GuestShape>,
    snapshots: Vec<SnapshotItem>,
    pointer: PointerShape,
    settings_file: Option<String>,
    log_folder: Option<String>,
    id: String,
}

#[derive(Debug, Serialize)]
struct PointerShape {
    device: Option<String>,
    via: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct AdapterShape {
    slot: u32,
    attachment: String,
    mac: String,
    forwards: Vec<ForwardShape>,
}

#[derive(Debug, Serialize)]
struct DiskShape {
    slot: String,
    medium: String,
}

#[derive(Debug, Serialize)]
struct AdditionsShape {
    run_level: u32,
    version: Option<String>,
}

/// What the guest reports; only there when it was asked for.
#[derive(Debug, Serialize)]
struct GuestShape {
    system: Option<String>,
    release: Option<String>,
    addresses: Vec<String>,
    users: Option<Vec<String>>,
    stale: bool,
    bytes_per_second: Option<TrafficShape>,
    clock_drift_ms: Option<i64>,
    clock_error: Option<String>,
}

#[derive(Debug, Serialize)]
struct TrafficShape {
    received: u64,
    sent: u64,
    read: u64,
    written: u64,
}

impl From<Traffic> for TrafficShape {
    fn from(Traffic { received, sent, read, written }: Traffic) -> Self {
        Self { received, sent, read, written }
    }
}

impl From<&GuestFacts> for GuestShape {
    fn from(facts: &GuestFacts) -> Self {
        let (clock_drift_ms, clock_error) = match &facts.clock {
            GuestClock::Unasked => (None, None),
            GuestClock::Ahead(drift_ms) => (Some(*drift_ms), None),
            GuestClock::Unknown(why) => (None, Some(why.clone())),
        };
        Self {
            system: facts.system.clone(),
            release: facts.release.clone(),
            addresses: facts.addresses.iter().map(ToString::to_string).collect(),
            users: facts.users.clone(),
            stale: facts.freshness == Freshness::Stale,
            bytes_per_second: facts.traffic.map(TrafficShape::from),
            clock_drift_ms,
            clock_error,
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct ForwardShape {
    name: String,
    protocol: String,
    host_address: Option<String>,
    host_port: u16,
    guest_port: u16,
}

impl From<&Forward> for ForwardShape {
    fn from(forward: &Forward) -> Self {
        Self {
            name: forward.name.clone(),
            protocol: forward.protocol.to_string(),
            host_address: forward.host_address.map(|address| address.to_string()),
            host_port: forward.host_port,
            guest_port: forward.guest_port,
        }
    }
}

impl From<&Vm> for VmItem {
    fn from(vm: &Vm) -> Self {
        let adapters = vm.adapters.iter().map(|adapter| AdapterShape {
            slot: adapter.slot,
            attachment: adapter.attachment.clone(),
            mac: adapter.mac.clone(),
            forwards: adapter.forwards.iter().map(ForwardShape::from).collect(),
        });
        let disks = vm
            .disks
            .iter()
            .map(|disk| DiskShape { slot: disk.slot.clone(), medium: disk.medium.clone() });
        Self {
            name: vm.name.clone(),
            state: vm.state.to_string(),
            state_since: vm.state_since.clone(),
            os: vm.os.clone(),
            cpus: vm.cpus,
            memory_mib: vm.memory.0,
            firmware: vm.firmware.clone(),
            graphics: vm.graphics.clone(),
            execution_engine: vm.execution_engine.clone(),
            groups: vm.groups.clone(),
            description: vm.description.clone(),
            adapters: adapters.collect(),
            disks: disks.collect(),
            remote_display_port: vm.remote_display_port,
            guest_additions: AdditionsShape {
                run_level: vm.guest_additions.run_level,
                version: vm.guest_additions.version.clone(),
            },
            guest: vm.guest.as_ref().map(GuestShape::from),
            snapshots: SnapshotItem::all(&vm.name, &vm.snapshots),
            pointer: PointerShape { device: vm.pointer.device.clone(), via: vm.pointer.way },
            settings_file: vm.settings_file.as_deref().map(path),
            log_folder: vm.log_folder.as_deref().map(path),
            id: vm.id.to_string(),
        }
    }
}
