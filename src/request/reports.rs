use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::model::{Finding, Forward, HypervisorHealth, Size, VmId, VmState, Word, written};
use crate::screen::{Reading, ScreenAnalysis};

use super::{ErrorFigures, TypeFigures};

/// A change of a VM.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Changed {
    /// The VM as it was named.
    pub vm: String,
    /// What was asked, such as `start`.
    #[serde(deserialize_with = "written::word")]
    pub action: Word,
    /// Whether anything had to be done.
    pub outcome: Outcome,
    /// The state in which the VM is now; `None` if it is gone or was not read.
    pub state: Option<VmState>,
    /// What should be known, such as that a forward has another port now.
    pub notes: Vec<String>,
    /// How long it took.
    pub took: Duration,
}

/// A forward that a VM has.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Forwarded {
    /// The VM as it was named.
    pub vm: String,
    /// The forward, its port chosen.
    pub forward: Forward,
    /// Whether anything had to be done.
    pub outcome: Outcome,
    /// How long it took.
    pub took: Duration,
}

/// Whether anything had to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum Outcome {
    /// Something was done.
    Changed,
    /// It was so already.
    Unchanged,
}

/// What holds a VM.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct HeldReport {
    /// The VM's name.
    pub vm: String,
    /// Its state, from what asks none of its processes.
    pub state: VmState,
    /// The vm-cli that works on it now.
    pub worker: Working,
    /// The hypervisor's own lock.
    pub session: Session,
    /// Whether a process that hung was ended.
    pub outcome: Outcome,
}

/// Whether a vm-cli works on a VM.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub enum Working {
    /// None does.
    Nobody,
    /// One does that has not said who it is.
    Somebody,
    /// This one does.
    Known(Worker),
}

/// A vm-cli that works on a VM.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Worker {
    /// Its process.
    pub pid: u32,
    /// What it does, such as `vm-cli start web`.
    pub command: String,
    /// Since when.
    pub since: SystemTime,
}

/// The hypervisor's own lock of a VM.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub enum Session {
    /// Nobody has it.
    Free,
    /// A process of the hypervisor has it, and answers.
    Held(String),
    /// A process of the hypervisor has it, and does not answer.
    Silent,
    /// It was not asked for: another vm-cli works on a VM that is off.
    NotAsked,
}

/// A VM that was made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Creation {
    /// Its name.
    pub name: String,
    /// Its identity.
    pub id: VmId,
    /// Its state.
    pub state: VmState,
    /// Its forwards, the ports chosen.
    pub forwards: Vec<Forward>,
    /// The port of its remote display.
    pub remote_display_port: Option<u16>,
    /// What should be known, such as that an instruction interpreter was chosen.
    pub notes: Vec<String>,
    /// How long it took.
    pub took: Duration,
}

/// A picture and what is known of it.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub struct ScreenReport {
    /// The VM as it was named.
    pub vm: String,
    /// Its size.
    pub size: Size,
    /// A hash of its pixels (SHA-256, hexadecimal): equal screens have equal hashes.
    pub hash: String,
    /// The file it was written to.
    pub file: Option<PathBuf>,
    /// The PNG, when no file was named.
    #[serde(skip)]
    pub png: Option<Vec<u8>>,
    /// What was analysed.
    pub analysis: Option<ScreenAnalysis>,
    /// What was read.
    pub reading: Option<Reading>,
    /// The share of pixels that differ from the last picture of this VM; `None` without one of
    /// the same size.
    pub changed_share: Option<f64>,
}

/// How everything is.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub struct SystemStatus {
    /// The hypervisor.
    pub hypervisor: HypervisorHealth,
    /// The host.
    pub host: HostFigures,
    /// How many VMs are in each state, by name of the state.
    pub vms: Vec<(VmState, usize)>,
    /// How many VMs may run at once.
    pub max_concurrent_vms: u32,
    /// Up to which share of the host's memory VMs are started.
    pub max_memory_usage_percent: u32,
    /// Up to which share of the host's CPU VMs are started.
    pub max_cpu_usage_percent: u32,
    /// What the tasks of this user came to.
    pub tasks: TaskFigures,
    /// What the tasks of each type came to.
    pub task_types: Vec<TypeFigures>,
    /// How often tasks failed, by code.
    pub task_errors: Vec<ErrorFigures>,
    /// What the registered health checks say, by name.
    pub checks: Vec<Finding>,
}

/// The host's resources.
#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize, Serialize)]
pub struct HostFigures {
    /// Logical CPUs.
    pub cpus: usize,
    /// The share of CPU in use, in percent.
    pub cpu_usage_percent: f32,
    /// Memory in bytes.
    pub memory_bytes: u64,
    /// Memory that programs may still take, in bytes.
    pub memory_available_bytes: u64,
    /// The disk under the VMs' folder, in bytes.
    pub disk_bytes: u64,
    /// What is free on it, in bytes.
    pub disk_free_bytes: u64,
}

/// What tasks came to.
#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize, Serialize)]
pub struct TaskFigures {
    /// Ended well.
    pub done: u64,
    /// Ended with an error.
    pub failed: u64,
    /// Canceled.
    pub canceled: u64,
    /// Not ended yet.
    pub open: u64,
    /// Attempts beyond the first.
    pub retries: u64,
    /// Tried more than once.
    pub retried: u64,
    /// Tried more than once, and ended well.
    pub recovered: u64,
    /// VMs made.
    pub vms_created: u64,
    /// VMs brought back after they came to harm.
    pub vms_recovered: u64,
    /// The mean time of an ended task; `None` before the first.
    pub mean_time: Option<Duration>,
}

impl TaskFigures {
    /// Returns the share of the ended tasks that ended well; `None` before the first.
    pub fn completion_rate(&self) -> Option<f64> {
        let ended = self.done + self.failed + self.canceled;
        (0 < ended).then(|| share(self.done, ended))
    }

    /// Returns the share of the ended tasks that ended with an error; `None` before the first.
    pub fn error_rate(&self) -> Option<f64> {
        let ended = self.done + self.failed + self.canceled;
        (0 < ended).then(|| share(self.failed, ended))
    }
}

/// Returns a part of a whole, exact for counts below 2^32.
fn share(part: u64, whole: u64) -> f64 {
    let exact = |count: u64| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    exact(part) / exact(whole)
}
