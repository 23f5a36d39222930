use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::shape;
use super::world::World;
use crate::error;
use crate::error::{Error, ErrorKind};
use crate::hypervisor::kept::file_lock;

/// How often is tried again.
const GLANCE: Duration = Duration::from_millis(3);
/// How long Windows may refuse a file because somebody reads or replaces it.
const REFUSAL: Duration = Duration::from_secs(2);

/// The file that holds the world, one change at a time across processes.
#[derive(Debug, Clone)]
pub(super) struct StateFile {
    path: PathBuf,
}

impl StateFile {
    /// Names the file; it need not exist.
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Returns its path.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the world. Files are replaced as a whole, so no lock is needed.
    pub(super) fn read(&self) -> Result<World, Error> {
        let text = match in_the_end(|| fs::read(&self.path)) {
            Ok(text) => text,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(World::default()),
            Err(e) => return Err(error::io(self.what("read"), e)),
        };
        shape::read(&text).map_err(|e| {
            Error::new(ErrorKind::Unparseable, format!("cannot {}", self.what("read")))
                .hint(format!("mend it, or move `{}` away to start anew", self.path.display()))
                .caused_by(e)
        })
    }

    /// Lets `act` change the world, and keeps the change even if it ends with an error: what
    /// failed may have got half way. Runs to its end once it began, whoever stops waiting.
    pub(super) async fn change<T, A>(&self, act: A) -> Result<T, Error>
    where
        T: Send + 'static,
        A: FnOnce(&mut World) -> Result<T, Error> + Send + 'static,
    {
        let lock = self.lock().await?;
        let file = self.clone();
        let work = move || {
            let before = file.read()?;
            let mut world = before.clone();
            let outcome = act(&mut world);
            if world != before {
                file.write(&world)?;
            }
            drop(lock);
            outcome
        };
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|e| Error::new(ErrorKind::Internal, "the simulator broke off").caused_by(e))?
    }

    /// Replaces the file as a whole. Only the holder of the lock calls it.
    fn write(&self, world: &World) -> Result<(), Error> {
        let text = shape::write(world).map_err(|e| {
            Error::new(ErrorKind::Io, format!("cannot {}", self.what("write"))).caused_by(e)
        })?;
        let new = self.beside(".new");
        fs::write(&new, text)
            .and_then(|()| in_the_end(|| fs::rename(&new, &self.path)))
            .map_err(|e| error::making(self.what("write"), e))
    }

    async fn lock(&self) -> Result<File, Error> {
        file_lock::hold(&self.beside(".lock"), &self.what("lock")).await
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(ending);
        name.into()
    }

    fn what(&self, verb: &str) -> String {
        format!("{verb} the simulator's state file `{}`", self.path.display())
    }
}

/// Does what Windows may refuse at first: there, a file that somebody has open cannot always be
/// replaced, and one that is just being replaced cannot be opened.
fn in_the_end<T>(mut act: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    let begun = Instant::now();
    loop {
        match act() {
            Err(e) if is_for_a_moment(&e) && begun.elapsed() < REFUSAL => pause(),
            done => return done,
        }
    }
}

fn is_for_a_moment(error: &io::Error) -> bool {
    cfg!(windows) && error.kind() == io::ErrorKind::PermissionDenied
}

#[expect(clippy::disallowed_methods, reason = "what is refused cannot be waited for")]
fn pause() {
    std::thread::sleep(GLANCE);
}

#[cfg(test)]
mod tests {
    use super::StateFile;
    use crate::error::ErrorKind;

    #[tokio::test]
    async fn a_damaged_file_is_named_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json");
        for text in ["", "{}", "not json", r#"{"version":1,"vms":[{}]}"#, r#"{"version":7}"#] {
            std::fs::write(&path, text).unwrap();
            let error = StateFile::new(path.clone()).change(|_| Ok(())).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unparseable);
            assert!(error.next_step().unwrap().contains("state.json"), "{error:?}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[tokio::test]
    async fn a_folder_in_its_place_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = StateFile::new(folder.path().to_owned());
        assert!(file.change(|_| Ok(())).await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn a_file_that_stays_locked_is_busy_in_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let file = StateFile::new(folder.path().join("deep").join("state.json"));
        let held = file.lock().await.unwrap();
        let error = file.change(|_| Ok(())).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::FileBusy);
        drop(held);
        file.change(|_| Ok(())).await.unwrap();
    }
}
