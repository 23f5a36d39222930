//! The use cases: what a request means for a VM in the state in which it is found.
//!
//! `plan` decides (pure), the other files carry out, every step as a task of the queue.

mod admission;
mod appliances;
mod audit;
mod batch;
mod bookkeeping;
mod clock;
mod clone;
mod create;
mod display;
mod errand;
mod evidence;
mod exec;
mod fleet;
mod forwards;
mod gc;
mod handle;
mod input;
mod keys;
mod library;
mod library_input;
mod lifecycle;
mod limits;
mod locks;
mod measure;
mod naming;
mod open;
mod paste;
mod plan;
mod pointer;
mod ports;
mod provision;
mod reading;
mod record;
mod recorder;
mod records;
mod recovery;
mod revived;
mod screen;
mod select;
mod sharing;
mod snapshots;
mod ssh_door;
mod system;
mod tasks;
mod transfer;
mod trial;
mod unlock;
mod wait;
mod watch;

pub use batch::BatchOutput;
pub use handle::VmOrchestrator;
pub use library::TaskOutput;
pub use open::{Caller, Limits, Rehearsal, Setup};
pub use watch::{EventSink, watch_plan};
