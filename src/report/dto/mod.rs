//! The shapes that programs read. They are frozen: fields are added, never renamed or removed.

mod change;
mod failure;
mod forward;
mod guest;
mod screen;
mod snapshot;
mod system;
mod vm;

pub(super) use change::{ChangedItem, CreatedItem, RehearsedItem};
pub(super) use failure::FailureShape;
pub(super) use forward::{ForwardItem, ForwardedItem};
pub(super) use guest::ExecutedItem;
pub(super) use screen::ScreenItem;
pub(super) use snapshot::SnapshotItem;
pub(super) use system::{HeadroomShape, SetupShape, SystemShape};
pub(super) use vm::{ForwardShape, SummaryItem, VmItem};

use std::path::Path;
use std::time::Duration;

/// Milliseconds, as every `…_ms` field has them.
pub(super) fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

/// A path as text; what is not Unicode is replaced.
fn path(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
