//! What the host and its VMs use, while somebody wants to know.

use std::time::Duration;

use serde_json::json;

use crate::server::events::{Happening, Kind};
use crate::server::office::Office;

/// Between two measurements.
const PERIOD: Duration = Duration::from_secs(5);

/// Tells what is measured.
pub(super) async fn tell(office: &Office) {
    loop {
        office.hub().wishes().name(&[Kind::HostMetrics, Kind::VmMetrics]).await;
        let (host, usage) = office.orchestrator().afresh().figures_now().await;
        let period = PERIOD.as_secs();
        let data = json!({
            "cpus": host.cpus, "cpu_usage_percent": host.cpu_usage_percent,
            "memory_bytes": host.memory_bytes,
            "memory_available_bytes": host.memory_available_bytes,
            "disk_bytes": host.disk_bytes, "disk_free_bytes": host.disk_free_bytes,
            "period_seconds": period,
        });
        office.tell(Happening::of_host(Kind::HostMetrics, data));
        for vm in usage {
            let data = json!({ "cpu_percent": vm.cpu_percent, "memory_bytes": vm.memory_bytes,
                "period_seconds": period });
            office.tell(Happening::of_vm(Kind::VmMetrics, &vm.name, data));
        }
        tokio::time::sleep(PERIOD).await;
    }
}
