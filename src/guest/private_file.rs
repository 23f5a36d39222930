//! A file that only its owner may read and write, replaced as a whole or not at all.

use std::fs;
use std::io;
use std::io::Write;
use std::path::Path;

/// Writes a file beside its place and then moves it there.
pub(super) fn replace(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    // The process's number keeps two writers apart; each then moves a whole file.
    let beside = path.with_extension(format!("new-{}", std::process::id()));
    let written = platform::create(&beside).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let moved = written.and_then(|()| fs::rename(&beside, path));
    if moved.is_err() {
        // The first failure is the one to tell.
        drop(fs::remove_file(&beside));
    }
    moved
}

#[cfg(unix)]
mod platform {
    use std::fs::{File, OpenOptions};
    use std::io;
    use std::os::unix::fs::OpenOptionsExt;
    use std::path::Path;

    pub(super) fn create(path: &Path) -> io::Result<File> {
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
    }
}

#[cfg(not(unix))]
mod platform {
    use std::fs::File;
    use std::io;
    use std::path::Path;

    /// The user's own folder is closed to others already.
    pub(super) fn create(path: &Path) -> io::Result<File> {
        File::create(path)
    }
}
