use std::path::PathBuf;

use super::key_values::Pair;
use super::key_values::Pairs;
use super::snapshots;
use crate::model::Disk;
use crate::model::Forward;
use crate::model::GuestAdditions;
use crate::model::Mebibytes;
use crate::model::NetworkAdapter;
use crate::model::PointerRoute;
use crate::model::Protocol;
use crate::model::SnapshotTree;
use crate::model::Vm;
use crate::model::VmState;

/// What `showvminfo` calls a VM whose settings cannot be read (older versions exit with 0 then).
const INACCESSIBLE: &str = "<inaccessible>";

/// Reads `showvminfo --machinereadable`. What is missing is a reason, as a clause: output that
/// does not name the VM and its state is no answer, however it ended.
pub(in super::super) fn vm_info(stdout: &str) -> Result<Vm, String> {
    let lines: Vec<&str> = stdout.lines().collect();
    let mut pairs = Pairs::new(&lines);
    let mut facts = Facts::default();
    loop {
        if pairs.rest().first().is_some_and(|line| snapshots::begins(line)) {
            let length = snapshots::length(pairs.rest());
            facts.snapshots = snapshots::tree(pairs.rest().get(..length).unwrap_or_default());
            pairs.skip(length.max(1));
        }
        match pairs.next() {
            Some(pair) => facts.take(pair),
            None => return facts.into_vm(),
        }
    }
}

/// The pairs of one VM, collected in their order.
#[derive(Debug, Default)]
struct Facts {
    pairs: Vec<Pair>,
    adapters: Vec<NetworkAdapter>,
    /// Rules follow the adapter they belong to.
    snapshots: SnapshotTree,
}

impl Facts {
    fn take(&mut self, pair: Pair) {
        let numbered = |prefix| pair.key.strip_prefix(prefix).and_then(|n| n.parse::<u32>().ok());
        if let Some(slot) = numbered("nic") {
            if pair.value != "none" {
                let mac = self.text(&format!("macaddress{slot}")).unwrap_or_default().to_owned();
                let attachment = pair.value.clone();
                self.adapters.push(NetworkAdapter { slot, attachment, mac, forwards: Vec::new() });
            }
        } else if pair.key.starts_with("Forwarding(")
            && let Some(adapter) = self.adapters.last_mut()
        {
            adapter.forwards.extend(forward(&pair.value));
        }
        self.pairs.push(pair);
    }

    /// Returns the first value of a key: what comes later may be imitated.
    fn text(&self, key: &str) -> Option<&str> {
        self.pairs.iter().find(|pair| pair.key == key).map(|pair| pair.value.as_str())
    }

    fn number<N: std::str::FromStr>(&self, key: &str) -> Option<N> {
        self.text(key)?.parse().ok()
    }

    fn path(&self, key: &str) -> Option<PathBuf> {
        self.text(key).filter(|path| !path.is_empty()).map(PathBuf::from)
    }

    fn into_vm(self) -> Result<Vm, String> {
        let name = self.text("name").ok_or("names no VM")?.to_owned();
        let id = self.text("UUID").ok_or("names no UUID")?;
        let id = id.parse().map_err(|invalid| format!("holds a damaged UUID: {invalid}"))?;
        let state = match self.text("VMState") {
            Some(word) => {
                word.parse().unwrap_or_else(|never: std::convert::Infallible| match never {})
            }
            None if name == INACCESSIBLE => VmState::Inaccessible,
            None => return Err(format!("tells no state of `{name}`")),
        };
        let lower = |key| self.text(key).unwrap_or_default().to_lowercase();
        let groups = self.text("groups").unwrap_or_default().split(',');
        Ok(Vm {
            id,
            state,
            state_since: self.text("VMStateChangeTime").filter(|t| !t.is_empty()).map(in_utc),
            os: self.text("ostype").unwrap_or_default().to_owned(),
            cpus: self.number("cpus").unwrap_or_default(),
            memory: Mebibytes(self.number("memory").unwrap_or_default()),
            firmware: lower("firmware"),
            graphics: lower("graphicscontroller"),
            execution_engine: None,
            groups: groups.filter(|group| group.len() > 1).map(str::to_owned).collect(),
            description: self.text("description").unwrap_or_default().to_owned(),
            disks: self.disks(),
            remote_display_port: self.remote_display_port(),
            guest: None,
            guest_additions: GuestAdditions {
                run_level: self.number("GuestAdditionsRunLevel").unwrap_or_default(),
                version: self
                    .text("GuestAdditionsVersion")
                    .filter(|v| !v.is_empty())
                    .map(str::to_owned),
            },
            pointer: PointerRoute {
                device: self.text("hidpointing").map(str::to_owned),
                way: None,
            },
            settings_file: self.path("CfgFile"),
            log_folder: self.path("LogFldr"),
            snapshots: self.snapshots,
            adapters: self.adapters,
            name,
        })
    }

    /// Media are pairs such as `"SATA-0-0"="/disk.vdi"`, by the controllers' names.
    fn disks(&self) -> Vec<Disk> {
        let is_controller = |pair: &&Pair| pair.key.starts_with("storagecontrollername");
        let names: Vec<_> =
            self.pairs.iter().filter(is_controller).map(|p| p.value.as_str()).collect();
        let is_place = |rest: &str| {
            let numbers = rest.strip_prefix('-').and_then(|rest| rest.split_once('-'));
            numbers.is_some_and(|(p, d)| p.parse::<u32>().is_ok() && d.parse::<u32>().is_ok())
        };
        let is_slot =
            |key: &str| names.iter().any(|name| key.strip_prefix(name).is_some_and(is_place));
        let media = self.pairs.iter().filter(|pair| is_slot(&pair.key) && pair.value != "none");
        media.map(|p| Disk { slot: p.key.clone(), medium: p.value.clone() }).collect()
    }

    /// `vrdeport` is the true one of a live VM and -1 of any other, `vrdeports` what is configured.
    fn remote_display_port(&self) -> Option<u16> {
        self.text("vrde").filter(|switch| *switch == "on")?;
        let true_one = self.number("vrdeport").filter(|port| *port > 0);
        true_one.or_else(|| self.number("vrdeports"))
    }
}

/// Reads `NAME,tcp,127.0.0.1,2222,,22`; the name is raw. A rule that fits nothing is dropped.
fn forward(value: &str) -> Option<Forward> {
    let mut parts = value.rsplitn(6, ',');
    let guest_port = parts.next()?.parse().ok()?;
    let _guest_address = parts.next()?;
    let host_port = parts.next()?.parse().ok()?;
    let host_address = parts.next()?.parse().ok();
    let protocol = match parts.next()? {
        "tcp" => Protocol::Tcp,
        "udp" => Protocol::Udp,
        _ => return None,
    };
    let name = parts.next()?.to_owned();
    Some(Forward { name, protocol, host_address, host_port, guest_port })
}

/// The time is in UTC, but does not say so; its nine digits of a second are noise.
fn in_utc(time: &str) -> String {
    if time.ends_with('Z') || time.contains('+') {
        return time.to_owned();
    }
    let seconds = time.split_once('.').map_or(time, |(seconds, _)| seconds);
    format!("{seconds}Z")
}

#[cfg(test)]
#[path = "vm_info_tests.rs"]
mod tests;
