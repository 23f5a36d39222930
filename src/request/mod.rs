//! The one language between front ends and the rest: requests, responses, events.

mod copies;
mod event;
mod forwards;
mod requests;
mod responses;

pub use copies::{CloneRequest, CloneWish, ExportRequest, IfExists, ImportRequest};
pub use event::{Event, EventKind, Events};
pub use forwards::{ForwardAction, ForwardWish};
pub use requests::{
    Analysis, CreateRequest, Credentials, DiskWish, ExecRequest, IfLive, IfMissing, PictureTo,
    PortWish, Request, ScreenshotRequest, Secret, SnapshotAction, StopRequest, WaitCondition,
    WhenFull, WhenLate,
};
pub use responses::{
    Changed, Creation, Forwarded, HostFigures, Outcome, Response, ScreenReport, SystemStatus,
    TaskFigures,
};
