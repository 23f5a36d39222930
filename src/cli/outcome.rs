use super::console::Console;
use super::session::Ended;
use super::signals::Signal;
use crate::error::{Error, ErrorKind};
use crate::report::{Detail, Format, Paint, failure_document, failure_lines};

/// How a command ends when it does not fail: with an exit code.
pub(crate) type Outcome = Result<u8, Failure>;

/// Why a command failed, and with which exit code it ends.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) error: Error,
    pub(crate) exit_code: u8,
}

/// How failures are told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Teller<'a> {
    pub(crate) console: &'a Console,
    pub(crate) format: Format,
    pub(crate) detail: Detail,
    /// For standard error.
    pub(crate) paint: Paint,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let exit_code = error.kind().exit_code();
        Self { error, exit_code }
    }
}

impl<T> Ended<T> {
    /// Returns the result; what a signal canceled ends with that signal's code.
    pub(crate) fn outcome(self) -> Result<T, Failure> {
        let signal = self.signal;
        self.result.map_err(|error| {
            let canceled = error.kind() == ErrorKind::Canceled;
            let code = signal.filter(|_| canceled).map(Signal::exit_code);
            let exit_code = code.unwrap_or_else(|| error.kind().exit_code());
            Failure { error, exit_code }
        })
    }
}

impl Ended<()> {
    /// Returns the exit code of what runs until a signal ends it: that is its only good end.
    pub(crate) fn watched(self) -> Outcome {
        match (self.signal, &self.result) {
            (Some(signal), Err(error)) if error.kind() == ErrorKind::Canceled => {
                Ok(signal.exit_code())
            }
            (Some(_) | None, _) => self.outcome().map(|()| 0),
        }
    }
}

impl Teller<'_> {
    /// Tells of a failure, and returns the exit code.
    pub(crate) fn tell(&self, failure: &Failure) -> u8 {
        if self.console.is_reader_gone() {
            // `vm-cli list | head -1`: who read our data has enough.
            return 0;
        }
        self.console.hold_still();
        let detail = match failure_document(&failure.error, self.format) {
            Some(document) => {
                drop(self.console.data(document.as_bytes()));
                Detail::Line
            }
            None => self.detail,
        };
        self.console.talk(&failure_lines(&failure.error, detail, self.paint));
        failure.exit_code
    }
}
