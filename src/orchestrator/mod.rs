//! The use cases: what a request means for a VM in the state in which it is found.
//!
//! [`plan`] decides (pure), the other files carry out, every step as a task of the queue.

mod admission;
mod appliances;
mod bookkeeping;
mod clone;
mod create;
mod forwards;
mod handle;
mod library;
mod library_input;
mod lifecycle;
mod limits;
mod naming;
mod open;
mod plan;
mod ports;
mod provision;
mod screen;
mod shell;
mod snapshots;
mod system;
mod tasks;
mod wait;

pub use handle::VmOrchestrator;
pub use library::TaskOutput;
pub use open::{Limits, Rehearsal, Setup};
