//! How values are written on the command line. Pure.

mod collected;
mod state;
mod via;
mod words;

pub(crate) use crate::request::spelling::{
    disk, duration, forward, forward_wish, memory, port_wish,
};
pub(crate) use collected::collected;
pub(crate) use state::task_state;
pub(crate) use via::via;
pub(crate) use words::words;
