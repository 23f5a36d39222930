//! What went wrong, in our words: the only place that reads VBoxManage's error texts.

use std::fmt;

use super::check::Failure;
use super::rules;
use crate::error::Error;
use crate::error::ErrorKind;
use crate::model::Phase;
use crate::model::VmRef;
use crate::model::VmState;
use crate::model::typed;
use crate::process::Effect;
use crate::process::Exit;
use crate::process::ProcessError;

/// Explains a call that failed; `vm` is the one that it named.
pub(super) fn explain(failure: &Failure, vm: Option<&VmRef>) -> Error {
    let known = rules::find(failure);
    let kind = kind_of(failure, known.map(|rule| rule.kind));
    let shown = vm.map_or_else(|| "the VM".to_owned(), |vm| format!("`{vm}`"));
    let message = match (known, kind) {
        (_, ErrorKind::Changing) => format!("{shown} is between two states"),
        (_, ErrorKind::OutcomeUnknown) if rules::is_broken_off(failure) => {
            format!("VirtualBox's service went away while it changed {shown}")
        }
        (Some(rule), _) => {
            rule.message.replace("{vm}", &shown).replace("{said}", &failure.first_line())
        }
        (None, ErrorKind::HypervisorUnusable) => "VBoxManage cannot be run on this host".to_owned(),
        (None, _) => failure.first_line(),
    };
    let typed = vm.map_or_else(|| "NAME".to_owned(), typed);
    let mut error = Error::new(kind, message).caused_by(Said::new(failure));
    error = match (known, kind) {
        (_, ErrorKind::OutcomeUnknown) => {
            error.hint(format!("run `vm-cli status --name {typed}` to see what became of it"))
        }
        (Some(rule), _) => error.hint(rule.hint.replace("{name}", &typed)),
        (None, _) => error.hint("run `vm-cli setup` to check VirtualBox"),
    };
    match vm {
        Some(vm) => error.about(vm),
        None => error,
    }
}

/// Explains a call that did not come to its end.
pub(super) fn unfinished(problem: ProcessError, effect: Effect, vm: Option<&VmRef>) -> Error {
    let typed = vm.map_or_else(|| "NAME".to_owned(), typed);
    let (kind, message, hint) = match (&problem, effect) {
        (ProcessError::NotFound { program }, _) => (
            ErrorKind::HypervisorMissing,
            format!("VirtualBox was not found: there is no `{program}`"),
            "run `vm-cli setup` to see where it was looked for".to_owned(),
        ),
        (ProcessError::Spawn { program, .. }, _) => (
            ErrorKind::HypervisorUnusable,
            format!("`{program}` could not be started"),
            "run `vm-cli setup` to check VirtualBox".to_owned(),
        ),
        (ProcessError::TimedOut { after, .. }, Effect::Read) => (
            ErrorKind::TimedOut,
            format!("VBoxManage did not answer within {after:?}"),
            "try again, or allow more with `timeouts.query_seconds`".to_owned(),
        ),
        (ProcessError::TimedOut { after, .. }, Effect::Write) => (
            ErrorKind::OutcomeUnknown,
            format!("VBoxManage was not done within {after:?}, and may have changed something"),
            format!("run `vm-cli status --name {typed}` to see what became of it"),
        ),
        (ProcessError::Read { .. }, Effect::Write) => (
            ErrorKind::OutcomeUnknown,
            "VBoxManage's answer could not be read, and it may have changed something".to_owned(),
            format!("run `vm-cli status --name {typed}` to see what became of it"),
        ),
        (ProcessError::Read { .. }, Effect::Read) => (
            ErrorKind::Io,
            "VBoxManage's answer could not be read".to_owned(),
            "try again".to_owned(),
        ),
        (ProcessError::NotServing { program, .. }, _) => (
            ErrorKind::ServiceUnavailable,
            format!("`{program}` did not come up"),
            "try again".to_owned(),
        ),
        (ProcessError::Flood { .. }, _) => (
            ErrorKind::Unparseable,
            "VBoxManage printed far more than it should".to_owned(),
            "run `vm-cli setup` to see which program is called".to_owned(),
        ),
    };
    let error = Error::new(kind, message).hint(hint).caused_by(problem);
    match vm {
        Some(vm) => error.about(vm),
        None => error,
    }
}

/// Builds the failure of an answer that cannot be understood; `why` is a clause.
pub(super) fn unparseable(why: &str) -> Error {
    Error::new(ErrorKind::Unparseable, format!("VBoxManage's answer {why}"))
        .hint("run `vm-cli setup` to see which program is called")
}

/// Returns whether the VM is registered but its settings cannot be read.
pub(super) fn is_inaccessible(failure: &Failure) -> bool {
    rules::is_inaccessible(failure)
}

/// Decides the kind where a row alone cannot: by the state that is named, by what the call would
/// have done, by how it ended.
fn kind_of(failure: &Failure, known: Option<ErrorKind>) -> ErrorKind {
    let is_write = failure.effect == Effect::Write;
    match (known, failure.exit) {
        (Some(ErrorKind::InvalidState), _) if failure.names_a_changing_state() => {
            ErrorKind::Changing
        }
        (Some(_), _) if is_write && rules::is_broken_off(failure) => ErrorKind::OutcomeUnknown,
        (Some(kind), _) => kind,
        (None, Exit::Signal(_)) if is_write => ErrorKind::OutcomeUnknown,
        // The shell's codes for a program that cannot be run and one that is not there.
        (None, Exit::Code(126 | 127)) => ErrorKind::HypervisorUnusable,
        // VBoxManage's code for wrong usage; ours, since the arguments are built here.
        (None, Exit::Code(2)) => ErrorKind::Internal,
        (None, Exit::Code(_) | Exit::Signal(_) | Exit::Dismissed) => ErrorKind::ProgramFailed,
    }
}

impl Failure {
    /// Returns whether a text was said.
    pub(super) fn says(&self, text: &str) -> bool {
        self.said.iter().any(|line| line.contains(text))
    }

    /// Finds `(machine state: Snapshotting)` and `(state is Saving)`.
    fn names_a_changing_state(&self) -> bool {
        let named = self.said.iter().find_map(|line| {
            let (_, rest) =
                line.split_once("machine state: ").or_else(|| line.split_once("state is "))?;
            rest.split(|c: char| !c.is_ascii_alphanumeric()).next()
        });
        let state = named.and_then(|word| word.to_lowercase().parse::<VmState>().ok());
        state.is_some_and(|state| state.phase() == Phase::Changing)
    }
}

/// What VBoxManage said, as the cause of an error.
#[derive(Debug)]
struct Said(String);

impl Said {
    fn new(failure: &Failure) -> Self {
        if failure.said.is_empty() {
            return Self(failure.first_line());
        }
        Self(format!("VBoxManage: {}", failure.said.join("; ")))
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Said {}

#[cfg(test)]
#[path = "error_tests.rs"]
mod tests;
