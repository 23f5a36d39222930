use std::io::{self, Read, Seek, SeekFrom, Write};

use ssh2::{ErrorCode, File, FileStat, Session};

use super::failure;
use super::transport::Transport;
use crate::error::{Error, ErrorKind};
use crate::files::{FileFacts, FileKind};

/// `LIBSSH2_ERROR_SFTP_PROTOCOL`: the guest said no.
const SFTP_REFUSAL: ErrorCode = ErrorCode::Session(-31);

/// `SSH_FX_FAILURE`
const FAILURE: i32 = 4;

/// An open file or folder of a guest. It must be closed; dropped, it cuts the connection, for to
/// close it would wait for a guest that may be gone.
pub(super) struct RemoteFile<'a> {
    transport: &'a Transport,
    file: File,
    is_closed: bool,
}

impl<'a> RemoteFile<'a> {
    pub(super) fn new(transport: &'a Transport, file: File) -> Self {
        Self { transport, file, is_closed: false }
    }

    /// Sets where it is read or written next. Nothing is said to the guest.
    pub(super) fn seek(&mut self, place: u64) -> Result<(), Error> {
        let sought = self.file.seek(SeekFrom::Start(place));
        sought.map(drop).map_err(|e| failure::lost("the copy", e))
    }

    /// Reads what comes next; 0 at the end.
    pub(super) async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ssh2::Error> {
        let Self { transport, file, .. } = self;
        transport.drive(|session| file.read(buffer).map_err(|e| as_ssh(session, &e))).await
    }

    /// Writes some of the bytes and returns how many.
    pub(super) async fn write(&mut self, bytes: &[u8]) -> Result<usize, ssh2::Error> {
        let Self { transport, file, .. } = self;
        transport.drive(|session| file.write(bytes).map_err(|e| as_ssh(session, &e))).await
    }

    /// Returns the next thing of a folder; `None` at its end.
    pub(super) async fn next_entry(&mut self) -> Result<Option<(String, FileStat)>, ssh2::Error> {
        let Self { transport, file, .. } = self;
        match transport.drive(|_| file.readdir()).await {
            Ok((name, stat)) => Ok(Some((name.to_string_lossy().into_owned(), stat))),
            // `LIBSSH2_ERROR_FILE`: how the binding says that there is no more.
            Err(e) if e.code() == ErrorCode::Session(-16) => Ok(None),
            Err(e) => Err(e),
        }
    }

    /// Closes it. That may fail when it is of no more interest.
    pub(super) async fn close(mut self) {
        let Self { transport, file, .. } = &mut self;
        drop(transport.drive(|_| file.close()).await);
        self.is_closed = true;
    }

    /// Explains a failure to write: many servers do not tell that there is no room.
    pub(super) async fn not_written(&mut self, error: ssh2::Error, path: &str) -> Error {
        let refusal = Refusal::of(&error);
        if refusal == Refusal::Other {
            let Self { transport, file, .. } = self;
            let room = transport.drive(|_| file.statvfs()).await;
            if room.is_ok_and(|it| it.f_bavail == 0) {
                return Refusal::NoRoom.explain(path, error);
            }
        }
        refusal.explain(path, error)
    }
}

impl Drop for RemoteFile<'_> {
    fn drop(&mut self) {
        if !self.is_closed {
            self.transport.cut();
        }
    }
}

/// Why a guest would not do something with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It is not there.
    NotThere,
    /// The user has no right to.
    Forbidden,
    /// The disk is full.
    NoRoom,
    /// The connection broke.
    Lost,
    /// It does not say.
    Other,
}

impl Refusal {
    /// Reads the status numbers of SFTP (`SSH_FX_…`).
    pub(super) fn of(error: &ssh2::Error) -> Self {
        match error.code() {
            ErrorCode::SFTP(2 | 10) => Self::NotThere,
            ErrorCode::SFTP(3 | 12) => Self::Forbidden,
            ErrorCode::SFTP(14 | 15) => Self::NoRoom,
            ErrorCode::SFTP(6 | 7) | ErrorCode::Session(_) => Self::Lost,
            ErrorCode::SFTP(_) => Self::Other,
        }
    }

    /// Says so.
    pub(super) fn explain(self, path: &str, cause: ssh2::Error) -> Error {
        let (kind, line, hint) = match self {
            Self::NotThere => (
                ErrorKind::NotFound,
                format!("the guest has no `{path}`, or no folder for it"),
                "check the path; folders on the way must be there",
            ),
            Self::Forbidden => (
                ErrorKind::PermissionDenied,
                format!("the guest's user may not use `{path}`"),
                "choose another place, or another `--username`",
            ),
            Self::NoRoom => (
                ErrorKind::DiskFull,
                format!("the guest's disk is full: `{path}` has no room"),
                "make room in the guest, or choose another disk of it",
            ),
            Self::Lost => return failure::lost("the copy", cause),
            Self::Other => (
                ErrorKind::Io,
                format!("the guest would not use `{path}`"),
                "check the path: it may be of another kind, or busy",
            ),
        };
        Error::new(kind, line).hint(hint).caused_by(cause)
    }
}

/// Brings back what the binding does not hand on: whether the guest said no, or is gone.
fn as_ssh(session: &Session, error: &io::Error) -> ssh2::Error {
    if error.kind() == io::ErrorKind::WouldBlock {
        return failure::again();
    }
    match ssh2::Error::last_session_error(session) {
        // Its number is lost; a full disk is looked for.
        Some(told) if told.code() == SFTP_REFUSAL => {
            ssh2::Error::new(ErrorCode::SFTP(FAILURE), "it does not say why")
        }
        Some(told) => told,
        None => failure::silence(),
    }
}

/// Says what a thing of the guest is.
pub(super) fn facts_of(stat: &FileStat) -> FileFacts {
    let kind = match stat.file_type() {
        ssh2::FileType::RegularFile => FileKind::File,
        ssh2::FileType::Directory => FileKind::Folder,
        ssh2::FileType::Symlink => FileKind::Link,
        ssh2::FileType::NamedPipe
        | ssh2::FileType::BlockDevice
        | ssh2::FileType::CharDevice
        | ssh2::FileType::Socket
        | ssh2::FileType::Other(_) => FileKind::Other,
    };
    let mode = stat.perm.map(|perm| perm & 0o777);
    FileFacts { kind, size: stat.size.unwrap_or_default(), mode }
}
