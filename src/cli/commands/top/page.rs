use crate::model::{VmState, VmSummary};
use crate::report::human_duration;
use crate::request::MetricsReport;
use crate::store::TaskRecord;

/// What is shown.
#[derive(Debug)]
pub(super) struct Overview {
    pub(super) metrics: MetricsReport,
    pub(super) vms: Vec<VmSummary>,
    pub(super) tasks: Vec<TaskRecord>,
}

/// A line, and how it looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) weight: Weight,
}

/// How a line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Plain,
    Heading,
    Chosen,
}

/// What a person looks at: the VM that is chosen.
#[derive(Debug, Default)]
pub(super) struct Page {
    chosen: usize,
}

/// The columns of VMs and of tasks, each with its width; the last one has what is left.
const VMS: [(&str, usize); 5] =
    [("VM", 24), ("STATE", 12), ("CPU", 6), ("MEMORY", 10), ("SYSTEM", 0)];
const TASKS: [(&str, usize); 4] = [("TASK", 18), ("VM", 24), ("STATE", 10), ("TOOK", 0)];

/// The rows that are for neither VMs nor tasks: the host's, two headings, an empty one.
const FIXED: usize = 4;

impl Page {
    /// Chooses the VM above.
    pub(super) fn up(&mut self) {
        self.chosen = self.chosen.saturating_sub(1);
    }

    /// Chooses the VM below.
    pub(super) fn down(&mut self, of: &Overview) {
        self.chosen = (self.chosen + 1).min(of.vms.len().saturating_sub(1));
    }

    /// Returns everything, for what has no end.
    pub(super) fn whole(&self, of: &Overview) -> Vec<String> {
        let rows = of.vms.len() + of.tasks.len() + FIXED;
        let lines = self.within(of, (usize::MAX, rows));
        lines.into_iter().map(|it| it.text.trim_end().to_owned()).collect()
    }

    /// Returns what fits into so many columns and rows.
    pub(super) fn within(&self, of: &Overview, (columns, rows): (usize, usize)) -> Vec<Line> {
        let room = rows.saturating_sub(FIXED);
        // The VMs first; where there is room for more, the tasks.
        let vms = of
            .vms
            .len()
            .min(room.saturating_sub(room / 3).max(room.saturating_sub(of.tasks.len())));
        let tasks = of.tasks.len().min(room - vms);
        let chosen = self.chosen.min(of.vms.len().saturating_sub(1));
        let first = (chosen + 1).saturating_sub(vms);
        let mut lines = vec![plain(host(of)), heading(&VMS)];
        for (place, vm) in of.vms.iter().enumerate().skip(first).take(vms) {
            let weight = if place == chosen { Weight::Chosen } else { Weight::Plain };
            lines.push(Line { text: row(&VMS, &cells(vm, of)), weight });
        }
        lines.extend([plain(String::new()), heading(&TASKS)]);
        lines.extend(of.tasks.iter().take(tasks).map(|it| plain(row(&TASKS, &told(it)))));
        lines.truncate(rows);
        for line in &mut lines {
            line.text = line.text.chars().take(columns).collect();
        }
        lines
    }
}

fn host(of: &Overview) -> String {
    let host = of.metrics.host;
    let used = host.memory_bytes.saturating_sub(host.memory_available_bytes);
    let is_live = |it: &&VmSummary| matches!(it.state, VmState::Running | VmState::Paused);
    let live = of.vms.iter().filter(is_live).count();
    format!(
        "CPU {:.0}% of {}   memory {} of {}   disk {} free   {live} of {} VMs live   {} tasks open",
        host.cpu_usage_percent,
        host.cpus,
        bytes(used),
        bytes(host.memory_bytes),
        bytes(host.disk_free_bytes),
        of.vms.len(),
        of.metrics.tasks.open,
    )
}

fn cells(vm: &VmSummary, of: &Overview) -> Vec<String> {
    let usage = of.metrics.usage.iter().find(|it| it.id == vm.id);
    let of_usage = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    vec![
        visible(&vm.name),
        vm.state.to_string(),
        of_usage(usage.map(|it| format!("{:.0}%", it.cpu_percent))),
        of_usage(usage.map(|it| bytes(it.memory_bytes))),
        visible(vm.os_type.as_deref().unwrap_or("-")),
    ]
}

