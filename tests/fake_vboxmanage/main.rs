//! Stands in front of the real VBoxManage and makes it fail as VirtualBox fails.
//!
//! | variable | meaning |
//! |---|---|
//! | `FAKE_VBOXMANAGE_REAL` | the real program; without it a few calls have canned answers |
//! | `FAKE_VBOXMANAGE_PLAN` | a JSON file with the faults, see [`plan::Plan`] |
//! | `FAKE_VBOXMANAGE_LOG` | a file that gets one JSON line a call |
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::exit,
    clippy::expect_used,
    reason = "a program for tests: it reads the environment, prints, sleeps and breaks"
)]

mod canned;
mod deeds;
mod log;
mod plan;
mod texts;

use std::env;
use std::path::PathBuf;

fn main() {
    let arguments: Vec<String> =
        env::args_os().skip(1).map(|it| it.to_string_lossy().into_owned()).collect();
    let fault = path("FAKE_VBOXMANAGE_PLAN")
        .and_then(|plan| plan::decide(&plan, &arguments.join(" ")).expect("the plan can be read"));
    if let Some(log) = path("FAKE_VBOXMANAGE_LOG") {
        log::note(&log, &arguments, fault.as_ref()).expect("the log can be written");
    }
    let real = path("FAKE_VBOXMANAGE_REAL");
    match &fault {
        Some(fault) => deeds::commit(fault, real.as_deref(), &arguments),
        None => deeds::pass_on(real.as_deref(), &arguments),
    }
}

fn path(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from)
}
