//! The text format that Prometheus reads (version 0.0.4).

use std::fmt::Write as _;
use std::time::Duration;

use crate::model::{Finding, Severity};
use crate::request::MetricsReport;

/// Writes all metrics. Every one is a gauge: counts are of what is still kept, or of a span of
/// time, and go down again.
pub(super) fn exposition(report: &MetricsReport) -> String {
    let mut text = Exposition(String::new());
    tasks(&mut text, report);
    let vms: Vec<_> = report
        .vms
        .iter()
        .map(|(state, count)| (vec![("state", state.to_string())], shown(*count)))
        .collect();
    text.family("vm_cli_vms", "VMs in each state.", &vms);
    host(&mut text, report);
    let of = |value: &dyn Fn(usize) -> Option<String>| -> Vec<Sample> {
        let label = |place: usize| {
            let usage = report.usage.get(place)?;
            Some((vec![("vm", usage.name.clone()), ("id", usage.id.to_string())], value(place)?))
        };
        (0..report.usage.len()).filter_map(label).collect()
    };
    let cpu = of(&|place| report.usage.get(place).map(|it| shown(it.cpu_percent)));
    let memory = of(&|place| report.usage.get(place).map(|it| shown(it.memory_bytes)));
    text.family("vm_cli_vm_cpu_percent", "CPU of a live VM, in percent of one CPU.", &cpu);
    text.family("vm_cli_vm_memory_bytes", "Memory of the host that a live VM takes.", &memory);
    let registered: Vec<_> = report
        .registered
        .iter()
        .filter_map(|(name, value)| Some((vec![("name", name.clone())], shown((*value)?))))
        .collect();
    text.family("vm_cli_registered", "What a program registered, by name.", &registered);
    let well = |it: &Finding| if it.severity == Severity::Problem { "0" } else { "1" };
    let checks: Vec<_> = report
        .checks
        .iter()
        .map(|it| (vec![("check", it.check.to_string())], well(it).to_owned()))
        .collect();
    text.family("vm_cli_check", "A registered health check: 0 is a problem, 1 is none.", &checks);
    text.0
}

fn tasks(text: &mut Exposition, report: &MetricsReport) {
    let tasks = &report.tasks;
    let states = [
        ("done", tasks.done),
        ("failed", tasks.failed),
        ("canceled", tasks.canceled),
        ("open", tasks.open),
    ];
    let states = states.map(|(state, count)| (vec![("state", state.to_owned())], shown(count)));
    text.family("vm_cli_tasks", "Tasks in each state.", &states);
    text.one("vm_cli_task_retries", "Attempts beyond the first.", shown(tasks.retries));
    text.one("vm_cli_tasks_retried", "Tasks tried more than once.", shown(tasks.retried));
    let recovered = "Tasks tried more than once that ended well.";
    text.one("vm_cli_tasks_recovered", recovered, shown(tasks.recovered));
    if let Some(rate) = tasks.completion_rate() {
        let help = "The share of the ended tasks that ended well.";
        text.one("vm_cli_task_completion_ratio", help, shown(rate));
    }
    text.one("vm_cli_vms_created", "VMs that were made.", shown(tasks.vms_created));
    let back = "VMs that were brought back after they came to harm.";
    text.one("vm_cli_vms_recovered", back, shown(tasks.vms_recovered));
    let mut times = Vec::new();
    for figures in &report.types {
        let label =
            |what: &str| vec![("type", figures.task_type.to_string()), ("stat", what.to_owned())];
        let known = [("mean", figures.mean), ("p50", figures.p50), ("p95", figures.p95)];
        let known = known.into_iter().filter_map(|(what, time)| Some((label(what), time?)));
        times.extend(known.map(|(labels, time)| (labels, seconds(time))));
    }
    text.family("vm_cli_task_seconds", "Time of tasks that ended well, by type.", &times);
    let failures: Vec<_> = report
        .errors
        .iter()
        .map(|figures| (vec![("code", figures.code.clone())], shown(figures.count)))
        .collect();
    text.family("vm_cli_task_errors", "Failed tasks by the code of their error.", &failures);
}

