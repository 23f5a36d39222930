use serde::Serialize;

use super::millis;
use crate::request::ClockReport;

#[derive(Debug, Serialize)]
pub(crate) struct ClockItem {
    vm: String,
    drift_ms: i64,
    drift_before_ms: Option<i64>,
    changed: bool,
    took_ms: u64,
}

impl From<&ClockReport> for ClockItem {
    fn from(report: &ClockReport) -> Self {
        Self {
            vm: report.vm.clone(),
            drift_ms: report.drift_ms,
            drift_before_ms: report.before_ms,
            changed: report.before_ms.is_some(),
            took_ms: millis(report.took),
        }
    }
}
