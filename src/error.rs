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

use crate::model::Invalid;

/// What kind of failure it was: all that callers branch on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// An argument or a combination of arguments is wrong.
    Usage,
    /// The configuration is wrong.
    Config,
    /// No VM of that name or UUID.
    VmNotFound,
    /// No snapshot of that name or UUID.
    SnapshotNotFound,
    /// A file that was named is not there or cannot be read.
    FileNotFound,
    /// Something else that was named is not there.
    NotFound,
    /// Something of that name exists already.
    AlreadyExists,
    /// A name means more than one thing.
    Ambiguous,
    /// The VM is not in a state in which this can be done.
    InvalidState,
    /// The VM's saved state cannot be read.
    SavedStateUnreadable,
    /// Somebody else holds the VM's lock. Transient.
    Locked,
    /// VirtualBox holds an object that is not ready yet. Transient.
    NotReady,
    /// The VM is between two states. Transient.
    Changing,
    /// A call whose caller died still works on the VM. Transient.
    StillWorking,
    /// Another program holds a file. Transient.
    FileBusy,
    /// The VM's screen has no mode yet. Transient.
    DisplayNotReady,
    /// A deadline passed, and nothing was changed.
    TimedOut,
    /// A deadline passed, or the call died, in the middle of a change.
    OutcomeUnknown,
    /// The hypervisor's program was not found.
    HypervisorMissing,
    /// The hypervisor cannot run VMs on this host.
    HypervisorUnusable,
    /// The hypervisor's service is starting or stopping. Transient.
    ServiceUnavailable,
    /// The guest does not answer.
    GuestUnreachable,
    /// The guest's service is not ready yet. Transient.
    GuestNotReady,
    /// The guest refused the credentials.
    GuestAuth,
    /// The guest shows another host key than before.
    HostKeyChanged,
    /// Some of several VMs failed.
    Partial,
    /// A resource limit stands in the way.
    LimitExceeded,
    /// A confirmation is missing.
    ConfirmationRequired,
    /// This hypervisor, or this host, cannot do that.
    Unsupported,
    /// The host's rights do not allow it.
    PermissionDenied,
    /// The host's disk is full.
    DiskFull,
    /// Canceled by a person or a signal.
    Canceled,
    /// The hypervisor's program failed for a reason that is not known here.
    ProgramFailed,
    /// The hypervisor's program printed what cannot be understood.
    Unparseable,
    /// Reading or writing failed.
    Io,
    /// A bug of ours.
    Internal,
}

/// What a transient failure waits for; each class has its own patience.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TransientClass {
    /// A lock that somebody releases.
    Lock,
    /// The hypervisor's service.
    Service,
    /// An object that becomes ready.
    NotReady,
    /// A call that comes to its end. VBoxManage's own end takes 10 seconds now and then: two of its
    /// threads miss each other, and one waits for a time-out (seen on 7.2.22).
    Ending,
    /// A file that another program closes.
    File,
    /// A screen that gets a mode.
    Display,
    /// A guest that comes up.
    Guest,
}

