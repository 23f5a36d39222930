//! QMP, QEMU's own language: one JSON object a line over a socket, for one client at a time.
//!
//! Source: "QEMU Machine Protocol Specification" and "QEMU QMP Reference Manual", QEMU 7.2.

mod conversation;
mod jobs;
mod wire;

#[cfg(test)]
mod tests;

pub(super) use conversation::{Conversation, Patience, occupied};
