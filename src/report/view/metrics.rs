use super::system::finding;
use crate::report::Document;
use crate::report::cell::Cell;
use crate::report::document::Body;
use crate::report::dto::MetricsShape;
use crate::report::human;
use crate::report::prometheus;
use crate::report::sheet::Sheet;
use crate::request::{ErrorFigures, MetricsReport, Series, TaskFigures, TypeFigures, VmUsage};

impl Document {
    /// Builds the document of metrics.
    pub fn metrics(report: &MetricsReport) -> Self {
        let since = report.since.map_or_else(|| "the beginning".to_owned(), human::moment);
        let sheet = tasks(Sheet::default().title(format!("Tasks since {since}")), &report.tasks)
            .cells("by type", report.types.iter().map(by_type))
            .cells("errors", report.errors.iter().map(by_error));
        let vms = report.vms.iter().map(|(state, count)| Cell::new(format!("{count} {state}")));
        let host = &report.host;
        let used = host.memory_bytes.saturating_sub(host.memory_available_bytes);
        let registered = report.registered.iter().map(|(name, value)| {
            let value = value.map_or_else(|| "no answer".to_owned(), |value| value.to_string());
            Cell::new(format!("{name}: {value}"))
        });
        let sheet = sheet
            .title("Now")
            .cells("VMs", vms)
            .cells("usage", report.usage.iter().map(usage))
            .row("cpu", format!("{:.0} % of {} CPUs", host.cpu_usage_percent, host.cpus))
            .row("memory", format!("{} of {}", human::bytes(used), human::bytes(host.memory_bytes)))
            .row("disk free", human::bytes(host.disk_free_bytes))
            .cells("registered", registered)
            .cells("checks", report.checks.iter().map(finding));
        let sheet = match report.series.as_slice() {
            [] => sheet,
            all => sheet.title("Samples").cells("", all.iter().map(series)),
        };
        Self::object(&MetricsShape::from(report), None, Body::Sheet(sheet))
            .exposed(prometheus::exposition(report))
    }
}

/// Shows what all tasks came to.
pub(super) fn tasks(sheet: Sheet, tasks: &TaskFigures) -> Sheet {
    let retries = match tasks.retries {
        0 => "0".to_owned(),
        count => format!("{count} of {} tasks, {} recovered", tasks.retried, tasks.recovered),
    };
    sheet
        .row(
            "ended",
            format!("{} well, {} failed, {} canceled", tasks.done, tasks.failed, tasks.canceled),
        )
        .row_if("completed", tasks.completion_rate().map(human::percent))
        .row("open", tasks.open.to_string())
        .row("retries", retries)
        .row("VMs created", tasks.vms_created.to_string())
        .row_if("recovered", (0 < tasks.vms_recovered).then(|| vms(tasks.vms_recovered)))
        .row_if("mean time", tasks.mean_time.map(human::duration))
}

fn vms(count: u64) -> String {
    if count == 1 { "1 VM".to_owned() } else { format!("{count} VMs") }
}

/// Shows what the tasks of one type came to.
pub(super) fn by_type(figures: &TypeFigures) -> Cell {
    let TypeFigures { task_type, done, failed, .. } = figures;
    let times = [("mean", figures.mean), ("p50", figures.p50), ("p95", figures.p95)];
    let shown = times
        .into_iter()
        .filter_map(|(what, time)| time.map(|time| format!(", {what} {}", human::duration(time))));
    Cell::new(format!("{task_type}: {done} well, {failed} failed{}", shown.collect::<String>()))
}

/// Shows how often tasks failed with one code.
pub(super) fn by_error(figures: &ErrorFigures) -> Cell {
    Cell::new(format!("{}: {}", figures.code, figures.count))
}

fn usage(usage: &VmUsage) -> Cell {
    let (name, memory) = (&usage.name, human::bytes(usage.memory_bytes));
    Cell::new(format!("{name}: {:.0} % of a CPU, {memory}", usage.cpu_percent))
}

fn series(series: &Series) -> Cell {
    let Series { name, samples, last, min, mean, max, .. } = series;
    let value = |value: &f64| {
        // Whole bytes below 2^53 are exact.
        #[expect(
            clippy::as_conversions,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates, and is only shown"
        )]
        let bytes = *value as u64;
        if name.ends_with("_bytes") { human::bytes(bytes) } else { format!("{value:.1}") }
    };
    Cell::new(format!(
        "{name}: {}, from {} to {}, mean {}, of {samples}",
        value(last),
        value(min),
        value(max),
        value(mean)
    ))
}
