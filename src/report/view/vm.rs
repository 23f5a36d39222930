use std::path::PathBuf;

use super::clock;
use super::snapshot;
use crate::model::{
    Freshness, GuestClock, GuestFacts, NetworkAdapter, PointerRoute, Vm, VmSummary,
};
use crate::report::Document;
use crate::report::cell::Cell;
use crate::report::document::Body;
use crate::report::dto::{SummaryItem, VmItem};
use crate::report::human;
use crate::report::sheet::Sheet;
use crate::report::table::{Column, Table};

/// The name comes first: scripts take it with `awk '{print $1}'`.
pub(super) fn list(vms: &[VmSummary]) -> Document {
    let columns = vec![
        Column::left("name", "NAME"),
        Column::left("state", "STATE"),
        Column::left("os_type", "OS"),
        Column::right("cpus", "CPUS"),
        Column::right("memory_mib", "MEMORY"),
        Column::left("groups", "GROUPS").if_room(),
        Column::left("id", "ID").if_room(),
    ];
    let row = |vm: &VmSummary| {
        vec![
            Cell::new(&vm.name),
            Cell::state(&vm.state),
            Cell::maybe(vm.os_type.as_ref()),
            Cell::maybe(vm.cpus.map(|cpus| cpus.to_string())),
            Cell::maybe(vm.memory.map(human::memory)),
            Cell::maybe(named_groups(&vm.groups)),
            Cell::new(vm.id.to_string()),
        ]
    };
    let items: Vec<SummaryItem> = vms.iter().map(SummaryItem::from).collect();
    let names = vms.iter().map(|vm| vm.name.clone()).collect();
    let rows = vms.iter().map(row).collect();
    Document::items(&items, Body::Table(Table { columns, rows }), names)
}

pub(super) fn status(vm: &Vm) -> Document {
    let mut state = Cell::state(&vm.state);
    if let Some(since) = &vm.state_since {
        state.text = format!("{} since {since}", state.text);
    }
    let path = |path: &PathBuf| path.display().to_string();
    let sheet = Sheet::default()
        .row("name", &vm.name)
        .row("id", vm.id.to_string())
        .cell("state", state)
        .row("operating system", &vm.os)
        .row("cpus", vm.cpus.to_string())
        .row("memory", human::memory(vm.memory))
        .row("firmware", &vm.firmware)
        .row("graphics", &vm.graphics)
        .row_if("engine", vm.execution_engine.as_ref())
        .row_if("groups", named_groups(&vm.groups))
        .cells("description", vm.description.lines().map(Cell::new))
        .cells("network", vm.adapters.iter().map(adapter))
        .cells("forwards", vm.forwards().map(|forward| Cell::new(forward.to_string())))
        .row_if("remote display", vm.remote_display_port.map(|port| format!("port {port}")))
        .cells("disks", vm.disks.iter().map(|d| Cell::new(format!("{}  {}", d.slot, d.medium))))
        .row("guest additions", additions(vm))
        .cells("guest", vm.guest.iter().flat_map(guest))
        .row("pointer", pointer(&vm.pointer))
        .cells("snapshots", snapshot::branches(&vm.snapshots).into_iter().map(|(line, _)| line))
        .row_if("settings", vm.settings_file.as_ref().map(path))
        .row_if("logs", vm.log_folder.as_ref().map(path));
    Document::items(&[VmItem::from(vm)], Body::Sheet(sheet), vec![vm.name.clone()])
}

fn adapter(adapter: &NetworkAdapter) -> Cell {
    Cell::new(format!("{}  {}  {}", adapter.slot, adapter.attachment, adapter.mac))
}

/// The root group alone says nothing.
fn named_groups(groups: &[String]) -> Option<String> {
    let named: Vec<&str> =
        groups.iter().map(String::as_str).filter(|group| *group != "/").collect();
    (!named.is_empty()).then(|| named.join(", "))
}

/// Tells what the guest reports, one line each.
fn guest(facts: &GuestFacts) -> Vec<Cell> {
    let system = facts.system.as_ref().map(|system| {
        let release = facts.release.as_ref().map(|release| format!(" {release}"));
        format!("{system}{}", release.unwrap_or_default())
    });
    let addresses: Vec<String> = facts.addresses.iter().map(ToString::to_string).collect();
    let addresses = (!addresses.is_empty()).then(|| addresses.join(", "));
    let users = facts.users.as_ref().map(|users| match users.as_slice() {
        [] => "nobody is logged in".to_owned(),
        [..] => format!("logged in: {}", users.join(", ")),
    });
    let traffic = facts.traffic.map(|traffic| {
        let [received, sent, read, written] =
            [traffic.received, traffic.sent, traffic.read, traffic.written]
                .map(|bytes| format!("{}/s", human::bytes(bytes)));
        format!("network {received} in, {sent} out; disks {read} read, {written} written")
    });
    let stale = (facts.freshness == Freshness::Stale)
        .then(|| "this is from before it was saved: it has not reported since".to_owned());
    let lines = [system, addresses, users, traffic, stale].into_iter().flatten();
    let mut told: Vec<Cell> = lines.map(Cell::new).collect();
    if told.is_empty() {
        told.push(Cell::new("it reports nothing"));
    }
    told.push(Cell::new(clock(&facts.clock)));
    told
}

fn clock(clock: &GuestClock) -> String {
    match clock {
        GuestClock::Unasked => "its clock is told to who logs in: `--username USER`".to_owned(),
        GuestClock::Ahead(ahead_ms) => format!("its clock is {}", clock::standing(*ahead_ms)),
        GuestClock::Unknown(why) => format!("its clock is not known: {why}"),
    }
}

fn pointer(route: &PointerRoute) -> String {
    let device = route.device.as_deref().unwrap_or("unknown");
    let way = route.way.map_or_else(
        || "out of reach: no `vboxwebsrv` on this host, no VNC display of this VM".to_owned(),
        |way| format!("through {way}"),
    );
    format!("{device}, {way}")
}

fn additions(vm: &Vm) -> String {
    let level = match vm.guest_additions.run_level {
        0 => "not running",
        1 => "drivers",
        2 => "services",
        3.. => "desktop",
    };
    let version = vm.guest_additions.version.as_ref();
    version.map_or_else(|| level.to_owned(), |version| format!("{level}, {version}"))
}
