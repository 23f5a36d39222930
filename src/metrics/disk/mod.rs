//! How much room a disk has.

#[cfg(not(windows))]
mod mounts;
#[cfg(windows)]
mod windows;

#[cfg(not(windows))]
pub(super) use mounts::under;
#[cfg(windows)]
pub(super) use windows::under;

/// The room on a disk, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DiskRoom {
    pub(super) total: u64,
    pub(super) free: u64,
}
