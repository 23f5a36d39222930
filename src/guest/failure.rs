//! What libssh2's numbers mean.

use std::error::Error as StdError;

use ssh2::ErrorCode;

use crate::error::{Error, ErrorKind};

/// `LIBSSH2_ERROR_EAGAIN`
const AGAIN: i32 = -37;

/// `LIBSSH2_ERROR_TIMEOUT`
const TIMEOUT: i32 = -9;

/// `LIBSSH2_ERROR_AUTHENTICATION_FAILED`
const AUTHENTICATION_FAILED: i32 = -18;

/// `LIBSSH2_ERROR_PASSWORD_EXPIRED`, `…_FILE`, `…_AUTHENTICATION_FAILED`,
/// `…_PUBLICKEY_UNVERIFIED`, `…_METHOD_NOT_SUPPORTED`, `…_INVAL`, `…_KEYFILE_AUTH_FAILED` and
/// `…_ALGO_UNSUPPORTED`
const REFUSED: [i32; 8] = [-15, -16, AUTHENTICATION_FAILED, -19, -33, -34, -48, -51];

/// `LIBSSH2_ERROR_CHANNEL_FAILURE` and `LIBSSH2_ERROR_CHANNEL_REQUEST_DENIED`
const DENIED: [i32; 2] = [-21, -22];

fn is_one_of(error: &ssh2::Error, codes: &[i32]) -> bool {
    matches!(error.code(), ErrorCode::Session(code) if codes.contains(&code))
}

/// Whether the call is to be made again once the socket is ready.
pub(super) fn would_block(error: &ssh2::Error) -> bool {
    is_one_of(error, &[AGAIN])
}

/// Whether the guest lives and said no, or the credentials are of no use.
pub(super) fn refused(error: &ssh2::Error) -> bool {
    is_one_of(error, &REFUSED)
}

/// Whether the guest would not do what was asked of a channel.
pub(super) fn denied(error: &ssh2::Error) -> bool {
    is_one_of(error, &DENIED)
}

/// Builds the failure of a login method that could not be tried.
pub(super) fn refusal(why: &'static str) -> ssh2::Error {
    ssh2::Error::new(ErrorCode::Session(AUTHENTICATION_FAILED), why)
}

/// Builds the failure of a call that is to be made again once the socket is ready.
pub(super) fn again() -> ssh2::Error {
    ssh2::Error::new(ErrorCode::Session(AGAIN), "it would block")
}

/// Builds the failure of a guest that says nothing any more.
pub(super) fn silence() -> ssh2::Error {
    ssh2::Error::new(ErrorCode::Session(TIMEOUT), "it does not answer any more")
}

/// Builds the failure of a connection that broke in the middle of something.
pub(super) fn lost(what: &str, error: impl StdError + Send + Sync + 'static) -> Error {
    Error::new(ErrorKind::GuestUnreachable, format!("the connection to the guest broke in {what}"))
        .hint("see whether the VM still runs: `vm-cli status`")
        .caused_by(error)
}

/// Builds the failure of a connection that broke before anything was asked for.
pub(super) fn unopened(error: ssh2::Error) -> Error {
    let line = "the connection to the guest broke before the command was sent";
    Error::new(ErrorKind::GuestNotReady, line).caused_by(error)
}

#[cfg(test)]
mod tests {
    use ssh2::ErrorCode;

    use super::{denied, lost, refusal, refused, silence, would_block};
    use crate::error::ErrorKind;

    #[test]
    fn a_refusal_is_no_broken_connection() {
        assert!(refused(&refusal("no")));
        assert!(!refused(&silence()));
        assert!(!would_block(&silence()));
        let full = ssh2::Error::new(ErrorCode::Session(-37), "again");
        assert!(would_block(&full) && !refused(&full) && !denied(&full));
        // An SFTP number means something else.
        assert!(!would_block(&ssh2::Error::new(ErrorCode::SFTP(-37), "")));
    }

    #[test]
    fn a_broken_connection_keeps_its_cause() {
        let error = lost("the command", silence());
        assert_eq!(error.kind(), ErrorKind::GuestUnreachable);
        assert_eq!(error.causes().len(), 1);
    }
}
