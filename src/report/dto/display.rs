use serde::Serialize;

use super::millis;
use crate::request::{DisplayReport, Outcome};

#[derive(Debug, Serialize)]
pub(crate) struct DisplayItem {
    vm: String,
    url: String,
    password: Option<String>,
    changed: bool,
    took_ms: u64,
}

impl DisplayItem {
    pub(crate) fn of(report: &DisplayReport, password: Option<&str>) -> Self {
        Self {
            vm: report.vm.clone(),
            url: report.url.clone(),
            password: password.map(str::to_owned),
            changed: report.outcome == Outcome::Changed,
            took_ms: millis(report.took),
        }
    }
}
