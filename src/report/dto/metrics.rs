use serde::Serialize;
use serde_json::{Map, Value};

use super::{FindingShape, HostShape, TasksShape, millis, moment};
use crate::request::{ErrorFigures, MetricsReport, Series, TypeFigures, VmUsage};

/// The document of `metrics`.
#[derive(Debug, Serialize)]
pub(crate) struct MetricsShape {
    since: Option<String>,
    until: String,
    tasks: TasksShape,
    /// How many VMs are in each state.
    vms: Map<String, Value>,
    host: HostShape,
    vm_usage: Vec<UsageShape>,
    /// What a program registered, by name; null if it did not answer.
    registered: Map<String, Value>,
    /// What the registered health checks say.
    checks: Vec<FindingShape>,
    series: Vec<SeriesShape>,
}

/// What the tasks of one type came to.
#[derive(Debug, Serialize)]
pub(crate) struct TypeShape {
    r#type: String,
    done: u64,
    failed: u64,
    mean_time_ms: Option<u64>,
    p50_time_ms: Option<u64>,
    p95_time_ms: Option<u64>,
}

/// How often tasks failed with one code.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorShape {
    code: String,
    count: u64,
}

#[derive(Debug, Serialize)]
struct UsageShape {
    name: String,
    id: String,
    cpu_percent: f32,
    memory_bytes: u64,
}

#[derive(Debug, Serialize)]
struct SeriesShape {
    name: String,
    samples: u64,
    first_at: String,
    last_at: String,
    last: f64,
    min: f64,
    mean: f64,
    max: f64,
}

impl From<&MetricsReport> for MetricsShape {
    fn from(report: &MetricsReport) -> Self {
        let vms = report.vms.iter().map(|(state, count)| (state.to_string(), (*count).into()));
        let registered = report.registered.iter().map(|(name, it)| (name.clone(), (*it).into()));
        Self {
            since: report.since.map(moment),
            until: moment(report.until),
            tasks: TasksShape::new(&report.tasks, &report.types, &report.errors),
            vms: vms.collect(),
            host: HostShape::from(&report.host),
            vm_usage: report.usage.iter().map(UsageShape::from).collect(),
            registered: registered.collect(),
            checks: report.checks.iter().map(FindingShape::from).collect(),
            series: report.series.iter().map(SeriesShape::from).collect(),
        }
    }
}

impl From<&TypeFigures> for TypeShape {
    fn from(figures: &TypeFigures) -> Self {
        Self {
            r#type: figures.task_type.to_string(),
            done: figures.done,
            failed: figures.failed,
            mean_time_ms: figures.mean.map(millis),
            p50_time_ms: figures.p50.map(millis),
            p95_time_ms: figures.p95.map(millis),
        }
    }
}

impl From<&ErrorFigures> for ErrorShape {
    fn from(figures: &ErrorFigures) -> Self {
        Self { code: figures.code.clone(), count: figures.count }
    }
}

impl From<&VmUsage> for UsageShape {
    fn from(usage: &VmUsage) -> Self {
        Self {
            name: usage.name.clone(),
            id: usage.id.to_string(),
            cpu_percent: usage.cpu_percent,
            memory_bytes: usage.memory_bytes,
        }
    }
}

impl From<&Series> for SeriesShape {
    fn from(series: &Series) -> Self {
        Self {
            name: series.name.clone(),
            samples: series.samples,
            first_at: moment(series.first_at),
            last_at: moment(series.last_at),
            last: series.last,
            min: series.min,
            mean: series.mean,
            max: series.max,
        }
    }
}
