use std::time::Duration;

use super::keys::Of;
use super::problem::Problem;
use super::values::Values;
use crate::fleet::Condition;
use crate::model::{Display, Invalid, Nic, SnapshotName, Switch, VmName, VmRef};
use crate::request::spelling::{cpus, disk, duration, forward, group, memory, numbered, port_wish};
use crate::request::{CloneWish, CreateRequest, DiskWish, IfExists, PortWish};

/// What stands for the number in the name of counted VMs.
const NUMBER: &str = "{}";

/// One key of `vms`: what it says, each part right in itself.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) path: String,
    pub(super) names: Vec<VmName>,
    pub(super) making: EntryMaking,
    pub(super) start: Option<Display>,
    pub(super) start_from: Option<SnapshotName>,
    pub(super) wait: Option<Condition>,
    pub(super) patience: Option<Duration>,
    pub(super) needs: Vec<EntryNeed>,
}

/// How the VMs of an entry are made.
#[derive(Debug)]
pub(super) enum EntryMaking {
    /// Anew; the name is that of the first.
    New(Box<CreateRequest>),
    /// As copies.
    Copy { from: VmRef, content: CloneWish, snapshot: Option<SnapshotName> },
}

/// What an entry needs of another one.
#[derive(Debug)]
pub(super) struct EntryNeed {
    pub(super) path: String,
    pub(super) on: String,
    pub(super) until: Condition,
}

/// Whether an entry stands for several VMs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Many {
    One,
    Several,
}

impl Many {
    fn of(count: usize) -> Self {
        if count < 2 { Self::One } else { Self::Several }
    }
}

/// Reads one entry; `None` if it has a problem of its own, which the values then know.
pub(super) fn entry(key: &str, values: &mut Values<'_>) -> Option<Entry> {
    let names = names(key, values);
    let start = start(values);
    let wait = values.one("wait", str::parse::<Condition>);
    if start.is_none() && wait.is_some_and(|wait| wait != Condition::Created) {
        values.wrong("wait", "is for a VM that is started, and `start` is false");
    }
    let start_from = values.one("start_from", str::parse);
    if start.is_none() && start_from.is_some() {
        values.wrong("start_from", "is for a VM that is started, and `start` is false");
    }
    let patience = values.one("timeout", duration);
    let needs = needs(values);
    let (first, many) = (names.first().cloned(), Many::of(names.len()));
    let making =
        if values.has("from") { copy(values) } else { first.map(|it| new(it, many, values)) };
    if !values.problems.is_empty() {
        return None;
    }
    let path = values.path.clone();
    Some(Entry {
        key: key.to_owned(),
        path,
        names,
        making: making?,
        start,
        start_from,
        wait,
        patience,
        needs,
    })
}

/// Returns the names of the VMs that one key stands for.
fn names(key: &str, values: &mut Values<'_>) -> Vec<VmName> {
    let texts: Vec<String> = match values.one("count", number) {
        Some(count) => numbered(key, count).collect(),
        None if key.contains(NUMBER) && !values.has("count") => {
            let path = values.path.clone();
            let why = "has `{}`, where a number goes, and no `count`";
            values.problems.push(Problem::at(&path, why));
            Vec::new()
        }
        None => vec![key.to_owned()],
    };
    let mut names = Vec::new();
    for text in texts {
        match text.parse() {
            Ok(name) => names.push(name),
            Err(Invalid { why, .. }) => {
                let path = values.path.clone();
                let why = format!("a VM cannot be named so: it {why}");
                values.problems.push(Problem::at(&path, why));
                break;
            }
        }
    }
    names
}

fn number(text: &str) -> Result<u32, Invalid> {
    text.parse().map_err(|_not_a_number| Invalid::new("number", text, "is not a number"))
}

fn start(values: &mut Values<'_>) -> Option<Display> {
    let wanted = values.flag("start").unwrap_or(true);
    let window = values.flag("gui").unwrap_or(false);
    wanted.then_some(if window { Display::Gui } else { Display::Headless })
}

fn needs(values: &mut Values<'_>) -> Vec<EntryNeed> {
    let mut needs = Vec::new();
    for (on, until) in values.needs("depends_on") {
        let name = format!("depends_on.{on}");
        let path = values.path_of(&name);
        match until.map_or(Ok(Condition::Running), |text| text.parse()) {
            Ok(until) => needs.push(EntryNeed { path, on, until }),
            Err(Invalid { value, why, .. }) => values.wrong(&name, format!("`{value}` {why}")),
        }
    }
    needs
}

fn copy(values: &mut Values<'_>) -> Option<EntryMaking> {
    for name in values.keys(|key| key.of == Of::New) {
        values.wrong(name, "is as it is in the original of a copy: leave it out");
    }
    let snapshot = values.one("from_snapshot", str::parse);
    let linked = values.flag("linked").unwrap_or(true);
    let content = if linked { CloneWish::Linked } else { CloneWish::Full };
    let from = values.one("from", str::parse)?;
    Some(EntryMaking::Copy { from, content, snapshot })
}

fn new(name: VmName, many: Many, values: &mut Values<'_>) -> EntryMaking {
    for name in values.keys(|key| key.of == Of::Copy) {
        values.wrong(name, "is for a copy, and there is no `from`");
    }
    let size = values.one("disk", disk);
    let disk = match (size, values.flag("no_disk")) {
        (Some(_), Some(true)) => {
            values.wrong("no_disk", "contradicts `disk`");
            None
        }
        (_, Some(true)) => Some(DiskWish::None),
        (size, _) => size.map(DiskWish::Size),
    };
    let asked = CreateRequest {
        if_exists: IfExists::Keep,
        memory: values.one("memory", memory),
        disk,
        cpus: values.one("cpus", cpus),
        os_type: values.one("os_type", os_type),
        iso: values.one("iso", |text| Ok(text.into())),
        firmware: values.one("firmware", str::parse),
        graphics: values.one("graphics", str::parse),
        accelerate_3d: values.flag("accelerate_3d").map(Switch::from),
        execution_engine: values.one("execution_engine", str::parse),
        nic: values.one("nic", str::parse::<Nic>),
        ssh: values.one("ssh_port", port_wish).unwrap_or(PortWish::Configured),
        remote_display: values.one("rdp", port_wish).unwrap_or(PortWish::Configured),
        forwards: values.all("forward", forward),
        groups: values.all("group", group),
        description: values.one("description", |text| Ok(text.to_owned())).unwrap_or_default(),
        ..CreateRequest::new(name)
    };
    if many == Many::Several {
        refuse_shared_ports(&asked, values);
    }
    EntryMaking::New(Box::new(asked))
}

/// Refuses host ports that several VMs would share.
fn refuse_shared_ports(asked: &CreateRequest, values: &mut Values<'_>) {
    let fixed = |wish: PortWish| matches!(wish, PortWish::Port(_));
    let shared = [
        ("ssh_port", fixed(asked.ssh)),
        ("rdp", fixed(asked.remote_display)),
        ("forward", !asked.forwards.is_empty()),
    ];
    for (name, _) in shared.into_iter().filter(|(_, is_shared)| *is_shared) {
        values.wrong(name, "names a host port, which several VMs cannot share: see `count`");
    }
}

fn os_type(text: &str) -> Result<String, Invalid> {
    // The hypervisor would take it for an option.
    if text.is_empty() || text.starts_with('-') || text.chars().any(char::is_control) {
        return Err(Invalid::new("os_type", text, "is not the name of an operating system"));
    }
    Ok(text.to_owned())
}