fn told(task: &TaskRecord) -> Vec<String> {
    let took = task.ended_at.and_then(|ended| ended.duration_since(task.queued_at).ok());
    vec![
        visible(&task.task_type.to_string()),
        visible(task.vm.as_deref().unwrap_or("-")),
        task.state.to_string(),
        took.map_or_else(|| "-".to_owned(), human_duration),
    ]
}

fn plain(text: String) -> Line {
    Line { text, weight: Weight::Plain }
}

fn heading(columns: &[(&str, usize)]) -> Line {
    let titles: Vec<String> = columns.iter().map(|(title, _)| (*title).to_owned()).collect();
    Line { text: row(columns, &titles), weight: Weight::Heading }
}

fn row(columns: &[(&str, usize)], cells: &[String]) -> String {
    let cell = |((_, width), text): (&(&str, usize), &String)| match width {
        0 => text.clone(),
        width => {
            let short: String = text.chars().take(*width).collect();
            format!("{short:<width$}  ")
        }
    };
    columns.iter().zip(cells).map(cell).collect()
}

/// Names may hold what a terminal takes for commands.
fn visible(text: &str) -> String {
    text.chars().map(|it| if it.is_control() { '?' } else { it }).collect()
}

fn bytes(amount: u64) -> String {
    const MIB: u64 = 1024 * 1024;
    let tenths = amount.saturating_mul(10) / (1024 * MIB);
    if tenths < 10 {
        format!("{} MiB", amount / MIB)
    } else {
        format!("{}.{} GiB", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use proptest::prelude::*;

    use super::{Overview, Page, Weight};
    use crate::model::{VmId, VmState, VmSummary};
    use crate::request::{HostFigures, MetricsReport, TaskFigures};

    fn overview(names: &[String]) -> Overview {
        let vm = |(place, name): (u128, &String)| VmSummary {
            name: name.clone(),
            id: VmId::from_random(place),
            state: VmState::Running,
            os_type: None,
            cpus: None,
            memory: None,
            groups: Vec::new(),
        };
        let metrics = MetricsReport {
            since: None,
            until: UNIX_EPOCH,
            tasks: TaskFigures::default(),
            types: Vec::new(),
            errors: Vec::new(),
            vms: Vec::new(),
            host: HostFigures { memory_bytes: 8 << 30, ..HostFigures::default() },
            usage: Vec::new(),
            registered: Vec::new(),
            checks: Vec::new(),
            series: Vec::new(),
        };
        Overview { metrics, vms: (0..).zip(names).map(vm).collect(), tasks: Vec::new() }
    }

    #[test]
    fn what_is_chosen_stays_in_sight() {
        let names: Vec<String> = (0..50).map(|it| format!("vm-{it}")).collect();
        let (of, mut page) = (overview(&names), Page::default());
        for _ in 0..99 {
            page.down(&of);
        }
        let lines = page.within(&of, (80, 24));
        let chosen = lines.iter().find(|it| it.weight == Weight::Chosen).unwrap();
        assert!(chosen.text.starts_with("vm-49 "), "{lines:?}");
        page.up();
        let lines = page.within(&of, (80, 24));
        assert!(
            lines.iter().any(|it| it.weight == Weight::Chosen && it.text.starts_with("vm-48 "))
        );
    }

    proptest! {
        #[test]
        fn whatever_there_is_fits_into_whatever_terminal(
            names in prop::collection::vec("\\PC{0,40}|[\\x00-\\x1f]{1,5}", 0..9),
            columns in 0usize..200, rows in 0usize..40, downs in 0usize..12,
        ) {
            let (of, mut page) = (overview(&names), Page::default());
            for _ in 0..downs {
                page.down(&of);
            }
            let lines = page.within(&of, (columns, rows));
            prop_assert!(lines.len() <= rows);
            for line in lines {
                prop_assert!(line.text.chars().count() <= columns);
                prop_assert!(!line.text.chars().any(char::is_control));
            }
        }
    }
}
