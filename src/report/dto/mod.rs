//! The shapes that programs read. They are frozen: fields are added, never renamed or removed.

mod answers;
mod change;
mod clock;
mod display;
mod failure;
mod fleet;
mod forward;
mod guest;
mod held;
mod install;
mod iso;
mod metrics;
mod pointer;
mod reading;
mod recovery;
mod screen;
mod share;
mod snapshot;
mod step;
mod system;
mod task;
mod template;
mod token;
mod transfer;
mod upkeep;
mod vm;

pub(super) use answers::AnsweredItem;
pub(super) use change::{ChangedItem, CreatedItem, RehearsedItem};
pub(super) use clock::ClockItem;
pub(super) use display::DisplayItem;
pub(super) use failure::FailureShape;
pub(super) use fleet::{AppliedItem, PlannedItem, StandingItem};
pub(super) use forward::{ForwardItem, ForwardedItem};
pub(super) use guest::{ExecutedItem, RanItem};
pub(super) use held::HeldItem;
pub(super) use install::InstalledItem;
pub(super) use iso::{EditionItem, IsoItem};
pub(super) use metrics::MetricsShape;
pub(super) use pointer::PointedItem;
pub(super) use reading::{FindingItem, FoundItem, SeenItem};
pub(super) use recovery::{RecoveryItem, WatchedItem, event as watch_event};
pub(super) use screen::{DiffItem, ScreenItem};
pub(super) use share::ShareItem;
pub(super) use snapshot::SnapshotItem;
pub(super) use step::StepItem;
pub(super) use system::{HeadroomShape, SetupShape, SystemShape};
pub(super) use task::{PrunedShape, TaskItem};
pub(super) use template::TemplateItem;
pub(super) use token::TokenItem;
pub(super) use transfer::TransferItem;
pub(super) use upkeep::{AuditItem, RepairItem};
pub(super) use vm::{ForwardShape, SummaryItem, VmItem};

use std::path::Path;
use std::time::Duration;
use std::time::SystemTime;

use jiff::Timestamp;

use crate::request::Via;
use metrics::{ErrorShape, TypeShape};
use system::{FindingShape, HostShape, TasksShape};

/// Milliseconds, as every `…_ms` field has them.
pub(super) fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

/// A time, as every `…_at` field has it: RFC 3339 with milliseconds.
pub(crate) fn moment(at: SystemTime) -> String {
    let at = Timestamp::try_from(at).unwrap_or(Timestamp::UNIX_EPOCH);
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// A way into a guest.
pub(super) fn way(via: Via) -> &'static str {
    match via {
        Via::Ssh => "ssh",
        Via::Additions => "additions",
        Via::Auto => "auto",
    }
}

/// A path as text; what is not Unicode is replaced.
fn path(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
