//! The one language between front ends and the rest: requests, responses, events.

mod event;
mod requests;
mod responses;

pub use event::{Event, EventKind, Events};
pub use requests::{
    Analysis, CreateRequest, Credentials, DiskWish, ExecRequest, IfLive, IfMissing, PictureTo,
    PortWish, Request, ScreenshotRequest, Secret, SnapshotAction, StopRequest, UnlockMode,
    WaitCondition, WhenLate,
};
pub use responses::{
    Changed, Creation, HeldReport, HostFigures, Outcome, Response, ScreenReport, Session,
    SystemStatus, TaskFigures, Worker, Working,
};
