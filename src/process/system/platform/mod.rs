//! What each host does its own way: setting a program apart, asking it to end, how it ended.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(super) use unix::{ask_to_end, exit_of, set_apart};
#[cfg(windows)]
pub(super) use windows::{ask_to_end, exit_of, set_apart};
