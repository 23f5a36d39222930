use serde::Serialize;

use super::{TransferItem, millis, path};
use crate::report::Captured;
use crate::request::RanReport;

#[derive(Debug, Serialize)]
pub(crate) struct ExecutedItem {
    pub(crate) vm: String,
    pub(crate) exit_code: i32,
    pub(crate) via: &'static str,
    pub(crate) took_ms: u64,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct RanItem {
    vm: String,
    exit_code: i32,
    resumed_ms: u64,
    took_ms: u64,
    put_back_ms: u64,
    collected: Vec<TransferItem>,
    screenshot: Option<String>,
    stdout: String,
    stderr: String,
}

impl RanItem {
    pub(crate) fn of(ran: &RanReport, captured: &Captured) -> Self {
        let file = ran.screen.as_ref().and_then(|screen| screen.file.as_deref());
        Self {
            vm: ran.vm.clone(),
            exit_code: ran.exit_code,
            resumed_ms: millis(ran.resumed_in),
            took_ms: millis(ran.took),
            put_back_ms: millis(ran.put_back_in),
            collected: ran.collected.iter().map(TransferItem::from).collect(),
            screenshot: file.map(path),
            stdout: String::from_utf8_lossy(&captured.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&captured.stderr).into_owned(),
        }
    }
}
