use std::net::Ipv4Addr;

use super::machine::Machine;
use super::moment::Moment;
use super::pointer::WAY;
use crate::hypervisor::kept::{groups, os_title, rfc3339, summary};
use crate::model::{
    Disk, GuestAdditions, GuestFacts, NetworkAdapter, Nic, PointerRoute, Vm, VmConfiguration,
    VmSummary,
};

impl Machine {
    /// Returns what a listing shows.
    pub(super) fn summary(&self) -> VmSummary {
        summary(self.id, self.power.state(), &self.settings)
    }

    /// Returns everything that is known of it.
    pub(super) fn describe(&self, now: Moment) -> Vm {
        let settings = &self.settings;
        let run_level = self.run_level(now);
        Vm {
            name: settings.name.to_string(),
            id: self.id,
            state: self.power.state(),
            state_since: rfc3339(self.power.since()),
            os: os_title(&settings.os_type),
            cpus: settings.cpus,
            memory: settings.memory,
            firmware: settings.firmware.to_string(),
            graphics: settings.graphics.to_string(),
            execution_engine: Some(settings.execution_engine.to_string()),
            groups: groups(settings),
            description: settings.description.clone(),
            adapters: self.adapter().into_iter().collect(),
            disks: disks(settings),
            remote_display_port: settings.remote_display.as_ref().map(|it| it.port),
            guest: None,
            guest_additions: GuestAdditions {
                run_level,
                version: (run_level > 0).then(|| env!("CARGO_PKG_VERSION").to_owned()),
            },
            pointer: PointerRoute { device: Some("usbtablet".to_owned()), way: Some(WAY) },
            snapshots: self.snapshots.tree(),
            settings_file: None,
            log_folder: None,
        }
    }

    /// Returns what its guest reports: the address is the one that VirtualBox's NAT gives.
    pub(super) fn guest_facts(&self, now: Moment) -> GuestFacts {
        if self.run_level(now) < 2 {
            return GuestFacts::default();
        }
        let has_network = self.settings.nic != Nic::None;
        let address = has_network.then(|| Ipv4Addr::new(10, 0, 2, 15).into());
        GuestFacts {
            system: Some(os_title(&self.settings.os_type)),
            addresses: address.into_iter().collect(),
            users: Some(Vec::new()),
            ..GuestFacts::default()
        }
    }

    fn adapter(&self) -> Option<NetworkAdapter> {
        let attachment = match &self.settings.nic {
            Nic::None => return None,
            Nic::Nat => "nat",
            Nic::Bridged(_) => "bridged",
            Nic::HostOnly(_) => "hostonly",
            Nic::Internal(_) => "intnet",
            Nic::NatNetwork(_) => "natnetwork",
        };
        // The end of an identity, where even made-up ones differ.
        let digits: String = self.id.to_string().chars().skip(30).collect();
        // VirtualBox lists forwards by name.
        let mut forwards = self.settings.forwards.clone();
        forwards.sort_by(|a, b| a.name.cmp(&b.name));
        Some(NetworkAdapter {
            slot: 1,
            attachment: attachment.to_owned(),
            mac: format!("080027{}", digits.to_uppercase()),
            forwards,
        })
    }
}

/// What stands for the medium of an empty drive, as with VirtualBox.
const EMPTY: &str = "emptydrive";

/// Returns the slot of a drive.
pub(super) fn drive(port: usize) -> String {
    format!("SATA-{port}-0")
}

fn disks(settings: &VmConfiguration) -> Vec<Disk> {
    let name = &settings.name;
    let disk = settings.disk.map(|_| {
        let file = format!("{name}.vdi");
        let folder = settings.folder.as_ref().map(|folder| folder.join(name.as_str()));
        let medium = folder.map_or(file.clone(), |it| it.join(file).display().to_string());
        Disk { slot: "SATA-0-0".to_owned(), medium }
    });
    let inserted = (1..).zip(&settings.discs).map(|(port, disc)| {
        let medium = disc.to_str().filter(|disc| !disc.is_empty()).unwrap_or(EMPTY);
        Disk { slot: drive(port), medium: medium.to_owned() }
    });
    disk.into_iter().chain(inserted).collect()
}