fn host(text: &mut Exposition, report: &MetricsReport) {
    let host = &report.host;
    text.one("vm_cli_host_cpus", "Logical CPUs of the host.", shown(host.cpus));
    let cpu = "CPU of the host in use, in percent.";
    text.one("vm_cli_host_cpu_percent", cpu, shown(host.cpu_usage_percent));
    text.one("vm_cli_host_memory_bytes", "Memory of the host.", shown(host.memory_bytes));
    let available = "Memory of the host that programs may still take.";
    let bytes = shown(host.memory_available_bytes);
    text.one("vm_cli_host_memory_available_bytes", available, bytes);
    let free = "What is free on the disk of the VMs.";
    text.one("vm_cli_host_disk_free_bytes", free, shown(host.disk_free_bytes));
}

/// A sample: its labels and its value.
type Sample = (Vec<(&'static str, String)>, String);

/// The text as it grows.
struct Exposition(String);

impl Exposition {
    /// Adds a metric without labels.
    fn one(&mut self, name: &str, help: &str, value: String) {
        self.family(name, help, &[(Vec::new(), value)]);
    }

    /// Adds a metric with its samples; without samples it is left out.
    fn family(&mut self, name: &str, help: &str, samples: &[Sample]) {
        if samples.is_empty() {
            return;
        }
        self.line(format_args!("# HELP {name} {help}"));
        self.line(format_args!("# TYPE {name} gauge"));
        for (labels, value) in samples {
            let labels: Vec<String> =
                labels.iter().map(|(key, text)| format!("{key}=\"{}\"", escaped(text))).collect();
            if labels.is_empty() {
                self.line(format_args!("{name} {value}"));
            } else {
                self.line(format_args!("{name}{{{}}} {value}", labels.join(",")));
            }
        }
    }

    fn line(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "{text}");
    }
}

fn shown(value: impl ToString + Copy) -> String {
    value.to_string()
}

fn seconds(span: Duration) -> String {
    span.as_secs_f64().to_string()
}

/// Escapes the value of a label.
fn escaped(text: &str) -> String {
    text.replace('\\', r"\\").replace('"', "\\\"").replace('\n', r"\n")
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::exposition;
    use crate::model::{Finding, Severity, VmId, VmState, VmTaskType};
    use crate::request::{
        ErrorFigures, HostFigures, MetricsReport, TaskFigures, TypeFigures, VmUsage,
    };

    #[test]
    fn every_metric_has_its_help_its_type_and_escaped_labels() {
        let tasks = TaskFigures { done: 3, failed: 1, retries: 2, ..TaskFigures::default() };
        let id = VmId::from_random(1);
        let report = MetricsReport {
            since: None,
            until: UNIX_EPOCH,
            tasks,
            types: vec![TypeFigures {
                task_type: VmTaskType::Start,
                done: 3,
                failed: 1,
                mean: Some(Duration::from_millis(1500)),
                p50: None,
                p95: None,
            }],
            errors: vec![ErrorFigures { code: "vm_locked".into(), count: 1 }],
            vms: vec![(VmState::Running, 2)],
            host: HostFigures::default(),
            usage: vec![VmUsage {
                id,
                name: "a \"b\"\\\n".into(),
                cpu_percent: 12.5,
                memory_bytes: 1 << 30,
            }],
            checks: vec![Finding {
                check: "licence".into(),
                severity: Severity::Problem,
                message: "expired".into(),
                fix: None,
            }],
            registered: vec![("depth".into(), Some(2.0)), ("mute".into(), None)],
            series: Vec::new(),
        };
        let text = exposition(&report);
        for line in [
            "# HELP vm_cli_tasks Tasks in each state.",
            "# TYPE vm_cli_tasks gauge",
            "vm_cli_tasks{state=\"done\"} 3",
            "vm_cli_task_retries 2",
            "vm_cli_task_completion_ratio 0.75",
            "vm_cli_task_seconds{type=\"start\",stat=\"mean\"} 1.5",
            "vm_cli_task_errors{code=\"vm_locked\"} 1",
            "vm_cli_vms{state=\"running\"} 2",
            &format!(r#"vm_cli_vm_cpu_percent{{vm="a \"b\"\\\n",id="{id}"}} 12.5"#),
            "vm_cli_registered{name=\"depth\"} 2",
            "vm_cli_check{check=\"licence\"} 0",
        ] {
            assert!(text.lines().any(|it| it == line), "`{line}` is missing in\n{text}");
        }
        assert!(!text.contains("mute"), "{text}");
        let typed = text.lines().filter(|line| line.starts_with("# TYPE ")).count();
        let helped = text.lines().filter(|line| line.starts_with("# HELP ")).count();
        assert_eq!((typed, text.ends_with('\n')), (helped, true));
    }
}
