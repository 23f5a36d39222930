use serde::Serialize;

use super::{millis, path, way};
use crate::request::{Route, TransferReport};

#[derive(Debug, Serialize)]
pub(crate) struct TransferItem {
    vm: String,
    action: &'static str,
    direction: &'static str,
    sources: Vec<String>,
    target: String,
    via: &'static str,
    files: u64,
    folders: u64,
    bytes: u64,
    kept_bytes: u64,
    skipped: Vec<String>,
    verified: Option<String>,
    took_ms: u64,
}

impl From<&TransferReport> for TransferItem {
    fn from(report: &TransferReport) -> Self {
        let (direction, sources, target) = match &report.route {
            Route::Into { sources, target } => {
                ("into-guest", sources.iter().map(|it| path(it)).collect(), target.clone())
            }
            Route::OutOf { sources, target } => ("out-of-guest", sources.clone(), path(target)),
        };
        let copied = &report.copied;
        Self {
            vm: report.vm.clone(),
            action: "copy",
            direction,
            sources,
            target,
            via: way(report.via),
            files: copied.files,
            folders: copied.folders,
            bytes: copied.bytes,
            kept_bytes: copied.kept_bytes,
            skipped: copied.skipped.clone(),
            verified: copied.check.map(|check| check.to_string()),
            took_ms: millis(report.took),
        }
    }
}
