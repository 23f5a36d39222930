//! The one language between front ends and the rest: requests, responses, events.

mod batch;
mod copies;
mod display;
mod event;
mod forwards;
mod keys;
mod metrics;
mod pointer;
mod recovery;
mod repair;
mod requests;
mod responses;
mod selection;
mod share;
pub mod spelling;
mod trial;
mod view;
mod watch;

pub use batch::{Batch, BatchOutcome, OnFailure, Pace, is_well};
pub use copies::{CloneRequest, CloneWish, ExportRequest, IfFileExists, ImportRequest};
pub use display::{DisplayAction, DisplayReport};
pub use event::{Event, EventKind, Events};
pub use forwards::{ForwardAction, ForwardWish};
pub use keys::{Keys, KeysRequest};
pub use metrics::{ErrorFigures, MetricsReport, Series, TypeFigures, VmUsage};
pub use pointer::{Clicks, Effect, Gesture, Look, Pointed, PointerRequest, Space};
pub use recovery::{
    Failed, GuestCommand, IfOff, RecoverRequest, RecoveryReport, RecoveryStep, Standing, WatchEnd,
    WatchEvent, WatchEventKind, WatchPlan, Watched,
};
pub use repair::{Leftover, Repair, Repaired};
pub use requests::{
    Analysis, CreateRequest, Credentials, DiskWish, ExecRequest, IfExists, IfLive, IfMissing,
    PictureTo, PortWish, Request, ScreenshotRequest, Secret, SnapshotAction, StopRequest,
    UnlockMode, WaitCondition, WhenFull, WhenLate,
};
pub use responses::{
    Changed, Creation, Forwarded, HeldReport, HostFigures, Outcome, Response, ScreenReport,
    Session, SystemStatus, TaskFigures, Worker, Working,
};
pub use selection::{Named, Selection};
pub use share::Share;
pub use trial::{RanReport, RunRequest};
pub use view::{Scale, View, rectangle};
pub use watch::ScreenWatch;
