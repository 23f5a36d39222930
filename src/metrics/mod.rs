//! Figures of the host, and what the library's users register: metrics and health checks.

mod cpu;
mod disk;
mod health;
mod host;
mod metric;
mod register;
mod usage;
mod vm_health;

pub use health::{HealthCheck, HealthChecks, Verdict};
pub use host::{QUICK, cpu_above, free_disk, host, memory};
pub use metric::{Metric, MetricRegistry, Reading};
pub use usage::usage;
pub use vm_health::{Checkup, VmHealthCheck, VmHealthChecks};
