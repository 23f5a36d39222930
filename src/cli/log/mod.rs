//! The log file, and what `-v` shows of it.

mod file;
mod private;
mod talk;

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, Mutex};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Registry, fmt};

use super::console::Console;
use crate::config::{LogFormat, Logging};
use talk::{Bare, Talk};

/// The target of the calls of the hypervisor's program, which `-v` shows.
const CALLS: &str = "vm_cli::call";
/// The name of the log file.
pub(crate) const FILE: &str = "vm_orchestrator.log";

/// How much is shown on standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verbosity {
    /// Nothing.
    Quiet,
    /// The calls of the hypervisor's program.
    Calls,
    /// Everything.
    All,
}

impl Verbosity {
    /// Counts the `-v`.
    pub(crate) fn of(count: u8) -> Self {
        match count {
            0 => Self::Quiet,
            1 => Self::Calls,
            2.. => Self::All,
        }
    }
}

/// Returns the log file.
pub(crate) fn path(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

/// Begins to log. A log file that cannot be written is told of, but stops nobody.
pub(crate) fn begin(
    folder: &Path,
    settings: &Logging,
    verbosity: Verbosity,
    console: &Arc<Console>,
) {
    let level = LevelFilter::from_str(&settings.level).unwrap_or(LevelFilter::INFO);
    let file = match level {
        LevelFilter::OFF => None,
        _ => match file::open(folder, settings.max_files, jiff::Timestamp::now()) {
            Ok(file) => Some(Mutex::new(file)),
            Err(error) => {
                console.talk(&format!("warning: {error}; nothing is logged\n"));
                None
            }
        },
    };
    let ours = |level: LevelFilter| Targets::new().with_target("vm_cli", level);
    let to_file = file.map(|file| {
        let layer = fmt::layer().with_ansi(false).with_writer(file);
        let layer: Box<dyn Layer<Registry> + Send + Sync> = match settings.format {
            LogFormat::Text => layer.boxed(),
            LogFormat::Json => layer.json().boxed(),
        };
        layer.with_filter(ours(level))
    });
    let talk = Talk(Arc::clone(console));
    let to_stderr = match verbosity {
        Verbosity::Quiet => None,
        Verbosity::Calls => {
            let filter = Targets::new().with_target(CALLS, LevelFilter::INFO);
            Some(fmt::layer().event_format(Bare).with_writer(talk).with_filter(filter).boxed())
        }
        Verbosity::All => {
            let layer = fmt::layer().with_ansi(false).with_writer(talk).without_time();
            Some(layer.with_filter(ours(LevelFilter::DEBUG)).boxed())
        }
    };
    // A second call in one process (tests) keeps the first subscriber.
    drop(tracing_subscriber::registry().with(to_file).with(to_stderr).try_init());
}
