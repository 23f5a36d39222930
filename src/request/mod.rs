//! The one language between front ends and the rest: requests, responses, events.

mod event;
mod metrics;
mod repair;
mod requests;
mod responses;

pub use event::{Event, EventKind, Events};
pub use metrics::{ErrorFigures, MetricsReport, Series, TypeFigures, VmUsage};
pub use repair::{Leftover, Repair, Repaired};
pub use requests::{
    Analysis, CreateRequest, Credentials, DiskWish, ExecRequest, IfLive, IfMissing, PictureTo,
    PortWish, Request, ScreenshotRequest, Secret, SnapshotAction, StopRequest, WaitCondition,
    WhenLate,
};
pub use responses::{
    Changed, Creation, HostFigures, Outcome, Response, ScreenReport, SystemStatus, TaskFigures,
};
