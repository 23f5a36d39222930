//! The task queue: priorities, one lane per VM, bounded slots, and the only retry loop.
//!
//! It runs anything that implements [`Job`] and knows nothing of hypervisors.
//!
//! ```text
//!  Queue ── commands ─► Dispatcher (one tokio task, owns everything)
//!                        │  Scheduler: who is next (pure)
//!                        │  verdict: again or not (pure)
//!                        ▼
//!                       JoinSet: one tokio task per attempt ── Job::run, Job::probe
//! ```

mod attempt;
mod dispatcher;
mod entry;
mod handle;
mod handler;
mod history;
mod rank;
mod scheduler;
mod task;
#[cfg(test)]
mod tests;
mod typed;
mod verdict;

pub use attempt::Attempt;
pub use handle::{Queue, Submitted};
pub use handler::{TaskHandler, TaskHandlers};
pub use task::{Job, Lane, Probe, Repeat, TaskSpec};
