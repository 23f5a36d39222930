//! Looking after VMs that are to stay up.
//!
//! ```text
//!  look (state, checks) ─► course.decide (pure) ─► rest | wait | tell | give up
//!     ▲                                       └──► Request::Recover ─► a task
//!     └──────────────── pause ◄──────────────────────────┘
//! ```

mod checks;
mod course;
mod guard;
mod keep;
mod look;
mod past;

pub(super) use checks::BUILT_IN;
pub(super) use course::harm;
pub use keep::{EventSink, watch_plan};
