//! The task queue: priorities, one lane per VM, bounded slots, and the only retry loop.
//!
//! It runs anything that implements [`Job`] and knows nothing of hypervisors.

mod dispatcher;
mod task;

pub use dispatcher::{Queue, Submitted};
pub use task::{Attempt, Job, Lane, Probe, Repeat, TaskSpec};
