//! A guest that is a folder, and may be in trouble.

use std::fs::{self, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use tempfile::TempDir;

use crate::error::{self, Error, ErrorKind};
use crate::files::host::facts;
use crate::files::{
    Check, Digest, Entry, FileFacts, FileKind, GuestFiles, Meter, base_name, permissions,
};

/// What is wrong with a guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    None,
    /// Its disk takes so many bytes.
    Full(usize),
    /// What is written to it, or read from it, changes on the way.
    Damages,
    /// Whoever writes to it is told to stop.
    Stops,
    /// It tells names that lead elsewhere.
    Lies,
}

#[derive(Debug)]
pub(super) struct Guest {
    folder: TempDir,
    trouble: Trouble,
}

impl Guest {
    pub(super) fn new(trouble: Trouble) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), trouble }
    }

    pub(super) fn root(&self) -> &Path {
        self.folder.path()
    }

    fn place(&self, path: &str) -> PathBuf {
        self.root().join(path.trim_start_matches('/'))
    }

    fn on_its_way(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        if let (Trouble::Damages, Some(first)) = (self.trouble, bytes.first_mut()) {
            *first ^= 1;
        }
        bytes
    }
}

fn failed(e: std::io::Error) -> Error {
    error::io("use the guest", e)
}

#[async_trait]
impl GuestFiles for Guest {
    async fn meant(&self, path: &str) -> Result<String, Error> {
        Ok(path.to_owned())
    }

    async fn look(&self, path: &str) -> Result<Option<FileFacts>, Error> {
        Ok(fs::metadata(self.place(path)).ok().map(|it| facts(&it)))
    }

    async fn list(&self, folder: &str) -> Result<Vec<Entry>, Error> {
        if self.trouble == Trouble::Lies {
            let facts = FileFacts { kind: FileKind::File, size: 1, mode: None };
            return Ok(vec![Entry { name: "../.bashrc".to_owned(), facts }]);
        }
        let entries = fs::read_dir(self.place(folder)).map_err(failed)?;
        let entry = |it: fs::DirEntry| {
            let name = it.file_name().into_string().unwrap();
            Entry { name, facts: facts(&fs::symlink_metadata(it.path()).unwrap()) }
        };
        Ok(entries.map(|it| entry(it.unwrap())).collect())
    }

    async fn make_folder(&self, path: &str) -> Result<(), Error> {
        if self.place(path).is_dir() {
            return Ok(());
        }
        fs::create_dir(self.place(path)).map_err(failed)
    }

    async fn write(&self, from: &Path, to: &str, begin: u64, meter: &Meter) -> Result<(), Error> {
        let mut bytes = fs::read(from).map_err(failed)?.split_off(usize::try_from(begin).unwrap());
        let mut target = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(begin == 0)
            .open(self.place(to))
            .map_err(failed)?;
        target.seek(SeekFrom::Start(begin)).map_err(failed)?;
        if let Trouble::Full(room) = self.trouble {
            bytes.truncate(room);
        }
        target.write_all(&self.on_its_way(bytes.clone())).map_err(failed)?;
        meter.count(bytes.len().try_into().unwrap())?;
        match self.trouble {
            Trouble::Full(_) => Err(Error::new(ErrorKind::DiskFull, "full")),
            Trouble::Stops => Err(Error::new(ErrorKind::Canceled, "canceled")),
            Trouble::None | Trouble::Damages | Trouble::Lies => Ok(()),
        }
    }

    async fn read(
        &self,
        from: &str,
        to: &Path,
        range: Range<u64>,
        meter: &Meter,
    ) -> Result<(), Error> {
        let mut source = fs::File::open(self.place(from)).map_err(failed)?;
        source.seek(SeekFrom::Start(range.start)).map_err(failed)?;
        let mut bytes = Vec::new();
        source.take(range.end - range.start).read_to_end(&mut bytes).map_err(failed)?;
        let mut target = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(range.start == 0)
            .open(to)
            .map_err(failed)?;
        target.seek(SeekFrom::Start(range.start)).map_err(failed)?;
        target.write_all(&self.on_its_way(bytes)).map_err(failed)?;
        meter.count(range.end - range.start)
    }

    async fn digest(&self, path: &str, length: u64) -> Result<Option<(Digest, Check)>, Error> {
        let digest = Digest::of_file(&self.place(path), length).await;
        Ok(digest.ok().map(|digest| (digest, Check::GuestSum)))
    }

    async fn settle(&self, part: &str, target: &str, mode: Option<u32>) -> Result<(), Error> {
        assert!(base_name(part).unwrap().ends_with(".vm-cli-part"), "{part}");
        if let Some(mode) = mode {
            permissions::set(&self.place(part), mode).map_err(failed)?;
        }
        fs::rename(self.place(part), self.place(target)).map_err(failed)
    }

    async fn set_modes(&self, modes: &[(String, u32)]) -> Result<(), Error> {
        let mut all = modes.iter();
        all.try_for_each(|(path, mode)| permissions::set(&self.place(path), *mode)).map_err(failed)
    }

    async fn remove(&self, path: &str) -> Result<(), Error> {
        fs::remove_file(self.place(path)).or(Ok(()))
    }
}
