//! The command line: arguments in, requests out, responses shown. The only reader of the
//! environment.

use std::process::ExitCode;

/// Runs the program.
pub fn run() -> ExitCode {
    ExitCode::SUCCESS
}
