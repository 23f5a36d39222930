//! A lock across processes, which the kernel releases when its holder dies.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::time;

use crate::error;
use crate::error::{Error, ErrorKind};

/// How long it may be held by somebody else. What only notes something takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often is looked whether it is free.
const GLANCE: Duration = Duration::from_millis(3);

/// Waits for a lock file; `what` is said of it where it fails, such as "lock the file `F`".
pub(in crate::hypervisor) async fn hold(path: &Path, what: &str) -> Result<File, Error> {
    let file = open(path).map_err(|e| {
        error::making(what, e).hint("make its folder writable, or set VM_CLI_HOME to another one")
    })?;
    let free = async {
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(()),
                Err(TryLockError::WouldBlock) => time::sleep(GLANCE).await,
                Err(TryLockError::Error(e)) => return Err(error::io(what, e)),
            }
        }
    };
    time::timeout(PATIENCE, free).await.map_err(|_elapsed| {
        let message = format!("another process holds `{}`", path.display());
        Error::new(ErrorKind::FileBusy, message).hint("end it, or try again later")
    })??;
    Ok(file)
}

fn open(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    File::options().create(true).truncate(false).write(true).open(path)
}
