//! What several integration tests share.

#[cfg(unix)]
pub(crate) mod browser;
pub(crate) mod command;
pub(crate) mod console;
pub(crate) mod served;
#[cfg(unix)]
pub(crate) mod ssh_server;
#[cfg(target_os = "linux")]
pub(crate) mod terminal;
#[cfg(unix)]
pub(crate) mod watching;
