//! Commands about several VMs: one request for each, one document, one exit code.

use std::io::{self, Read};
use std::sync::Arc;

use super::simple::{one, show};
use crate::cli::outcome::Outcome;
use crate::cli::session::Ended;
use crate::cli::shell::{App, Shell};
use crate::cli::sink::Silent;
use crate::cli::target::Given;
use crate::cli::targets::{Aim, Targets};
use crate::error::{self, Error, ErrorKind};
use crate::model::VmRef;
use crate::report::{Captured, Detail, Document, failure_lines};
use crate::request::{Batch, Pace, Request, Response, Selection};

/// A command that asks for the same of each VM.
pub(super) trait OnEach {
    /// Returns the VMs that are meant.
    fn targets(&self, given: &Given) -> Result<Targets, Error>;

    /// Says what is asked for of one VM.
    fn request(&self, vm: VmRef, given: &Given) -> Result<Request, Error>;
}

/// Asks for the same of each VM that is meant, and shows what came of it.
pub(super) fn on_each(shell: Shell, command: &impl OnEach) -> Outcome {
    let app = shell.app()?;
    let given = app.given();
    let targets = command.targets(&given)?;
    match targets.aim(&given, stdin_text)? {
        Aim::One(vm) => {
            let response = one(&app, command.request(vm, &given)?).outcome()?;
            Ok(show(&app, &response)?)
        }
        Aim::Several(selection) => {
            let request = |vm| command.request(vm, &given);
            let pace = targets.several.pace.pace();
            conclude(&app, ask_each(&app, &selection, pace, request), &[])
        }
    }
}

/// Asks for something of each VM that is meant.
pub(super) fn ask_each(
    app: &App,
    selection: &Selection,
    pace: Pace,
    request: impl Fn(VmRef) -> Result<Request, Error>,
) -> Ended<Batch> {
    app.session(&app.paced(pace), async |session| {
        let vms = session.select(selection).await?;
        let requests = vms.into_iter().map(request).collect::<Result<_, _>>()?;
        Ok(session.ask_all(requests, pace, Arc::new(Silent)).await)
    })
}

/// Asks for everything in a list.
pub(super) fn ask_all(app: &App, requests: Vec<Request>, pace: Pace) -> Ended<Batch> {
    app.session(&app.paced(pace), async |session| {
        Ok(session.ask_all(requests, pace, Arc::new(Silent)).await)
    })
}

/// Shows what came of several requests: outcomes as the result, failures as messages.
pub(super) fn conclude(app: &App, ended: Ended<Batch>, captured: &[Captured]) -> Outcome {
    let signal = ended.signal;
    let batch = ended.outcome()?;
    app.shell.show(&Document::batch(&batch, captured))?;
    let canceled = batch.errors().any(|error| error.kind() == ErrorKind::Canceled);
    tell_failures(app, &batch);
    Ok(match (signal, batch.failed()) {
        (Some(signal), _) if canceled => signal.exit_code(),
        (_, 0) => 0,
        (..) => ErrorKind::Partial.exit_code(),
    })
}

/// Tells what failed and why, then how much of the whole.
fn tell_failures(app: &App, batch: &Batch) {
    let failed = batch.failed();
    if failed == 0 {
        return;
    }
    let shell = &app.shell;
    shell.console.hold_still();
    let detail = detail(shell);
    for outcome in &batch.outcomes {
        let lines = match &outcome.result {
            Err(error) => failure_lines(error, detail, shell.message_paint()),
            Ok(Response::Executed { vm, exit_code, .. }) if *exit_code != 0 => {
                let message = format!("the command in `{vm}` ended with exit code {exit_code}");
                let error = Error::new(ErrorKind::ProgramFailed, message);
                failure_lines(&error, Detail::Line, shell.message_paint())
            }
            Ok(_) => continue,
        };
        shell.console.talk(&lines);
    }
    tell_sum(app, failed, batch.outcomes.len());
}

/// Returns how much is told of a failure beside the result.
pub(super) fn detail(shell: &Shell) -> Detail {
    match (shell.style.format.is_structured(), shell.global.verbose) {
        (true, _) => Detail::Line,
        (false, 0) => Detail::Usual,
        (false, _) => Detail::Full,
    }
}

/// Tells how much of the whole failed.
pub(super) fn tell_sum(app: &App, failed: usize, all: usize) {
    let sum = Error::new(ErrorKind::Partial, format!("{failed} of {all} failed"));
    tracing::info!(code = sum.kind().code(), "failed: {sum}");
    let paint = app.shell.message_paint();
    app.shell.console.talk(&failure_lines(&sum, Detail::Line, paint));
}

/// More names than this are none.
const LONGEST_STDIN: u64 = 16 * 1024 * 1024;

/// Reads names from standard input.
pub(super) fn stdin_text() -> Result<String, Error> {
    let mut text = String::new();
    let read = io::stdin().lock().take(LONGEST_STDIN).read_to_string(&mut text);
    read.map_err(|e| error::io("read names from standard input", e))?;
    Ok(text)
}
