//! The use cases: what a request means for a VM in the state in which it is found.
//!
//! `plan` decides (pure), the other files carry out, every step as a task of the queue.

mod bookkeeping;
mod create;
mod handle;
mod library;
mod library_input;
mod lifecycle;
mod locks;
mod naming;
mod open;
mod plan;
mod provision;
mod reading;
mod screen;
mod shell;
mod snapshots;
mod system;
mod tasks;
mod unlock;
mod wait;

pub use handle::VmOrchestrator;
pub use library::TaskOutput;
pub use open::{Rehearsal, Setup};
