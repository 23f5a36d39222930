//! The one language between front ends and the rest: requests, responses, events.

mod event;
mod requests;
mod responses;

pub use event::{Event, EventKind, Events};
pub use requests::{
    Analysis, CreateRequest, Credentials, DiskWish, ExecRequest, IfLive, IfMissing, PictureTo,
    PortWish, Request, ScreenshotRequest, Secret, SnapshotAction, StopRequest, WaitCondition,
    WhenLate,
};
pub use responses::{
    Changed, Creation, HostFigures, Outcome, Response, ScreenReport, SystemStatus, TaskFigures,
};
