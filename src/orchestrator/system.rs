//! How the host is: what a newcomer must mend, and what an operator wants to know.

use std::borrow::Cow;
use std::fs;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use super::VmOrchestrator;
use crate::config;
use crate::error::Error;
use crate::metrics;
use crate::model::{Finding, Phase, Severity, VmState, VmSummary};
use crate::request::{HostFigures, SystemStatus, TaskFigures};
use crate::store::Store;

/// How long a registered health check may take.
const CHECK_PATIENCE: Duration = Duration::from_secs(10);

/// The least memory and disk with which a small VM is of use.
const LEAST_MEMORY: u64 = 2 << 30;
const LEAST_DISK: u64 = 10 << 30;

impl VmOrchestrator {
    /// Checks what a newcomer needs, and makes the folders and the configuration file.
    pub(super) async fn setup(&self) -> Result<Vec<Finding>, Error> {
        let mut findings = self.hypervisor().health().await.findings;
        let host = self.host(Duration::ZERO).await;
        findings.push(amount(
            "memory",
            host.memory_available_bytes,
            LEAST_MEMORY,
            "close programs",
        ));
        findings.push(amount(
            "disk",
            host.disk_free_bytes,
            LEAST_DISK,
            "free some space, or set `storage.vm_storage_path`",
        ));
        findings.push(self.make_folders());
        if !self.simulates() {
            findings.push(match self.list().await {
                Ok(vms) => fine("vms", format!("{} VMs are registered", vms.len())),
                Err(e) => problem("vms", format!("the VMs cannot be listed: {e}"), e.next_step()),
            });
        }
        Ok(findings)
    }

    /// Reports on the host, the hypervisor, the VMs and the tasks.
    pub(super) async fn system_status_report(&self) -> Result<SystemStatus, Error> {
        let (health, host, listed) =
            tokio::join!(self.hypervisor().health(), self.host(metrics::QUICK), self.list());
        let mut hypervisor = health;
        self.keep_host_samples(&host);
        if let Err(e) = self.end_abandoned_tasks() {
            tracing::warn!("tasks without a process could not be ended: {e}");
        }
        let vms = match listed {
            Ok(vms) => by_state(&vms),
            Err(e) => {
                let message = format!("the VMs cannot be listed: {e}");
                if hypervisor.is_usable() {
                    hypervisor.findings.push(problem("list", message, e.next_step()));
                }
                Vec::new()
            }
        };
        let limits = &self.settings().resource_limits;
        let mut checks = self.checks().run_all(CHECK_PATIENCE).await;
        let live = vms.iter().filter(|(s, _)| s.phase() == Phase::Live).map(|(_, n)| n).sum();
        checks.extend(headroom(limits, &host, live));
        Ok(SystemStatus {
            hypervisor,
            host,
            vms,
            max_concurrent_vms: limits.max_concurrent_vms,
            max_memory_usage_percent: limits.max_memory_usage_percent,
            max_cpu_usage_percent: limits.max_cpu_usage_percent,
            tasks: self.figures(),
            task_types: figures_or_none(self.store(), |it| it.figures_by_type(UNIX_EPOCH)),
            task_errors: figures_or_none(self.store(), |it| it.figures_by_error(UNIX_EPOCH)),
            checks,
        })
    }

    /// Finds out what of the host needs a person, and what is well.
    pub async fn alerts(&self) -> Vec<Finding> {
        let (mut findings, host, listed) = tokio::join!(
            self.checks().run_all(CHECK_PATIENCE),
            self.host(metrics::QUICK),
            self.list(),
        );
        let limits = &self.settings().resource_limits;
        match listed {
            Ok(vms) => {
                let live = vms.iter().filter(|it| it.state.phase() == Phase::Live).count();
                findings.extend(headroom(limits, &host, live));
            }
            Err(e) => {
                let message = format!("the VMs cannot be listed: {e}");
                findings.push(problem("list", message, e.next_step()));
            }
        }
        let least = limits.min_free_disk.bytes();
        findings.push(amount("disk", host.disk_free_bytes, least, "free some space"));
        findings
    }

