use super::arguments::mac;
use super::definition::Definition;
use super::place::Place;
use super::pointer::WAY;
use super::presence::Presence;
use crate::hypervisor::kept::{groups, os_title, rfc3339};
use crate::model::{Disk, GuestAdditions, NetworkAdapter, Nic, PointerRoute, Vm, VmState};

/// Returns everything that is known of a VM.
pub(super) fn describe(it: &Definition, place: &Place, state: VmState, presence: Presence) -> Vm {
    let settings = &it.settings;
    Vm {
        name: settings.name.to_string(),
        id: it.id,
        state,
        state_since: it.since(presence).and_then(rfc3339),
        os: os_title(&settings.os_type),
        cpus: settings.cpus,
        memory: settings.memory,
        firmware: settings.firmware.to_string(),
        graphics: settings.graphics.to_string(),
        execution_engine: Some(settings.execution_engine.to_string()),
        groups: groups(settings),
        description: settings.description.clone(),
        adapters: adapter(it).into_iter().collect(),
        disks: disks(it),
        remote_display_port: None,
        guest: None,
        guest_additions: GuestAdditions::default(),
        pointer: PointerRoute { device: Some("usbtablet".to_owned()), way: Some(WAY) },
        snapshots: it.snapshots.tree(),
        settings_file: Some(place.definition()),
        log_folder: None,
    }
}

fn adapter(it: &Definition) -> Option<NetworkAdapter> {
    if it.settings.nic == Nic::None {
        return None;
    }
    let mut forwards = it.settings.forwards.clone();
    forwards.sort_by(|a, b| a.name.cmp(&b.name));
    Some(NetworkAdapter { slot: 1, attachment: "nat".to_owned(), mac: mac(it, ""), forwards })
}

fn disks(it: &Definition) -> Vec<Disk> {
    let slot = |port: usize| format!("SATA-{port}-0");
    let disk = it.disk.as_ref();
    let disk = disk.map(|disk| Disk { slot: slot(0), medium: disk.display().to_string() });
    let discs = (1..)
        .zip(&it.settings.discs)
        .map(|(port, disc)| Disk { slot: slot(port), medium: disc.display().to_string() });
    disk.into_iter().chain(discs).collect()
}
