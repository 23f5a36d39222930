use std::path::Path;
use std::time::Duration;

use sysinfo::CpuRefreshKind;
use sysinfo::System;

use super::cpu;
use super::disk;
use crate::request::HostFigures;

/// The shortest time over which a host's CPU usage can be told.
pub const QUICK: Duration = Duration::from_millis(200);

/// Reads the host's figures and those of the disk under a folder, which need not exist yet.
///
/// CPU usage is measured over the sampling time, [`QUICK`] at least to mean anything, and not at
/// all over no time. A figure that the host does not tell is zero.
pub async fn host(folder: &Path, sampling: Duration) -> HostFigures {
    let disk = disk::under(folder);
    let mut figures = HostFigures {
        cpus: std::thread::available_parallelism().map_or(0, usize::from),
        disk_bytes: disk.map_or(0, |disk| disk.total),
        disk_free_bytes: disk.map_or(0, |disk| disk.free),
        ..HostFigures::default()
    };
    if !sampling.is_zero() {
        figures.cpu_usage_percent = cpu::usage_percent(sampling).await;
    }
    let Ok(mut system) = System::new() else {
        return figures;
    };
    system.refresh_cpu_list(CpuRefreshKind::nothing());
    system.refresh_memory();
    if !system.cpus().is_empty() {
        figures.cpus = system.cpus().len();
    }
    figures.memory_bytes = system.total_memory();
    figures.memory_available_bytes = system.available_memory().min(system.total_memory());
    figures
}

/// The host's memory in bytes: all of it, and what programs may still take. Quick: no sampling.
pub fn memory() -> (u64, u64) {
    let Ok(mut system) = System::new() else {
        return (0, 0);
    };
    system.refresh_memory();
    (system.total_memory(), system.available_memory().min(system.total_memory()))
}

/// What is free on the disk under a folder, in bytes; `None` if the host does not tell.
pub fn free_disk(folder: &Path) -> Option<u64> {
    disk::under(folder).map(|disk| disk.free)
}

/// Returns whether the host's CPUs are used by more than this percentage.
///
/// Hosts that keep a load average are asked for it first: only one that is above the limit is
/// followed by a measurement, which takes [`QUICK`].
pub async fn cpu_above(limit_percent: u32) -> Option<f32> {
    let limit = f64::from(limit_percent);
    if 100.0 <= limit {
        return None;
    }
    let cpus = std::thread::available_parallelism().map_or(1, usize::from);
    let cpus = f64::from(u32::try_from(cpus).unwrap_or(u32::MAX));
    if cfg!(unix)
        && let Ok(load) = System::load_average()
        && load.one * 100.0 / cpus <= limit
    {
        return None;
    }
    let used = cpu::usage_percent(QUICK).await;
    (limit < f64::from(used)).then_some(used)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::QUICK;
    use super::host;

    #[tokio::test]
    async fn this_host_has_cpus_memory_and_a_disk() {
        let figures = host(Path::new("not/there/yet"), QUICK).await;
        assert!(0 < figures.cpus);
        assert!((0.0..=100.0).contains(&figures.cpu_usage_percent));
        assert!(0 < figures.memory_available_bytes);
        assert!(figures.memory_available_bytes <= figures.memory_bytes);
        assert!(0 < figures.disk_bytes);
        assert!(figures.disk_free_bytes <= figures.disk_bytes);
    }
}
