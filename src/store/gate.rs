use std::fs::File;
use std::fs::TryLockError;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;
use std::time::Instant;

use super::PATIENCE;
use super::aside::beside;
use crate::error;
use crate::error::Error;
use crate::error::ErrorKind;

/// The lock beside a store that keeps opening it apart from making or replacing it.
///
/// SQLite finds the journals of a file by the file's name. Who opened a file just before another
/// process put a new one in its place would use the new one's journals for the old one.
#[derive(Debug)]
pub(super) struct Gate(PathBuf);

/// The gate as it is held; let go when this is dropped.
#[derive(Debug)]
pub(super) struct Held {
    _file: File,
}

impl Gate {
    /// Names the gate of a store.
    pub(super) fn of(store: &Path) -> Self {
        Self(beside(store, ".lock"))
    }

    /// Lets this process open the store, beside others.
    pub(super) fn pass(&self) -> Result<Held, Error> {
        self.hold(File::try_lock_shared)
    }

    /// Lets this process make or replace the store, alone.
    pub(super) fn close(&self) -> Result<Held, Error> {
        self.hold(File::try_lock)
    }

    fn hold(&self, lock: fn(&File) -> Result<(), TryLockError>) -> Result<Held, Error> {
        let path = self.0.display();
        let failed = |e| {
            error::io(format!("lock `{path}`"), e)
                .hint("make its folder writable, or set VM_CLI_HOME to one on a local disk")
        };
        let mut options = File::options();
        let file = options.create(true).truncate(false).read(true).write(true);
        let file = file.open(&self.0).map_err(failed)?;
        let begun = Instant::now();
        loop {
            match lock(&file) {
                Ok(()) => return Ok(Held { _file: file }),
                Err(TryLockError::Error(e)) => return Err(failed(e)),
                Err(TryLockError::WouldBlock) if PATIENCE < begun.elapsed() => {
                    let why = format!("another vm-cli has held `{path}` for too long");
                    return Err(Error::new(ErrorKind::FileBusy, why).hint("end that process"));
                }
                Err(TryLockError::WouldBlock) => pause(),
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a lock has no bounded wait; this is its poll")]
fn pause() {
    std::thread::sleep(Duration::from_millis(2));
}
