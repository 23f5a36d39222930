//! Whether a VM's process is there, without a word to it.
//!
//! QEMU locks its pid file as long as it lives and removes it when it ends by itself: a file that
//! nobody has locked is that of a QEMU that died. Numbers of processes come again, locks do not.

use std::fs::File;
use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::time;

use super::{place, platform};
use crate::error;
use crate::error::{Error, ErrorKind};
use crate::process::ask_to_end;

/// How often is looked whether a process has ended.
const GLANCE: Duration = Duration::from_millis(3);
/// How long a QEMU may take to end when it is asked to.
const GRACE: Duration = Duration::from_secs(10);

/// Whether a VM's process is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Presence {
    /// It is, under this number.
    Alive(u32),
    /// It was, and died.
    Died,
    /// It is not: it never was, or ended by itself.
    Gone,
}

/// Looks for the process of a pid file.
pub(super) fn look(pid_file: &Path) -> Result<Presence, Error> {
    let what = || format!("look at `{}`", pid_file.display());
    let file = match File::open(pid_file) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Presence::Gone),
        Err(e) => return Err(error::io(what(), e)),
    };
    let holder = platform::holder(&file).map_err(|e| error::io(what(), e))?;
    // A QEMU that ended since the file was opened has removed it.
    match holder {
        Some(pid) => Ok(Presence::Alive(pid)),
        None if pid_file.exists() => Ok(Presence::Died),
        None => Ok(Presence::Gone),
    }
}

/// Ends the process of a pid file: QEMU closes its disks when it is asked, and is killed if it
/// does not end. No trace of it stays.
pub(super) async fn end(pid_file: &Path) -> Result<(), Error> {
    if let Presence::Alive(pid) = look(pid_file)? {
        // It may have ended by itself since.
        ask_to_end(pid).ok();
        if ended(pid_file, GRACE).await.is_err() {
            platform::end(pid).map_err(|e| error::io(format!("end process {pid}"), e))?;
            ended(pid_file, GRACE).await?;
        }
    }
    forget(pid_file)
}

/// Removes the trace of a process that died.
pub(super) fn forget(pid_file: &Path) -> Result<(), Error> {
    place::remove(pid_file)
}

/// Waits until a process has ended. One that has removed its file is still there for a moment,
/// with its disks: so the file is opened before.
async fn ended(pid_file: &Path, limit: Duration) -> Result<(), Error> {
    let Ok(file) = File::open(pid_file) else { return Ok(()) };
    let gone = async {
        while platform::holder(&file).is_ok_and(|it| it.is_some()) {
            time::sleep(GLANCE).await;
        }
    };
    time::timeout(limit, gone).await.map_err(|_elapsed| {
        Error::new(ErrorKind::TimedOut, format!("QEMU did not end within {limit:?}"))
            .hint("try again later: it may write to a slow disk")
    })
}

#[cfg(test)]
mod tests {
    use super::{Presence, look};

    #[test]
    fn a_pid_file_that_nobody_has_locked_is_of_a_process_that_died() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pid");
        assert_eq!(look(&file).unwrap(), Presence::Gone);
        // A number that is taken, by somebody else.
        std::fs::write(&file, std::process::id().to_string()).unwrap();
        assert_eq!(look(&file).unwrap(), Presence::Died);
    }
}
