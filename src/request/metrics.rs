use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::{HostFigures, TaskFigures};
use crate::model::{Finding, VmId, VmState, VmTaskType};

/// Figures of a span of time, kept across processes.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub struct MetricsReport {
    /// From when on; `None` is everything that is still kept.
    pub since: Option<SystemTime>,
    /// Until when.
    pub until: SystemTime,
    /// What all tasks came to.
    pub tasks: TaskFigures,
    /// What the tasks of each type came to.
    pub types: Vec<TypeFigures>,
    /// How often tasks failed, by code, the most frequent first.
    pub errors: Vec<ErrorFigures>,
    /// How many VMs are in each state now; empty if they cannot be listed.
    pub vms: Vec<(VmState, usize)>,
    /// The host now.
    pub host: HostFigures,
    /// What live VMs take of it now.
    pub usage: Vec<VmUsage>,
    /// What was registered by name, with its value; `None` if it did not answer.
    pub registered: Vec<(String, Option<f64>)>,
    /// What the health checks say that were registered by name.
    pub checks: Vec<Finding>,
    /// How everything that is sampled went over the time, by name.
    pub series: Vec<Series>,
}

/// What the tasks of one type came to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct TypeFigures {
    /// The type.
    pub task_type: VmTaskType,
    /// How many ended well.
    pub done: u64,
    /// How many ended with an error.
    pub failed: u64,
    /// How long those that ended well took from queued to done, on the mean.
    pub mean: Option<Duration>,
    /// Half of them took no longer than this.
    pub p50: Option<Duration>,
    /// 95 of 100 took no longer than this.
    pub p95: Option<Duration>,
}

/// How often tasks failed with one code.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct ErrorFigures {
    /// The code.
    pub code: String,
    /// How many tasks ended with it as their first error.
    pub count: u64,
}

/// What a live VM takes of the host.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub struct VmUsage {
    /// The VM.
    pub id: VmId,
    /// Its name.
    pub name: String,
    /// CPU in percent of one CPU.
    pub cpu_percent: f32,
    /// Memory of the host in bytes.
    pub memory_bytes: u64,
}

/// How one metric went over a span of time.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub struct Series {
    /// Its name, such as `host.cpu_usage_percent`.
    pub name: String,
    /// How many samples there are.
    pub samples: u64,
    /// When the first one was taken.
    pub first_at: SystemTime,
    /// When the last one was taken.
    pub last_at: SystemTime,
    /// The last one.
    pub last: f64,
    /// The least.
    pub min: f64,
    /// The mean.
    pub mean: f64,
    /// The most.
    pub max: f64,
}
