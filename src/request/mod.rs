//! The one language between front ends and the rest: requests, responses, events.

mod batch;
mod clock;
mod condition;
mod copies;
mod create;
mod credentials;
mod display;
mod event;
mod exec;
mod forwards;
mod install;
mod keys;
mod metrics;
mod pointer;
mod record;
mod recovery;
mod repair;
mod reports;
mod requests;
mod response;
mod screenshot;
mod selection;
mod share;
mod sharing;
mod snapshot;
pub mod spelling;
mod stop;
mod subject;
mod template;
mod transfer;
mod trial;
mod view;
mod watch;

pub use batch::{Batch, BatchOutcome, OnFailure, Pace, is_well};
pub use clock::{ClockRepair, ClockReport, ClockRequest};
pub use condition::WaitCondition;
pub use copies::{CloneRequest, CloneWish, ExportRequest, IfFileExists, ImportRequest};
pub use create::{CreateRequest, DiskWish, PortWish};
pub use credentials::{Credentials, Secret};
pub use display::{DisplayAction, DisplayReport};
pub use event::{Event, EventKind, Events};
pub use exec::{
    ExecRequest, GuestShell, GuestTerminal, Input, InputStream, Place, Program, TerminalSize,
    Variable, Via,
};
pub use forwards::{ForwardAction, ForwardWish};
pub use install::{
    AfterMaking, FinishRequest, InstallEngine, InstallPhase, InstallReport, InstallRequest,
    InstallWatch, Medium, PasswordOrigin,
};
pub use keys::{Keys, KeysRequest};
pub use metrics::{ErrorFigures, MetricsReport, Series, TypeFigures, VmUsage};
pub use pointer::{Clicks, Effect, Gesture, Look, Picture, Pointed, PointerRequest, Space};
pub use record::RecordRequest;
pub use recovery::{
    Failed, GuestCommand, IfOff, RecoverRequest, RecoveryReport, RecoveryStep, Standing, WatchEnd,
    WatchEvent, WatchEventKind, WatchPlan, Watched,
};
pub use repair::{Leftover, Repair, Repaired};
pub use reports::{
    Changed, Creation, Forwarded, HeldReport, HostFigures, Outcome, ScreenReport, Session,
    SystemStatus, TaskFigures, Worker, Working,
};
pub use requests::{IfExists, IfLive, IfMissing, Request, UnlockMode, WhenFull};
pub use response::Response;
pub use screenshot::{Analysis, PictureTo, ScreenshotRequest};
pub use selection::{Named, Selection};
pub use share::Share;
pub use sharing::SharingAction;
pub use snapshot::SnapshotAction;
pub use stop::{StopRequest, WhenLate};
pub use template::{Renewal, Template, TemplateAction, TemplateCopies};
pub use transfer::{Route, TransferReport, TransferRequest};
pub use trial::{Collect, RanReport, RunRequest};
pub use view::{Scale, View, picture_size, rectangle};
pub use watch::ScreenWatch;
