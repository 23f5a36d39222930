use std::io::{self, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

use crate::cli::log;
use crate::cli::outcome::Outcome;
use crate::cli::session::Session;
use crate::cli::shell::{App, Shell};
use crate::cli::signals::Signals;
use crate::cli::target::Target;
use crate::cli::usage;
use crate::error::{self, Error, ErrorKind};
use crate::hypervisor::log_file;
use crate::report::Document;
use crate::request::{Request, Response};

/// Show the log of vm-cli or of a VM
///
/// Without a name it is our own log of today, with a name the VM's.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli logs
  vm-cli logs --follow
  vm-cli logs my-first-vm --lines 100")]
pub(crate) struct Logs {
    #[command(flatten)]
    target: Target,

    /// Go on showing what is added, until Ctrl-C
    #[arg(short, long)]
    follow: bool,

    /// Begin with this many lines; 0 begins at the end
    #[arg(short = 'n', long, value_name = "N", default_value_t = 50)]
    lines: usize,
}

/// How often a followed file is looked at.
const POLL: Duration = Duration::from_millis(250);
/// How much of a file's end is searched for the last lines.
const TAIL: u64 = 4 * 1024 * 1024;

impl Logs {
    /// Returns whether it is about a VM.
    pub(super) fn is_of_a_vm(&self) -> bool {
        self.target != Target::default()
    }

    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        if self.follow && app.shell.is_structured() {
            let why = "`--follow` has no end, so it makes no document";
            return Err(usage(why).hint("leave out `--follow` or the format").into());
        }
        let named = self.is_of_a_vm();
        let shown = app.block_on(async |signals| {
            let file = if named { self.of_vm(&app, signals.clone()).await? } else { ours(&app) };
            let (end, position) = end_of(&file).await.map_err(|e| unreadable(&file, e))?;
            show(&app, last_lines(&end, self.lines))?;
            if self.follow { follow(&app, signals, &file, position).await } else { Ok(()) }
        });
        shown.watched()
    }

    async fn of_vm(&self, app: &App, signals: Signals) -> Result<PathBuf, Error> {
        let name = self.target.vm(&app.given())?;
        let mut session = Session::open(app, &app.loaded.settings, signals)?;
        let response = session.ask(Request::Status(name.clone())).await;
        session.close().await;
        let Response::Status(vm) = response? else {
            return Err(Error::new(ErrorKind::Internal, "the VM's status did not arrive"));
        };
        log_file(&vm).ok_or_else(|| {
            Error::new(ErrorKind::Unsupported, format!("`{name}` keeps no log")).about(name)
        })
    }
}

/// Shows lines as they are, or as a document if one was asked for.
fn show(app: &App, lines: &[u8]) -> Result<(), Error> {
    if app.shell.is_structured() {
        let text = String::from_utf8_lossy(lines);
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        return app.shell.show(&Document::words("line", &lines));
    }
    app.shell.console.data(lines).map_err(|e| error::io("write the log", e))
}

/// Returns the end of a file, and the place behind it.
async fn end_of(path: &Path) -> io::Result<(Vec<u8>, u64)> {
    let mut file = File::open(path).await?;
    let length = file.metadata().await?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL))).await?;
    let mut bytes = Vec::new();
    (&mut file).take(TAIL).read_to_end(&mut bytes).await?;
    Ok((bytes, file.stream_position().await?))
}

fn ours(app: &App) -> PathBuf {
    let folder = app.loaded.settings.logging.directory.clone();
    log::path(&folder.unwrap_or_else(|| app.folders.logs()))
}

/// Shows what is added to a file; a shorter one is a new one.
async fn follow(
    app: &App,
    mut signals: Signals,
    path: &Path,
    mut position: u64,
) -> Result<(), Error> {
    signals.end_with_the_reader();
    loop {
        signals.or(tokio::time::sleep(POLL)).await?;
        let length = match tokio::fs::metadata(path).await {
            Ok(metadata) => metadata.len(),
            // Put aside a moment ago: the next one comes.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(unreadable(path, error)),
        };
        if length < position {
            position = 0;
        }
        if position < length {
            let added = added(path, position).await.map_err(|e| unreadable(path, e))?;
            position += u64::try_from(added.len()).unwrap_or(0);
            app.shell.console.data(&added).map_err(|e| error::io("write the log", e))?;
        }
    }
}

async fn added(path: &Path, position: u64) -> io::Result<Vec<u8>> {
    let mut file = File::open(path).await?;
    file.seek(SeekFrom::Start(position)).await?;
    let mut bytes = Vec::new();
    file.take(TAIL).read_to_end(&mut bytes).await?;
    Ok(bytes)
}

fn unreadable(path: &Path, error: io::Error) -> Error {
    let missing = error.kind() == io::ErrorKind::NotFound;
    let error = error::io(format!("read the log `{}`", path.display()), error);
    if missing { error.hint("start the VM once: its log begins then") } else { error }
}

/// Returns the last lines of a text, the last line possibly unended.
fn last_lines(text: &[u8], lines: usize) -> &[u8] {
    let ended = text.strip_suffix(b"\n").unwrap_or(text);
    let mut breaks = ended.iter().enumerate().rev().filter(|(_, byte)| **byte == b'\n');
    let start = match lines.checked_sub(1) {
        None => text.len(),
        Some(before) => breaks.nth(before).map_or(0, |(place, _)| place + 1),
    };
    text.get(start..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::last_lines;

    #[test]
    fn the_last_lines_are_counted_from_the_end() {
        assert_eq!(last_lines(b"a\nb\nc\n", 2), b"b\nc\n");
        assert_eq!(last_lines(b"a\nb\nc", 1), b"c");
        assert_eq!(last_lines(b"a\nb\n", 9), b"a\nb\n");
        assert_eq!(last_lines(b"a\n", 0), b"");
        assert_eq!(last_lines(b"", 3), b"");
    }
}
