use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::time::SystemTime;

use jiff::Timestamp;

use crate::error;
use crate::error::Error;

/// Renames a file and what belongs to it, and says so.
pub(super) fn set_aside(path: &Path, why: &str, now: SystemTime) -> Result<String, Error> {
    let at = Timestamp::try_from(now).unwrap_or(Timestamp::UNIX_EPOCH);
    let aside = beside(path, &format!(".damaged-{}", at.strftime("%Y%m%dT%H%M%S.%3fZ")));
    // First what belongs to it: a journal left behind would be taken for the new file's.
    for suffix in ["-wal", "-shm", "-journal"] {
        move_file(&beside(path, suffix), &beside(&aside, suffix))?;
    }
    move_file(path, &aside)?;
    Ok(format!(
        "the store `{}` cannot be used: {why}; it is now `{}`, and a new one was begun that knows \
         nothing of earlier tasks, port leases and VMs in the making",
        path.display(),
        aside.display(),
    ))
}

/// Renames a file; one that is not there is fine.
fn move_file(from: &Path, to: &Path) -> Result<(), Error> {
    match fs::rename(from, to) {
        Ok(()) => Ok(()),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        // Windows renames no file that a process has open.
        Err(e) => Err(error::io(format!("set the store `{}` aside", from.display()), e)
            .hint("end every other vm-cli and try again, or move the file away yourself")),
    }
}

/// Returns the path with this added to the file's name.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
