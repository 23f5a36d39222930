//! Metrics: what is measured now, what is kept of it, what tasks came to.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::VmOrchestrator;
use super::system::by_state;
use crate::error::Error;
use crate::metrics;
use crate::model::{Phase, VmId, VmSummary};
use crate::request::{HostFigures, MetricsReport, VmUsage};
use crate::store::Sample;

/// How long a registered metric or health check may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What was measured at one moment.
#[derive(Debug)]
struct Measured {
    host: HostFigures,
    vms: Vec<VmSummary>,
    usage: Vec<VmUsage>,
    registered: Vec<(String, Option<f64>)>,
}

impl VmOrchestrator {
    /// Measures the host, the VMs and what was registered, and keeps the samples.
    ///
    /// For programs that run long: the commands `metrics` and `system-status` do it by themselves.
    pub async fn sample(&self) -> Result<(), Error> {
        let measured = self.measure().await;
        self.keep(&measured.samples(self.now()))
    }

    /// Reports what is measured now, how it went, and what tasks came to; `within` is how far back.
    pub async fn metrics_report(&self, within: Option<Duration>) -> Result<MetricsReport, Error> {
        self.end_abandoned_tasks()?;
        let (measured, checks) = tokio::join!(self.measure(), self.checks().run_all(PATIENCE));
        let until = self.now();
        self.keep(&measured.samples(until))?;
        let since = within.and_then(|span| until.checked_sub(span));
        let from = since.unwrap_or(UNIX_EPOCH);
        let store = self.store()?;
        Ok(MetricsReport {
            since,
            until,
            tasks: store.figures(from)?,
            types: store.figures_by_type(from)?,
            errors: store.figures_by_error(from)?,
            vms: by_state(&measured.vms),
            host: measured.host,
            usage: measured.usage,
            registered: measured.registered,
            checks,
            series: store.samples().series(from)?,
        })
    }

    /// Measures the host and its VMs, and keeps nothing.
    pub async fn figures_now(&self) -> (HostFigures, Vec<VmUsage>) {
        let measured = self.measure().await;
        (measured.host, measured.usage)
    }

    /// Keeps what a look at the host found anyway.
    pub(super) fn keep_host_samples(&self, host: &HostFigures) {
        let measured =
            Measured { host: *host, vms: Vec::new(), usage: Vec::new(), registered: Vec::new() };
        if let Err(e) = self.keep(&measured.host_samples(self.now())) {
            tracing::warn!("samples could not be kept: {e}");
        }
    }

    async fn measure(&self) -> Measured {
        // Not being able to list VMs is told elsewhere; the rest can still be measured.
        let vms = self.list().await.unwrap_or_default();
        let live = vms.iter().filter(|vm| vm.state.phase() == Phase::Live);
        let live: Vec<(VmId, String)> = live.map(|vm| (vm.id, vm.name.clone())).collect();
        let (host, usage, registered) = tokio::join!(
            self.host(metrics::QUICK),
            metrics::usage(&live, metrics::QUICK),
            self.metrics().read_all(PATIENCE),
        );
        let registered = registered.into_iter().map(|it| (it.name, it.value.ok())).collect();
        Measured { host, vms, usage, registered }
    }

    fn keep(&self, samples: &[Sample]) -> Result<(), Error> {
        if self.rehearses() { Ok(()) } else { self.store()?.samples().append(samples) }
    }
}

impl Measured {
    fn samples(&self, at: SystemTime) -> Vec<Sample> {
        let live = self.vms.iter().filter(|vm| vm.state.phase() == Phase::Live).count();
        let mut samples = self.host_samples(at);
        let mut add = |name: String, value: f64| samples.push(Sample { at, name, value });
        add("vms.total".to_owned(), count(self.vms.len()));
        add("vms.live".to_owned(), count(live));
        for vm in &self.usage {
            add(format!("vm.{}.cpu_percent", vm.id), f64::from(vm.cpu_percent));
            add(format!("vm.{}.memory_bytes", vm.id), bytes(vm.memory_bytes));
        }
        for (name, value) in &self.registered {
            if let Some(value) = value {
                add(format!("registered.{name}"), *value);
            }
        }
        samples
    }

    fn host_samples(&self, at: SystemTime) -> Vec<Sample> {
        let host = &self.host;
        let used = host.memory_bytes.saturating_sub(host.memory_available_bytes);
        let values = [
            ("host.cpu_usage_percent", f64::from(host.cpu_usage_percent)),
            ("host.memory_used_bytes", bytes(used)),
            ("host.disk_free_bytes", bytes(host.disk_free_bytes)),
        ];
        values.map(|(name, value)| Sample { at, name: name.to_owned(), value }).to_vec()
    }
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// Returns an amount of bytes, rounded to KiB: exact up to 4 TiB, and no finer figure is of use.
fn bytes(amount: u64) -> f64 {
    const KIBI: u64 = 1024;
    match u32::try_from(amount / KIBI) {
        Ok(kibibytes) => f64::from(kibibytes) * 1024.0,
        Err(_) => f64::from(u32::try_from(amount / KIBI / KIBI).unwrap_or(u32::MAX)) * 1_048_576.0,
    }
}
