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
