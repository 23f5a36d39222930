use std::fs;
use std::fs::File;
use std::fs::TryLockError;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use tokio::time::Instant;

use super::Holder;
use super::LockKey;
use crate::error;
use crate::error::Error;
use crate::error::ErrorKind;

/// The first and the longest time between two tries: what a waiter loses at most.
const FIRST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(50);

/// The folder in which the locks of one user are.
#[derive(Debug, Clone)]
pub struct LockFolder(PathBuf);

/// Whether others may hold the lock at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LockMode {
    /// Others may, in this mode.
    Shared,
    /// Nobody may.
    Exclusive,
}

/// A lock that is held until this is dropped, or the process ends.
#[derive(Debug)]
#[must_use = "the lock is released when this is dropped"]
pub struct LockGuard {
    file: File,
    /// The note of an exclusive holder.
    note: Option<PathBuf>,
}

impl Drop for LockGuard {
    fn drop(&mut self) {
        if let Some(note) = &self.note {
            Holder::erase(note);
        }
        // Explicitly: a child that is just being started may still share the open file.
        drop(self.file.unlock());
    }
}

impl LockFolder {
    /// Names the folder; it is made when the first lock is taken.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Takes a lock, waiting for it until the deadline; even a deadline in the past tries once.
    ///
    /// `on_wait` is told who holds it when the waiting begins and whenever that changes; `None` is
    /// somebody unknown, or several. Dropping the future gives up, and leaves nothing behind.
    /// Nobody queues: who tries first after a release gets it.
    pub async fn lock(
        &self,
        key: &LockKey,
        mode: LockMode,
        holder: &Holder,
        deadline: Instant,
        mut on_wait: impl FnMut(Option<&Holder>) + Send,
    ) -> Result<LockGuard, Error> {
        let mut told: Option<Option<Holder>> = None;
        let mut pause = FIRST_PAUSE;
        loop {
            if let Some(guard) = self.try_lock(key, mode, holder)? {
                return Ok(guard);
            }
            let other = self.holder(key);
            if deadline <= Instant::now() {
                return Err(locked(key, other.as_ref()));
            }
            if told.as_ref() != Some(&other) {
                on_wait(other.as_ref());
                told = Some(other);
            }
            tokio::time::sleep_until(deadline.min(Instant::now() + pause)).await;
            pause = LONGEST_PAUSE.min(pause * 2);
        }
    }

    /// Takes a lock if nobody holds it now.
    pub fn try_lock(
        &self,
        key: &LockKey,
        mode: LockMode,
        holder: &Holder,
    ) -> Result<Option<LockGuard>, Error> {
        let path = self.path(key, "lock");
        let what = || format!("lock `{}`", path.display());
        let file = self.open(&path).map_err(|e| {
            error::making(what(), e)
                .hint("make its folder writable, or set VM_CLI_HOME to another one")
        })?;
        let locked = match mode {
            LockMode::Shared => file.try_lock_shared(),
            LockMode::Exclusive => file.try_lock(),
        };
        match locked {
            Ok(()) => Ok(Some(self.take(file, key, mode, holder))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(e)) => Err(error::io(what(), e).hint(
                "some network disks have no locks: set VM_CLI_HOME to a folder on a local disk",
            )),
        }
    }

    /// Returns who has noted to hold a lock exclusively; after a crash it may be who did last.
    pub fn holder(&self, key: &LockKey) -> Option<Holder> {
        Holder::read(&self.path(key, "holder"))
    }

    fn take(&self, file: File, key: &LockKey, mode: LockMode, holder: &Holder) -> LockGuard {
        let note = self.path(key, "holder");
        match mode {
            LockMode::Exclusive => {
                holder.write(&note);
                LockGuard { file, note: Some(note) }
            }
            LockMode::Shared => {
                // Nobody holds it exclusively now: a note is what a killed process left.
                Holder::erase(&note);
                LockGuard { file, note: None }
            }
        }
    }

    pub(super) fn path(&self, key: &LockKey, extension: &str) -> PathBuf {
        self.0.join(key.file_stem()).with_extension(extension)
    }

    fn open(&self, path: &Path) -> io::Result<File> {
        let mut options = File::options();
        // Readable too, because some network disks lock shared only what can be read.
        options.create(true).truncate(false).read(true).write(true);
        match options.open(path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                fs::create_dir_all(&self.0)?;
                options.open(path)
            }
            opened => opened,
        }
    }
}

fn locked(key: &LockKey, holder: Option<&Holder>) -> Error {
    let (who, hint) = match holder {
        Some(holder) => (
            holder.to_string(),
            format!("try again when it has ended, or end process {}", holder.pid),
        ),
        None => ("another vm-cli".to_owned(), "try again, or wait longer".to_owned()),
    };
    let error = Error::new(ErrorKind::Locked, format!("{key} is locked by {who}")).hint(hint);
    match key {
        LockKey::Vm(id) | LockKey::Watch(id) => error.about(id),
        LockKey::Name(name) => error.about(name),
        LockKey::Registry | LockKey::Networks | LockKey::Places => error,
    }
}
