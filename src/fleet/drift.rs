use std::fmt;

use super::{Making, Member};
use crate::model::{Firmware, Forward, GraphicsController, NetworkAdapter, Nic, Vm};
use crate::request::{CreateRequest, PortWish};

/// A setting in which a VM is not as its file says. It is told, never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// The key in the file.
    pub key: &'static str,
    /// What the file says.
    pub file: String,
    /// What was found.
    pub found: String,
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {}, the file says {}", self.key, self.found, self.file)
    }
}

/// Compares what a file says of a VM with what was found. Only what the file says is compared, and
/// only as far as the hypervisor tells it; `os_type` is as a listing has it.
pub fn drift(member: &Member, found: &Vm, os_type: Option<&str>) -> Vec<Drift> {
    let mut all = match &member.making {
        Making::New(asked) => settings(asked, found, os_type),
        // What a copy is follows from its original, which may be another one by now.
        Making::Copy(_) | Making::Template(_) => Vec::new(),
    };
    if let Some(snapshot) = &member.start_from
        && found.snapshots.find(snapshot.as_str()).is_empty()
    {
        let found = "missing".to_owned();
        all.push(Drift { key: "start_from", file: format!("`{snapshot}`"), found });
    }
    all
}

fn settings(asked: &CreateRequest, found: &Vm, os_type: Option<&str>) -> Vec<Drift> {
    let mut all = Compared(Vec::new());
    all.say("memory", asked.memory.as_ref(), Some(&found.memory));
    all.say("cpus", asked.cpus.as_ref(), Some(&found.cpus));
    all.say("os_type", asked.os_type.as_deref(), os_type);
    let firmware = found.firmware.as_str();
    // VirtualBox tells EFI by its word width too.
    let firmware = if firmware.starts_with("efi") { "efi" } else { firmware };
    all.say("firmware", asked.firmware.map(Firmware::as_str), Some(firmware));
    all.say(
        "graphics",
        asked.graphics.map(GraphicsController::as_str),
        Some(found.graphics.as_str()),
    );
    let nic = asked.nic.as_ref().map(attachment);
    let first = found.adapters.iter().find(|adapter| adapter.slot == 1);
    all.say("nic", nic, Some(first.map_or("none", |adapter| adapter.attachment.as_str())));
    if let Some(iso) = &asked.iso {
        let name = iso.file_name().unwrap_or_default().to_string_lossy();
        if !found.disks.iter().any(|disk| disk.medium.ends_with(name.as_ref())) {
            all.differs("iso", name.into_owned(), "not in a drive".to_owned());
        }
    }
    all.forwards(asked, first);
    if !asked.groups.is_empty() && sorted(&asked.groups) != sorted(&found.groups) {
        all.differs("group", asked.groups.join(", "), found.groups.join(", "));
    }
    if !asked.description.is_empty() && asked.description != found.description {
        all.differs("description", "something else".to_owned(), "another text".to_owned());
    }
    all.0
}

struct Compared(Vec<Drift>);

impl Compared {
    fn say<T>(&mut self, key: &'static str, file: Option<&T>, found: Option<&T>)
    where
        T: PartialEq + fmt::Display + ?Sized,
    {
        if let (Some(file), Some(found)) = (file, found)
            && file != found
        {
            self.differs(key, file.to_string(), found.to_string());
        }
    }

    fn differs(&mut self, key: &'static str, file: String, found: String) {
        self.0.push(Drift { key, file, found });
    }

    /// Compares forwards by what they lead to: ports of the host may have been moved when they
    /// were taken.
    fn forwards(&mut self, asked: &CreateRequest, adapter: Option<&NetworkAdapter>) {
        let there = adapter.map(|it| it.forwards.as_slice()).unwrap_or_default();
        for wanted in &asked.forwards {
            let is_it = |it: &&Forward| it.name == wanted.name && it.protocol == wanted.protocol;
            let file = format!("{}:{}", wanted.host_port, wanted.guest_port);
            match there.iter().find(is_it) {
                None => self.differs("forward", file, format!("none named `{}`", wanted.name)),
                Some(it) if it.guest_port != wanted.guest_port => {
                    self.differs("forward", file, format!("{}:{}", it.host_port, it.guest_port));
                }
                Some(_) => {}
            }
        }
        let has_ssh = there.iter().any(|forward| forward.guest_port == 22);
        match asked.ssh {
            PortWish::Port(_) | PortWish::Free if !has_ssh => {
                self.differs("ssh_port", "one".to_owned(), "none".to_owned());
            }
            PortWish::Port(_) | PortWish::Free | PortWish::Configured | PortWish::None => {}
        }
    }
}

/// Returns VirtualBox's word for how an adapter is attached.
fn attachment(nic: &Nic) -> &'static str {
    match nic {
        Nic::None => "none",
        Nic::Nat => "nat",
        Nic::Bridged(_) => "bridged",
        Nic::HostOnly(_) => "hostonly",
        Nic::Internal(_) => "intnet",
        Nic::NatNetwork(_) => "natnetwork",
    }
}

fn sorted(texts: &[String]) -> Vec<&str> {
    let mut sorted: Vec<&str> = texts.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    sorted
}

#[cfg(test)]
#[path = "drift_tests.rs"]
mod tests;
