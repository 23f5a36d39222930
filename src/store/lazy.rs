use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::SystemTime;

use super::Store;
use crate::error::Error;

/// A store that is opened when it is first needed, so that what needs none pays nothing.
#[derive(Debug)]
pub struct LazyStore {
    path: PathBuf,
    world: String,
    store: OnceLock<Store>,
}

impl LazyStore {
    /// Names the file; nothing is opened or made.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), world: String::new(), store: OnceLock::new() }
    }

    /// Names the world of the store, as [`Store::of_world`] does.
    pub fn of_world(self, world: impl Into<String>) -> Self {
        Self { world: world.into(), ..self }
    }

    /// Returns the store; the first call opens it, and tells `warn` if a damaged one was set aside.
    pub fn get(&self, now: SystemTime, warn: impl FnOnce(String)) -> Result<&Store, Error> {
        if let Some(store) = self.store.get() {
            return Ok(store);
        }
        let opened = Store::open(&self.path, now)?;
        if let Some(warning) = opened.warning {
            warn(warning);
        }
        // Another thread may have been first; then this one's connection closes again.
        Ok(self.store.get_or_init(|| opened.store.of_world(&self.world)))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::UNIX_EPOCH;

    use super::LazyStore;

    #[test]
    fn nothing_is_opened_before_it_is_needed_and_it_warns_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vm-cli.db");
        fs::write(&path, "rubbish ".repeat(2000)).unwrap();
        let lazy = LazyStore::new(&path);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        let mut warnings = Vec::new();
        for _ in 0..2 {
            lazy.get(UNIX_EPOCH, |warning| warnings.push(warning)).unwrap();
        }
        assert_eq!(warnings.len(), 1);
    }
}
