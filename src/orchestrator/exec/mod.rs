//! Commands in a guest: by which way, and how each way is gone.

mod additions;
mod additions_program;
mod nowhere;
mod pick;
mod ssh;
mod way;

pub(super) use additions::control;
pub(super) use nowhere::Nowhere;
