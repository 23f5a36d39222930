use std::time::Duration;

use crate::report::Document;
use crate::report::document::Body;
use crate::report::dto::{ExecutedItem, RanItem, millis, way};
use crate::request::{RanReport, Via};

/// What a command in a guest printed, kept instead of streamed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Captured {
    /// On standard output.
    pub stdout: Vec<u8>,
    /// On standard error.
    pub stderr: Vec<u8>,
}

impl Document {
    /// Builds the document of a command in a guest, with what it printed.
    pub fn executed(
        vm: &str,
        exit_code: i32,
        via: Via,
        took: Duration,
        captured: &Captured,
    ) -> Self {
        executed(vm, exit_code, via, took, captured)
    }
}

impl Document {
    /// Builds the document of a command from a snapshot, with what it printed.
    pub fn ran(ran: &RanReport, captured: &Captured) -> Self {
        self::ran(ran, captured)
    }
}

/// As with any command in a guest.
pub(super) fn ran(ran: &RanReport, captured: &Captured) -> Document {
    let item = RanItem::of(ran, captured);
    Document::items(&[item], Body::Lines(Vec::new()), Vec::new())
}

/// People have seen what the command printed: nothing is added to it.
pub(super) fn executed(
    vm: &str,
    exit_code: i32,
    via: Via,
    took: Duration,
    captured: &Captured,
) -> Document {
    let item = ExecutedItem {
        vm: vm.to_owned(),
        exit_code,
        via: way(via),
        took_ms: millis(took),
        stdout: String::from_utf8_lossy(&captured.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&captured.stderr).into_owned(),
    };
    Document::items(&[item], Body::Lines(Vec::new()), Vec::new())
}
