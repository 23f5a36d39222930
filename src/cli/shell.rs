use std::ffi::OsString;
use std::sync::Arc;

use super::configuration;
use super::console::{Console, Motion};
use super::environment::Environment;
use super::global::{Global, ProgressWish};
use super::log::{self, Verbosity};
use super::masked::masked;
use super::progress::Progress;
use super::target::Given;
use super::terminal::{Stream, Terminal};
use crate::config::{Folders, Loaded, Settings};
use crate::error::{self, Error};
use crate::orchestrator::{Limits, Rehearsal};
use crate::report::{self, Document, Format, Header, Paint, Style};
use crate::request::Pace;

/// What every command works in: the global arguments, the environment, the streams.
#[derive(Debug, Clone)]
pub(crate) struct Shell {
    pub(crate) global: Global,
    pub(crate) environment: Environment,
    pub(crate) terminal: Terminal,
    pub(crate) console: Arc<Console>,
    pub(crate) style: Style,
    pub(crate) command_line: String,
}

/// What commands that reach VMs work in: a shell, and the configuration.
#[derive(Debug, Clone)]
pub(crate) struct App {
    pub(crate) shell: Shell,
    pub(crate) folders: Folders,
    pub(crate) loaded: Loaded,
}

impl Shell {
    /// Decides how to show things.
    pub(crate) fn new(
        global: Global,
        mut environment: Environment,
        words: &[OsString],
    ) -> Result<Self, Error> {
        if let Some(home) = &global.home {
            environment.set("VM_CLI_HOME", home.clone());
        }
        let terminal = Terminal::look();
        let format = global.format()?;
        let style = Style {
            format,
            header: if global.no_header { Header::Hidden } else { Header::Shown },
            columns: global.columns.clone(),
            paint: terminal.stdout.paint(global.color, &environment),
            width: terminal.width,
        };
        let motion = match progress(&global, terminal) {
            Progress::Spinners => Motion::Moving,
            Progress::Lines | Progress::None => Motion::Still,
        };
        let console = Arc::new(Console::new(motion));
        let command_line = masked(words);
        Ok(Self { global, environment, terminal, console, style, command_line })
    }

    /// Reads the configuration and begins to log.
    pub(crate) fn app(self) -> Result<App, Error> {
        let folders = configuration::folders(&self.environment)?;
        let loaded = configuration::load(&self.global, &self.environment, &folders)?;
        let logging = &loaded.settings.logging;
        let folder = logging.directory.clone().unwrap_or_else(|| folders.logs());
        log::begin(&folder, logging, Verbosity::of(self.global.verbose), &self.console);
        tracing::info!(command = %self.command_line, pid = std::process::id(), "begins");
        Ok(App { shell: self, folders, loaded })
    }

    /// Shows a document on standard output.
    pub(crate) fn show(&self, document: &Document) -> Result<(), Error> {
        self.print(&report::render(document, &self.style)?)
    }

    /// Writes text to standard output.
    pub(crate) fn print(&self, text: &str) -> Result<(), Error> {
        self.console.data(text.as_bytes()).map_err(|e| error::io("write the result", e))
    }

    /// Tells a person something beside the result; programs are not told.
    pub(crate) fn remark(&self, text: &str) {
        if self.terminal.stderr == Stream::Terminal && !self.global.quiet && !self.is_structured() {
            self.console.talk(&format!("{text}\n"));
        }
    }

    /// Returns how messages on standard error are coloured.
    pub(crate) fn message_paint(&self) -> Paint {
        self.terminal.stderr.paint(self.global.color, &self.environment)
    }

    /// Returns the server that is named to do the work.
    pub(crate) fn host(&self) -> Option<String> {
        self.global.host.clone().or_else(|| self.environment.text("VM_CLI_HOST"))
    }

    /// Returns how progress is shown.
    pub(crate) fn progress(&self) -> Progress {
        progress(&self.global, self.terminal)
    }

    /// Returns whether the result is one for programs.
    pub(crate) fn is_structured(&self) -> bool {
        self.style.format.is_structured() || self.style.format == Format::Csv
    }

    /// Returns whether limits stand in the way.
    pub(crate) fn limits(&self) -> Limits {
        if self.global.ignore_limits { Limits::Ignored } else { Limits::Kept }
    }

    /// Returns whether things are done or only told.
    pub(crate) fn rehearsal(&self) -> Rehearsal {
        if self.global.dry_run { Rehearsal::Rehearse } else { Rehearsal::Perform }
    }
}

impl App {
    /// Returns what requests are made of besides the arguments.
    pub(crate) fn given(&self) -> Given {
        Given {
            default_vm: self.shell.environment.text("VM_CLI_VM"),
            timeouts: self.loaded.settings.timeouts,
            layout: self.loaded.settings.input.keyboard_layout,
            recovery: self.loaded.settings.recovery.clone(),
        }
    }

    /// Returns the settings for work at this pace: as many tasks at once as was said.
    pub(crate) fn paced(&self, pace: Pace) -> Settings {
        let mut settings = self.loaded.settings.clone();
        if let Some(parallel) = pace.parallel {
            let slots = u32::try_from(parallel.get()).unwrap_or(u32::MAX);
            settings.resource_limits.max_parallel_operations = slots;
        }
        settings
    }
}

fn progress(global: &Global, terminal: Terminal) -> Progress {
    match (global.progress, terminal.stderr) {
        _ if global.quiet => Progress::None,
        (ProgressWish::None, _) => Progress::None,
        (ProgressWish::Plain, _) | (ProgressWish::Auto, Stream::Elsewhere) => Progress::Lines,
        // Moving lines and log lines would chase each other.
        (ProgressWish::Auto, Stream::Terminal) if 0 < global.verbose => Progress::Lines,
        (ProgressWish::Auto, Stream::Terminal) => Progress::Spinners,
    }
}
