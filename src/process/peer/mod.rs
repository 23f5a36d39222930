//! Other processes of ours, which can be asked to end.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub use unix::ask_to_end;
#[cfg(windows)]
pub use windows::ask_to_end;
