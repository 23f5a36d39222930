//! The command line: arguments in, requests out, responses shown. The only reader of the
//! environment, the only writer to the streams.

mod arguments;
#[cfg(feature = "serve")]
mod away;
mod caller;
mod commands;
mod configuration;
mod console;
mod environment;
mod global;
mod labelled;
mod lent_terminal;
mod log;
mod masked;
mod outcome;
mod pair;
mod place;
mod progress;
mod reader;
#[cfg(feature = "serve")]
mod reload;
mod session;
mod session_records;
mod shell;
mod signals;
mod sink;
mod target;
mod targets;
mod terminal;
#[cfg(test)]
mod testing;
mod values;

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use clap::error::ErrorKind as Clap;

use crate::error::{Error, ErrorKind};
use crate::report::{Detail, Format, failure_document};
use arguments::Arguments;
use console::{Console, Motion};
use environment::Environment;
use outcome::Teller;
use shell::Shell;
use terminal::Terminal;

/// Runs the program.
pub fn run() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    ExitCode::from(exit_code(&words))
}

fn exit_code(words: &[OsString]) -> u8 {
    if let [_, flag] = words
        && (flag == "--version" || flag == "-V")
    {
        // Building all of the arguments costs more than the whole rest.
        let version = format!("vm-cli {}\n", env!("CARGO_PKG_VERSION"));
        return Console::new(Motion::Still).data(version.as_bytes()).map_or(1, |()| 0);
    }
    let arguments = match Arguments::try_parse_from(words) {
        Ok(arguments) => arguments,
        Err(refusal) => return refused(&refusal, words),
    };
    let environment = Environment::read();
    let global = arguments.global;
    let detail = if 0 < global.verbose { Detail::Full } else { Detail::Usual };
    let format = global.format().unwrap_or_default();
    let paint = Terminal::look().stderr.paint(global.color, &environment);
    let shell = match Shell::new(global, environment, words) {
        Ok(shell) => shell,
        Err(error) => {
            let console = Console::new(Motion::Still);
            return Teller { console: &console, format, detail, paint }.tell(&error.into());
        }
    };
    let console = Arc::clone(&shell.console);
    match commands::run(arguments.command, shell) {
        Ok(exit_code) => exit_code,
        Err(failure) => {
            tracing::info!(code = failure.error.kind().code(), "failed: {}", failure.error);
            Teller { console: &console, format, detail, paint }.tell(&failure)
        }
    }
}

/// Shows help, or what is wrong with the arguments; a program that asked for JSON gets it.
fn refused(refusal: &clap::Error, words: &[OsString]) -> u8 {
    let help = matches!(refusal.kind(), Clap::DisplayHelp | Clap::DisplayVersion);
    // Like every other output: who stopped reading is nobody to fail for.
    drop(refusal.print());
    if help {
        return 0;
    }
    let format = wished_format(words);
    if format.is_structured() {
        let text = refusal.to_string();
        let first = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
        let error = Error::new(ErrorKind::Usage, first).hint("run `vm-cli --help`");
        if let Some(document) = failure_document(&error, format) {
            drop(Console::new(Motion::Still).data(document.as_bytes()));
        }
    }
    ErrorKind::Usage.exit_code()
}

/// Finds the format among arguments that cannot be parsed.
fn wished_format(words: &[OsString]) -> Format {
    let words: Vec<&str> = words.iter().filter_map(|word| word.to_str()).collect();
    let after = |flag: &str| {
        let place = words.iter().position(|word| *word == flag)?;
        words.get(place + 1).copied()
    };
    let joined = || words.iter().find_map(|word| word.strip_prefix("--format="));
    match after("--format").or_else(joined) {
        Some(word) => word.parse().unwrap_or_default(),
        None if words.contains(&"--json") => Format::Json,
        None => Format::Table,
    }
}

/// Builds a failure of usage.
fn usage(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Usage, message)
}
