//! A command in a guest: what is sent for it, how its streams are carried, and how it is ended.

mod announcement;
mod end;
mod feed;
mod hand_on;
mod posix;
mod run;
mod running;
mod sent;
mod signal;
mod sink;
mod windows;

pub use end::ExecEnd;
pub(super) use run::run;
pub use sink::OutputSink;
