//! Who runs the program, and from where: for the audit trail.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix::{terminal, user};
#[cfg(windows)]
use windows::{terminal, user};

use sysinfo::System;

use super::environment::Environment;
use super::terminal::{Stream, Terminal};
use crate::orchestrator::Caller;

/// Finds out who runs the program.
pub(crate) fn caller(environment: &Environment, streams: Terminal) -> Caller {
    let host = System::host_name().unwrap_or_else(|_| "this host".to_owned());
    let typed = match streams.stdin {
        Stream::Terminal => terminal(),
        Stream::Elsewhere => "pipe".to_owned(),
    };
    let who = user(environment);
    // `sudo` says who became somebody else.
    let who = match environment.text("SUDO_USER") {
        Some(before) => format!("{who} by {before}"),
        None => who,
    };
    Caller { who, origin: format!("{host}, process {}, {typed}", std::process::id()) }
}
