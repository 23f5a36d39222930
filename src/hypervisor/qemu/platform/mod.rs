//! What QEMU needs of the host's system: sockets in the file system, locks of a process.

#[cfg(not(unix))]
mod elsewhere;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
pub(super) use elsewhere::{Stream, connect, end, has_kvm, holder, make_private_folder};
#[cfg(unix)]
pub(super) use unix::{Stream, connect, end, has_kvm, holder, make_private_folder};
