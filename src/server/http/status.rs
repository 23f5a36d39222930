use axum::http::StatusCode;

use crate::error::ErrorKind;

/// Returns the status of an answer that tells of such a failure.
pub(super) fn status(kind: ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::Usage | ErrorKind::ConfirmationRequired => StatusCode::BAD_REQUEST,
        ErrorKind::Unauthenticated => StatusCode::UNAUTHORIZED,
        ErrorKind::PermissionDenied => StatusCode::FORBIDDEN,
        ErrorKind::VmNotFound
        | ErrorKind::SnapshotNotFound
        | ErrorKind::FileNotFound
        | ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::AlreadyExists
        | ErrorKind::Ambiguous
        | ErrorKind::InvalidState
        | ErrorKind::SavedStateUnreadable
        | ErrorKind::Locked
        | ErrorKind::NotReady
        | ErrorKind::Changing
        | ErrorKind::StillWorking
        | ErrorKind::FileBusy
        | ErrorKind::DisplayNotReady
        | ErrorKind::Canceled => StatusCode::CONFLICT,
        ErrorKind::LimitExceeded => StatusCode::TOO_MANY_REQUESTS,
        ErrorKind::TimedOut | ErrorKind::OutcomeUnknown => StatusCode::GATEWAY_TIMEOUT,
        ErrorKind::HypervisorMissing
        | ErrorKind::HypervisorUnusable
        | ErrorKind::ServiceUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorKind::GuestUnreachable
        | ErrorKind::GuestNotReady
        | ErrorKind::GuestAuth
        | ErrorKind::GuestLacksTool
        | ErrorKind::HostKeyChanged
        | ErrorKind::ProgramFailed
        | ErrorKind::Unparseable => StatusCode::BAD_GATEWAY,
        ErrorKind::Unsupported => StatusCode::NOT_IMPLEMENTED,
        ErrorKind::DiskFull => StatusCode::INSUFFICIENT_STORAGE,
        ErrorKind::Config | ErrorKind::Partial | ErrorKind::Io | ErrorKind::Internal => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}
