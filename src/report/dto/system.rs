use serde::Serialize;
use serde_json::{Map, Value};

use super::{ErrorShape, TypeShape, millis, path};
use crate::model::{Finding, HypervisorHealth, Phase, Severity, VmState};
use crate::request::{ErrorFigures, HostFigures, SystemStatus, TaskFigures, TypeFigures};

#[derive(Debug, Serialize)]
pub(super) struct FindingShape {
    check: String,
    severity: String,
    message: String,
    fix: Option<String>,
}

impl From<&Finding> for FindingShape {
    fn from(finding: &Finding) -> Self {
        Self {
            check: finding.check.to_string(),
            severity: finding.severity.to_string(),
            message: finding.message.clone(),
            fix: finding.fix.clone(),
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct SetupShape {
    ok: bool,
    checks: Vec<FindingShape>,
}

impl From<&[Finding]> for SetupShape {
    fn from(findings: &[Finding]) -> Self {
        Self {
            ok: findings.iter().all(|finding| finding.severity != Severity::Problem),
            checks: findings.iter().map(FindingShape::from).collect(),
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct SystemShape {
    healthy: bool,
    hypervisor: HypervisorShape,
    host: HostShape,
    /// How many VMs are in each state.
    vms: Map<String, Value>,
    limits: LimitsShape,
    pub(crate) headroom: HeadroomShape,
    tasks: TasksShape,
    checks: Vec<FindingShape>,
}

#[derive(Debug, Serialize)]
struct HypervisorShape {
    kind: String,
    version: Option<String>,
    program: Option<String>,
    execution_engine: &'static str,
    findings: Vec<FindingShape>,
}

#[derive(Debug, Serialize)]
pub(super) struct HostShape {
    cpus: usize,
    cpu_usage_percent: f32,
    memory_bytes: u64,
    memory_available_bytes: u64,
    disk_bytes: u64,
    disk_free_bytes: u64,
}

#[expect(clippy::struct_field_names, reason = "the configuration's own names")]
#[derive(Debug, Serialize)]
struct LimitsShape {
    max_concurrent_vms: u32,
    max_memory_usage_percent: u32,
    max_cpu_usage_percent: u32,
}

/// What may still be started before a limit is met.
#[derive(Debug, Serialize)]
pub(crate) struct HeadroomShape {
    pub(crate) vms: u64,
    pub(crate) memory_bytes: u64,
    pub(crate) cpu_percent: f32,
}

#[derive(Debug, Serialize)]
pub(super) struct TasksShape {
    done: u64,
    failed: u64,
    canceled: u64,
    open: u64,
    retries: u64,
    vms_created: u64,
    vms_recovered: u64,
    mean_time_ms: Option<u64>,
    /// Tried more than once.
    retried: u64,
    /// Tried more than once, and ended well.
    recovered: u64,
    completion_rate: Option<f64>,
    error_rate: Option<f64>,
    by_type: Vec<TypeShape>,
    errors: Vec<ErrorShape>,
}

impl From<&SystemStatus> for SystemShape {
    fn from(system: &SystemStatus) -> Self {
        let vms = system.vms.iter().map(|(state, count)| (state.to_string(), (*count).into()));
        Self {
            healthy: system.hypervisor.is_usable(),
            hypervisor: HypervisorShape::from(&system.hypervisor),
            host: HostShape::from(&system.host),
            vms: vms.collect(),
            limits: LimitsShape {
                max_concurrent_vms: system.max_concurrent_vms,
                max_memory_usage_percent: system.max_memory_usage_percent,
                max_cpu_usage_percent: system.max_cpu_usage_percent,
            },
            headroom: HeadroomShape::from(system),
            tasks: TasksShape::new(&system.tasks, &system.task_types, &system.task_errors),
            checks: system.checks.iter().map(FindingShape::from).collect(),
        }
    }
}

impl From<&HypervisorHealth> for HypervisorShape {
    fn from(health: &HypervisorHealth) -> Self {
        Self {
            kind: health.kind.to_string(),
            version: health.version.clone(),
            program: health.program.as_deref().map(path),
            execution_engine: health.engine.as_str(),
            findings: health.findings.iter().map(FindingShape::from).collect(),
        }
    }
}

impl From<&HostFigures> for HostShape {
    fn from(host: &HostFigures) -> Self {
        Self {
            cpus: host.cpus,
            cpu_usage_percent: host.cpu_usage_percent,
            memory_bytes: host.memory_bytes,
            memory_available_bytes: host.memory_available_bytes,
            disk_bytes: host.disk_bytes,
            disk_free_bytes: host.disk_free_bytes,
        }
    }
}

impl From<&SystemStatus> for HeadroomShape {
    fn from(system: &SystemStatus) -> Self {
        let on = |(state, _): &&(VmState, usize)| match state.phase() {
            Phase::Live | Phase::Changing => true,
            Phase::Offline | Phase::Broken => false,
        };
        let live: usize = system.vms.iter().filter(on).map(|(_, count)| count).sum();
        let live = u64::try_from(live).unwrap_or(u64::MAX);
        let host = &system.host;
        let allowed = host.memory_bytes / 100 * u64::from(system.max_memory_usage_percent);
        let used = host.memory_bytes.saturating_sub(host.memory_available_bytes);
        // Percentages are small: every one is exact as f32.
        let cpu = u16::try_from(system.max_cpu_usage_percent).unwrap_or(100);
        Self {
            vms: u64::from(system.max_concurrent_vms).saturating_sub(live),
            memory_bytes: allowed.saturating_sub(used),
            cpu_percent: (f32::from(cpu) - host.cpu_usage_percent).max(0.0),
        }
    }
}

impl TasksShape {
    pub(super) fn new(tasks: &TaskFigures, types: &[TypeFigures], errors: &[ErrorFigures]) -> Self {
        Self {
            done: tasks.done,
            failed: tasks.failed,
            canceled: tasks.canceled,
            open: tasks.open,
            retries: tasks.retries,
            vms_created: tasks.vms_created,
            vms_recovered: tasks.vms_recovered,
            mean_time_ms: tasks.mean_time.map(millis),
            retried: tasks.retried,
            recovered: tasks.recovered,
            completion_rate: tasks.completion_rate(),
            error_rate: tasks.error_rate(),
            by_type: types.iter().map(TypeShape::from).collect(),
            errors: errors.iter().map(ErrorShape::from).collect(),
        }
    }
}
