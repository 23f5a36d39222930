//! Whoever reads our standard output, and whether they still do.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(crate) use unix::is_gone;
#[cfg(windows)]
pub(crate) use windows::is_gone;
