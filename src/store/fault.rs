use std::path::Path;

use rusqlite::ErrorCode;
use rusqlite::ffi;

use crate::error::Error;
use crate::error::ErrorKind;

/// Why a piece of work in the store failed: SQLite, or a rule of ours.
#[derive(Debug)]
pub(super) enum Fault {
    /// SQLite refused.
    Sql(rusqlite::Error),
    /// A rule of ours stands in the way.
    Refused(Error),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

impl Fault {
    /// Says it as an error about the store at this path.
    pub(super) fn at(self, path: &Path) -> Error {
        match self {
            Self::Refused(error) => error,
            Self::Sql(error) => sql_error(path, error),
        }
    }
}

/// Returns whether the file is not, or no longer, a database.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt))
}

/// Returns whether there is no room: for the file, or for the index of its journal, which SQLite
/// calls an I/O error.
fn is_full(error: &rusqlite::Error) -> bool {
    let sqlite = error.sqlite_error();
    sqlite.is_some_and(|it| {
        it.code == ErrorCode::DiskFull || it.extended_code == ffi::SQLITE_IOERR_SHMSIZE
    })
}

fn sql_error(path: &Path, error: rusqlite::Error) -> Error {
    let shown = path.display();
    let (kind, hint) = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => (
            ErrorKind::FileBusy,
            "another vm-cli has been writing to it for a long time; try again, or end that process"
                .to_owned(),
        ),
        Some(_) if is_full(&error) => {
            (ErrorKind::DiskFull, format!("free some space on the disk that holds `{shown}`"))
        }
        Some(
            ErrorCode::ReadOnly
            | ErrorCode::PermissionDenied
            | ErrorCode::AuthorizationForStatementDenied,
        ) => (
            ErrorKind::PermissionDenied,
            format!("make `{shown}` and its folder writable, or set VM_CLI_HOME to another folder"),
        ),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => (
            ErrorKind::Io,
            format!(
                "the file is damaged: move `{shown}` away, and the next command begins a new one"
            ),
        ),
        Some(ErrorCode::CannotOpen) => (
            ErrorKind::Io,
            "check that its folder is one and can be written, or set VM_CLI_HOME to another folder"
                .to_owned(),
        ),
        // The others are SQLite's own troubles and bugs of ours; its text says which.
        Some(_) | None => (
            ErrorKind::Io,
            format!("if it happens again, move `{shown}` away: the next command begins a new one"),
        ),
    };
    Error::new(kind, format!("cannot use the store `{shown}`")).hint(hint).caused_by(error)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use rusqlite::ffi;

    use super::sql_error;
    use crate::error::ErrorKind;

    #[test]
    fn a_full_disk_is_one_however_sqlite_says_it() {
        for code in [ffi::SQLITE_FULL, ffi::SQLITE_IOERR_SHMSIZE] {
            let failure = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
            let error = sql_error(Path::new("store.sqlite"), failure);
            assert_eq!(error.kind(), ErrorKind::DiskFull, "{code}");
            assert!(error.next_step().unwrap().contains("free some space"));
        }
    }
}
