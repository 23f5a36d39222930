//! Files on their way between this host and a guest: how they are copied, whatever reaches the
//! guest.
//!
//! ```text
//!  sources ─► survey ─► items ─► part file ─► checksum ─► mode, rename ─► target
//! ```
//! What is half there never bears the target's name, and what does not have the source's checksum
//! never comes to bear it.

mod copied;
mod digest;
mod facts;
mod guest_files;
mod guest_path;
mod host;
mod into_guest;
mod meter;
mod out_of_guest;
mod sum;

pub use copied::{Check, Copied, CopyOptions, Recursion, Resumption};
pub use digest::Digest;
pub use facts::{Entry, FileFacts, FileKind};
pub use guest_files::{GuestFiles, seal_by_steps};
pub use guest_path::{base_name, join, parent};
pub use host::{facts as host_facts, permissions};
pub use into_guest::copy_in;
pub use meter::Meter;
pub use out_of_guest::copy_out;
pub use sum::sum_command;

#[cfg(test)]
mod tests;
