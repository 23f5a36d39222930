//! The one error of the crate: what happened, why, and what to do next.
//!
//! | exit code | meaning |
//! |---|---|
//! | 1 | failure |
//! | 2 | wrong usage or configuration |
//! | 3 | not found |
//! | 4 | wrong state, exists already, locked |
//! | 5 | timed out |
//! | 6 | hypervisor missing or sick |
//! | 7 | guest unreachable |
//! | 8 | part of a batch failed |
//! | 9 | refused: a limit, or a confirmation is missing |
//! | 130 | canceled |

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::time::Duration;

use serde::{Deserialize, Serialize};

mod kind;
mod problems;

pub use kind::{ErrorKind, TransientClass};
pub use problems::Problems;
pub(crate) use problems::{shown_key, write_why};

use crate::model::{Evidence, Invalid};

/// One failed attempt of a task that was tried again.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct FailedAttempt {
    /// The kind of its failure.
    pub kind: ErrorKind,
    /// Its message.
    pub message: String,
    /// How long was waited after it; `None` after the last.
    pub waited: Option<Duration>,
}

/// A failure: its kind, one line, what to do next, and its cause.
///
/// [`fmt::Display`] prints the line alone; the cause is the [`StdError::source`].
pub struct Error(Box<Parts>);

#[derive(Debug)]
struct Parts {
    kind: ErrorKind,
    message: String,
    hint: Option<String>,
    vm: Option<String>,
    attempts: Vec<FailedAttempt>,
    given_up: bool,
    evidence: Option<Evidence>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// Builds a failure from its kind and its one line (lower case, names in backticks).
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Parts {
            kind,
            message: message.into(),
            hint: None,
            vm: None,
            attempts: Vec::new(),
            given_up: false,
            evidence: None,
            source: None,
        }))
    }

    /// Says what to do next, as a sentence fragment such as "run `vm-cli list`".
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Says what to do next unless that was said already.
    pub fn or_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint.get_or_insert_with(|| hint.into());
        self
    }

    /// Names the VM that it is about.
    pub fn about(mut self, vm: impl fmt::Display) -> Self {
        self.0.vm.get_or_insert_with(|| vm.to_string());
        self
    }

    /// Keeps the cause.
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Keeps what was tried before this.
    pub fn after(mut self, attempts: Vec<FailedAttempt>) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// Keeps what was found of the VM.
    pub fn found(mut self, evidence: Evidence) -> Self {
        self.0.evidence = Some(evidence);
        self
    }

    /// Says that this was waited out already: whatever its kind, trying again is of no use.
    pub fn given_up(mut self) -> Self {
        self.0.given_up = true;
        self
    }

    /// Returns whether this was waited out already.
    pub fn is_given_up(&self) -> bool {
        self.0.given_up
    }

    /// Returns what was found of the VM, if it was looked at.
    pub fn evidence(&self) -> Option<&Evidence> {
        self.0.evidence.as_ref()
    }

    /// Returns the kind.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the one line.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns what to do next.
    pub fn next_step(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// Returns the VM that it is about.
    pub fn vm(&self) -> Option<&str> {
        self.0.vm.as_deref()
    }

    /// Returns the attempts that failed, the first one first.
    pub fn attempts(&self) -> &[FailedAttempt] {
        &self.0.attempts
    }

    /// Returns the messages of all causes, the nearest first.
    pub fn causes(&self) -> Vec<String> {
        let mut causes = Vec::new();
        let mut next = StdError::source(self);
        while let Some(cause) = next {
            causes.push(cause.to_string());
            next = cause.source();
        }
        causes
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_ref().map(|e| {
            let e: &(dyn StdError + 'static) = e.as_ref();
            e
        })
    }
}

impl From<Invalid> for Error {
    fn from(invalid: Invalid) -> Self {
        Self::new(ErrorKind::Usage, invalid.to_string())
    }
}

/// Builds the failure of reading or writing something that is named.
pub fn io(what: impl fmt::Display, error: io::Error) -> Error {
    const KINDS: [(io::ErrorKind, ErrorKind); 4] = [
        (io::ErrorKind::NotFound, ErrorKind::FileNotFound),
        (io::ErrorKind::PermissionDenied, ErrorKind::PermissionDenied),
        (io::ErrorKind::StorageFull, ErrorKind::DiskFull),
        (io::ErrorKind::QuotaExceeded, ErrorKind::DiskFull),
    ];
    let known = KINDS.iter().find(|(theirs, _)| *theirs == error.kind());
    let kind = known.map_or(ErrorKind::Io, |(_, ours)| *ours);
    Error::new(kind, format!("cannot {what}")).caused_by(error)
}

/// Builds the failure of making something that is named: where its place is missing, nothing was
/// looked for that is not there.
pub fn making(what: impl fmt::Display, error: io::Error) -> Error {
    if error.kind() != io::ErrorKind::NotFound {
        return io(what, error);
    }
    Error::new(ErrorKind::Io, format!("cannot {what}")).caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::{Error, ErrorKind};

    #[test]
    fn the_line_does_not_repeat_its_cause() {
        let cause = Error::new(ErrorKind::ProgramFailed, "VBoxManage said no");
        let error = Error::new(ErrorKind::Locked, "`web` is locked").caused_by(cause).about("web");
        assert_eq!(error.to_string(), "`web` is locked");
        assert_eq!(error.causes(), ["VBoxManage said no"]);
        assert_eq!(error.vm(), Some("web"));
        assert_eq!(error.kind().exit_code(), 4);
    }
}
