use super::metrics;
use crate::model::{Finding, Severity};
use crate::report::Document;
use crate::report::cell::Cell;
use crate::report::document::Body;
use crate::report::dto::{HeadroomShape, SystemShape};
use crate::report::human;
use crate::report::paint::Tone;
use crate::report::sheet::Sheet;
use crate::request::SystemStatus;

pub(super) fn status(system: &SystemStatus) -> Document {
    let sheet = [hypervisor, host, vms, tasks]
        .into_iter()
        .fold(Sheet::default(), |sheet, section| section(sheet, system));
    let sheet = match system.checks.as_slice() {
        [] => sheet,
        checks => sheet.title("Checks").cells("", checks.iter().map(finding)),
    };
    Document::object(&SystemShape::from(system), None, Body::Sheet(sheet))
}

fn hypervisor(sheet: Sheet, system: &SystemStatus) -> Sheet {
    let health = &system.hypervisor;
    let verdict = if health.is_usable() {
        Cell::toned(Tone::Good, "healthy")
    } else {
        Cell::toned(Tone::Bad, "cannot run VMs")
    };
    sheet
        .title("Hypervisor")
        .cell("health", verdict)
        .row("kind", health.kind.to_string())
        .row_if("version", health.version.as_ref())
        .row_if("program", health.program.as_ref().map(|program| program.display().to_string()))
        .row("engine", health.engine.as_str())
        .cells("findings", health.findings.iter().map(finding))
}

fn host(sheet: Sheet, system: &SystemStatus) -> Sheet {
    let host = &system.host;
    let of = |free: u64, all: u64| format!("{} free of {}", human::bytes(free), human::bytes(all));
    sheet
        .title("Host")
        .row("cpus", format!("{} ({:.0} % in use)", host.cpus, host.cpu_usage_percent))
        .row("memory", of(host.memory_available_bytes, host.memory_bytes))
        .row("disk", of(host.disk_free_bytes, host.disk_bytes))
}

fn vms(sheet: Sheet, system: &SystemStatus) -> Sheet {
    let headroom = HeadroomShape::from(system);
    let counts: Vec<Cell> = system
        .vms
        .iter()
        .map(|(state, count)| {
            let tone = Cell::state(state).tone;
            Cell::toned(tone, format!("{count} {state}"))
        })
        .collect();
    let counts = if counts.is_empty() { vec![Cell::new("none")] } else { counts };
    sheet
        .title("VMs")
        .cells("states", counts)
        .row(
            "limits",
            format!(
                "{} VMs at once, {} % of memory, {} % of CPU",
                system.max_concurrent_vms,
                system.max_memory_usage_percent,
                system.max_cpu_usage_percent
            ),
        )
        .row(
            "headroom",
            format!(
                "{} VMs, {} of memory, {:.0} % of CPU",
                headroom.vms,
                human::bytes(headroom.memory_bytes),
                headroom.cpu_percent
            ),
        )
}

fn tasks(sheet: Sheet, system: &SystemStatus) -> Sheet {
    metrics::tasks(sheet.title("Tasks"), &system.tasks)
        .cells("by type", system.task_types.iter().map(metrics::by_type))
        .cells("errors", system.task_errors.iter().map(metrics::by_error))
}

pub(super) fn finding(finding: &Finding) -> Cell {
    let fix = finding.fix.as_ref().map_or_else(String::new, |fix| format!(" ({fix})"));
    let word = match finding.severity {
        Severity::Fine => "",
        Severity::Advice => "advice: ",
        Severity::Problem => "problem: ",
    };
    let tone = Cell::severity(finding.severity).tone;
    Cell::toned(tone, format!("{word}{}{fix}", finding.message))
}
