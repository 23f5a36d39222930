//! What several integration tests share.

pub(crate) mod command;
pub(crate) mod console;
#[cfg(unix)]
pub(crate) mod ssh_server;
#[cfg(unix)]
pub(crate) mod watching;
