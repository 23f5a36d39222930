use std::path::{Path, PathBuf};

use crate::error::{self, Error};

/// The folder in which a file is made before it is put into its place; gone when this is dropped.
#[derive(Debug)]
pub(super) struct Part(PathBuf);

impl Part {
    pub(super) fn beside(file: &Path) -> Result<Self, Error> {
        let name = format!(".vm-cli-export-{:016x}", fastrand::u64(..));
        let folder = file.with_file_name(name);
        let made = std::fs::create_dir(&folder);
        made.map_err(|e| error::io(format!("write `{}`", file.display()), e))?;
        Ok(Self(folder))
    }

    pub(super) fn file(&self, file: &Path) -> PathBuf {
        self.0.join(file.file_name().unwrap_or_default())
    }

    /// Takes out what an attempt left.
    pub(super) fn empty(&self) -> Result<(), Error> {
        let failed = |e| error::io(format!("empty `{}`", self.0.display()), e);
        for entry in std::fs::read_dir(&self.0).map_err(failed)? {
            std::fs::remove_file(entry.map_err(failed)?.path()).map_err(failed)?;
        }
        Ok(())
    }

    /// Puts what was made into its place: of an OVF its disks too.
    pub(super) fn finish(&self, folder: &Path) -> Result<(), Error> {
        let failed = |e| error::io(format!("write into `{}`", folder.display()), e);
        for entry in std::fs::read_dir(&self.0).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            std::fs::rename(entry.path(), folder.join(entry.file_name())).map_err(failed)?;
        }
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if let Err(e) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!("`{}` could not be removed: {e}", self.0.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Part;

    #[test]
    fn a_file_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("web.ova");
        let entries = || std::fs::read_dir(folder.path()).unwrap().count();
        drop(Part::beside(&file).unwrap());
        assert_eq!(entries(), 0);
        let part = Part::beside(&file).unwrap();
        std::fs::write(part.file(&file), "whole").unwrap();
        part.finish(folder.path()).unwrap();
        drop(part);
        assert_eq!((entries(), std::fs::read(&file).unwrap()), (1, b"whole".to_vec()));
    }
}
