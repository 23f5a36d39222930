//! How values are written on the command line. Pure.

mod duration;
mod forward;
mod port;
mod size;
mod state;
mod words;

pub(crate) use duration::duration;
pub(crate) use forward::{forward, forward_wish};
pub(crate) use port::port_wish;
pub(crate) use size::{disk, memory};
pub(crate) use state::task_state;
pub(crate) use words::words;