impl ErrorKind {
    /// Returns the stable code that scripts read.
    pub fn code(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Config => "config_invalid",
            Self::VmNotFound => "vm_not_found",
            Self::SnapshotNotFound => "snapshot_not_found",
            Self::FileNotFound => "file_not_found",
            Self::NotFound => "not_found",
            Self::AlreadyExists => "already_exists",
            Self::Ambiguous => "ambiguous",
            Self::InvalidState => "invalid_state",
            Self::SavedStateUnreadable => "saved_state_unreadable",
            Self::Locked => "vm_locked",
            Self::NotReady => "not_ready",
            Self::Changing => "vm_changing",
            Self::StillWorking => "still_working",
            Self::FileBusy => "file_busy",
            Self::DisplayNotReady => "display_not_ready",
            Self::TimedOut => "timed_out",
            Self::OutcomeUnknown => "outcome_unknown",
            Self::HypervisorMissing => "hypervisor_missing",
            Self::HypervisorUnusable => "hypervisor_unusable",
            Self::ServiceUnavailable => "service_unavailable",
            Self::GuestUnreachable => "guest_unreachable",
            Self::GuestNotReady => "guest_not_ready",
            Self::GuestAuth => "guest_auth",
            Self::HostKeyChanged => "host_key_changed",
            Self::Partial => "partial",
            Self::LimitExceeded => "limit_exceeded",
            Self::ConfirmationRequired => "confirmation_required",
            Self::Unsupported => "unsupported",
            Self::PermissionDenied => "permission_denied",
            Self::DiskFull => "disk_full",
            Self::Canceled => "canceled",
            Self::ProgramFailed => "program_failed",
            Self::Unparseable => "unparseable",
            Self::Io => "io",
            Self::Internal => "internal",
        }
    }

    /// Returns the exit code of a command that ends with this.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Unsupported
            | Self::PermissionDenied
            | Self::DiskFull
            | Self::ProgramFailed
            | Self::Unparseable
            | Self::Io
            | Self::Internal
            | Self::FileBusy => 1,
            Self::Usage | Self::Config => 2,
            Self::VmNotFound | Self::SnapshotNotFound | Self::FileNotFound | Self::NotFound => 3,
            Self::AlreadyExists
            | Self::Ambiguous
            | Self::InvalidState
            | Self::SavedStateUnreadable
            | Self::Locked
            | Self::NotReady
            | Self::Changing
            | Self::StillWorking
            | Self::DisplayNotReady => 4,
            Self::TimedOut | Self::OutcomeUnknown => 5,
            Self::HypervisorMissing | Self::HypervisorUnusable | Self::ServiceUnavailable => 6,
            Self::GuestUnreachable
            | Self::GuestNotReady
            | Self::GuestAuth
            | Self::HostKeyChanged => 7,
            Self::Partial => 8,
            Self::LimitExceeded | Self::ConfirmationRequired => 9,
            Self::Canceled => 130,
        }
    }

    /// Returns what a transient failure waits for; `None` if trying again is of no use.
    pub fn transient(self) -> Option<TransientClass> {
        match self {
            Self::Locked => Some(TransientClass::Lock),
            Self::NotReady | Self::Changing => Some(TransientClass::NotReady),
            Self::StillWorking => Some(TransientClass::Ending),
            Self::FileBusy => Some(TransientClass::File),
            Self::DisplayNotReady => Some(TransientClass::Display),
            Self::ServiceUnavailable => Some(TransientClass::Service),
            Self::GuestNotReady => Some(TransientClass::Guest),
            Self::Usage
            | Self::Config
            | Self::VmNotFound
            | Self::SnapshotNotFound
            | Self::FileNotFound
            | Self::NotFound
            | Self::AlreadyExists
            | Self::Ambiguous
            | Self::InvalidState
            | Self::SavedStateUnreadable
            | Self::TimedOut
            | Self::OutcomeUnknown
            | Self::HypervisorMissing
            | Self::HypervisorUnusable
            | Self::GuestUnreachable
            | Self::GuestAuth
            | Self::HostKeyChanged
            | Self::Partial
            | Self::LimitExceeded
            | Self::ConfirmationRequired
            | Self::Unsupported
            | Self::PermissionDenied
            | Self::DiskFull
            | Self::Canceled
            | Self::ProgramFailed
            | Self::Unparseable
            | Self::Io
            | Self::Internal => None,
        }
    }
}

/// One failed attempt of a task that was tried again.
#[derive(Debug, Clone, PartialEq, Eq)]
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

    /// Says that this was waited out already: whatever its kind, trying again is of no use.
    pub fn given_up(mut self) -> Self {
        self.0.given_up = true;
        self
    }

    /// Returns whether this was waited out already.
    pub fn is_given_up(&self) -> bool {
        self.0.given_up
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
