use serde::{Deserialize, Serialize};

/// What kind of failure it was: all that callers branch on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
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
    /// The guest has no program for that.
    GuestLacksTool,
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
    /// The rights of who asks, or those of the program on the host, do not allow it.
    PermissionDenied,
    /// Who asks the server has not said who he is.
    Unauthenticated,
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
    /// Every kind.
    pub const ALL: [Self; 38] = [
        Self::Usage,
        Self::Config,
        Self::VmNotFound,
        Self::SnapshotNotFound,
        Self::FileNotFound,
        Self::NotFound,
        Self::AlreadyExists,
        Self::Ambiguous,
        Self::InvalidState,
        Self::SavedStateUnreadable,
        Self::Locked,
        Self::NotReady,
        Self::Changing,
        Self::StillWorking,
        Self::FileBusy,
        Self::DisplayNotReady,
        Self::TimedOut,
        Self::OutcomeUnknown,
        Self::HypervisorMissing,
        Self::HypervisorUnusable,
        Self::ServiceUnavailable,
        Self::GuestUnreachable,
        Self::GuestNotReady,
        Self::GuestAuth,
        Self::GuestLacksTool,
        Self::HostKeyChanged,
        Self::Partial,
        Self::LimitExceeded,
        Self::ConfirmationRequired,
        Self::Unsupported,
        Self::PermissionDenied,
        Self::Unauthenticated,
        Self::DiskFull,
        Self::Canceled,
        Self::ProgramFailed,
        Self::Unparseable,
        Self::Io,
        Self::Internal,
    ];

    /// Finds the kind that has a code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }

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
            Self::GuestLacksTool => "guest_lacks_tool",
            Self::HostKeyChanged => "host_key_changed",
            Self::Partial => "partial",
            Self::LimitExceeded => "limit_exceeded",
            Self::ConfirmationRequired => "confirmation_required",
            Self::Unsupported => "unsupported",
            Self::PermissionDenied => "permission_denied",
            Self::Unauthenticated => "unauthenticated",
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
            | Self::Unauthenticated
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
            | Self::GuestLacksTool
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
            | Self::GuestLacksTool
            | Self::HostKeyChanged
            | Self::Partial
            | Self::LimitExceeded
            | Self::ConfirmationRequired
            | Self::Unsupported
            | Self::PermissionDenied
            | Self::Unauthenticated
            | Self::DiskFull
            | Self::Canceled
            | Self::ProgramFailed
            | Self::Unparseable
            | Self::Io
            | Self::Internal => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ErrorKind;

    #[test]
    fn every_kind_is_found_by_its_code() {
        let codes = include_str!("kind.rs").lines().filter(|it| it.contains(" => \"")).count();
        assert_eq!(codes, ErrorKind::ALL.len());
        for kind in ErrorKind::ALL {
            assert_eq!(ErrorKind::of_code(kind.code()), Some(kind));
        }
        assert_eq!(ErrorKind::of_code("no such code"), None);
    }
}