    pub(super) async fn host(&self, sample: Duration) -> HostFigures {
        let folder = self.settings().storage.vm_storage_path.clone();
        let folder = folder.unwrap_or_else(|| self.folders().state().to_owned());
        metrics::host(&folder, sample).await
    }

    /// Returns what tasks came to. A store that cannot be read must not hide how the host is.
    fn figures(&self) -> TaskFigures {
        self.store().and_then(|store| store.figures(UNIX_EPOCH)).unwrap_or_default()
    }

    fn make_folders(&self) -> Finding {
        let folders = self.folders();
        if self.rehearses() {
            let state = folders.state().display();
            return fine("folders", format!("state would be kept in `{state}`"));
        }
        let all =
            [folders.state().to_owned(), folders.logs(), folders.locks(), folders.known_hosts()];
        for folder in all {
            if let Err(e) = make_private(&folder) {
                let message = format!("`{}` cannot be made: {e}", folder.display());
                return problem("folders", message, Some("set `VM_CLI_HOME` to a folder of yours"));
            }
        }
        fine("folders", format!("state is kept in `{}`", folders.state().display()))
    }
}

/// Warns when the next VM would go over a limit.
fn headroom(limits: &config::ResourceLimits, host: &HostFigures, live: usize) -> Vec<Finding> {
    let mut findings = Vec::new();
    let places = usize::try_from(limits.max_concurrent_vms).unwrap_or(usize::MAX);
    if live >= places {
        let message = format!("{live} VMs run, {places} may");
        findings.push(advice(
            "vms",
            message,
            "stop one, or raise `resource_limits.max_concurrent_vms`",
        ));
    }
    let used = host.memory_bytes.saturating_sub(host.memory_available_bytes);
    let percent = used.saturating_mul(100).checked_div(host.memory_bytes).unwrap_or(0);
    if percent > u64::from(limits.max_memory_usage_percent) {
        let message = format!("{percent} % of the memory is in use");
        findings.push(advice(
            "memory",
            message,
            "stop a VM, or raise `resource_limits.max_memory_usage_percent`",
        ));
    }
    findings
}

/// Reads figures. A store that cannot be read must not hide how the host is.
fn figures_or_none<T>(
    store: Result<&Store, Error>,
    read: impl FnOnce(&Store) -> Result<Vec<T>, Error>,
) -> Vec<T> {
    store.and_then(read).unwrap_or_default()
}

pub(super) fn by_state(vms: &[VmSummary]) -> Vec<(VmState, usize)> {
    let mut counts: Vec<(VmState, usize)> = Vec::new();
    for vm in vms {
        match counts.iter_mut().find(|(state, _)| *state == vm.state) {
            Some((_, count)) => *count += 1,
            None => counts.push((vm.state.clone(), 1)),
        }
    }
    counts.sort_by_key(|(state, _)| state.to_string());
    counts
}

/// Makes a folder that only its owner may enter.
fn make_private(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

fn amount(check: &'static str, found: u64, least: u64, fix: &str) -> Finding {
    let gib = |bytes: u64| format!("{}.{} GiB", bytes >> 30, ((bytes % (1 << 30)) * 10) >> 30);
    let message = format!("{} of {check} is free", gib(found));
    if found >= least {
        return fine(check, message);
    }
    advice(check, format!("only {message}, {} is wanted", gib(least)), fix)
}

fn fine(check: &'static str, message: String) -> Finding {
    Finding { check: Cow::Borrowed(check), severity: Severity::Fine, message, fix: None }
}

fn advice(check: &'static str, message: String, fix: &str) -> Finding {
    let fix = Some(fix.to_owned());
    Finding { check: Cow::Borrowed(check), severity: Severity::Advice, message, fix }
}

fn problem(check: &'static str, message: String, fix: Option<&str>) -> Finding {
    let fix = fix.map(ToOwned::to_owned);
    Finding { check: Cow::Borrowed(check), severity: Severity::Problem, message, fix }
}
