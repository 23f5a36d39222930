//! The files of a simulated guest: those of a folder beside the simulator's own file.

use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use async_trait::async_trait;

use super::driver::SimulatedHypervisor;
use super::fault::Operation;
use crate::error::{self, Error};
use crate::files::{Check, Digest, Entry, FileFacts, GuestFiles, Meter, host_facts, permissions};
use crate::model::{VmId, VmRef};

/// What every simulated guest has, of both kinds of systems.
const FOLDERS: [&str; 5] = ["tmp", "home/user", "C/Users/user", "C/Windows/Temp", "var/log"];

/// The folder of its user.
const HOME: &str = "/home/user";

/// The files of a simulated guest.
#[derive(Debug)]
pub(super) struct SimulatedFiles<'a> {
    hypervisor: &'a SimulatedHypervisor,
    vm: VmRef,
}

impl<'a> SimulatedFiles<'a> {
    pub(super) fn new(hypervisor: &'a SimulatedHypervisor, vm: &VmRef) -> Self {
        Self { hypervisor, vm: vm.clone() }
    }

    /// Returns where a path of the guest lies. Fails while the guest is not up.
    async fn place(&self, path: &str) -> Result<PathBuf, Error> {
        let vm = self.vm.clone();
        let up = self.hypervisor.look(Operation::Copy, move |world, now| {
            let machine = world.find(&vm)?;
            machine.listening(now)?;
            Ok(machine.id)
        });
        let root = self.hypervisor.guest_folder(up.await?);
        for folder in FOLDERS {
            let folder = root.join(folder);
            let what = |e| error::io(format!("make the folder `{}`", folder.display()), e);
            fs::create_dir_all(&folder).map_err(what)?;
        }
        let parts = path.split(['/', '\\']).filter(|it| !matches!(*it, "" | "." | ".."));
        Ok(parts.fold(root, |folder, part| folder.join(part.trim_end_matches(':'))))
    }
}

impl SimulatedHypervisor {
    /// Returns the folder that holds the files of a guest.
    pub(super) fn guest_folder(&self, id: VmId) -> PathBuf {
        self.state_file().with_file_name("guests").join(id.to_string())
    }
}

fn failed(path: &str) -> impl Fn(io::Error) -> Error + '_ {
    move |e| error::io(format!("use `{path}` in the guest"), e)
}

#[async_trait]
impl GuestFiles for SimulatedFiles<'_> {
    async fn meant(&self, path: &str) -> Result<String, Error> {
        let below = path.strip_prefix('~').unwrap_or(path);
        let is_whole =
            below == path && (path.starts_with(['/', '\\']) || path.get(1..2) == Some(":"));
        Ok(if is_whole { path.to_owned() } else { format!("{HOME}/{below}") })
    }

    async fn look(&self, path: &str) -> Result<Option<FileFacts>, Error> {
        match fs::metadata(self.place(path).await?) {
            Ok(metadata) => Ok(Some(host_facts(&metadata))),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(failed(path)(e)),
        }
    }

    async fn list(&self, folder: &str) -> Result<Vec<Entry>, Error> {
        let read = fs::read_dir(self.place(folder).await?).map_err(failed(folder))?;
        let entry = |entry: io::Result<fs::DirEntry>| {
            let entry = entry?;
            let facts = host_facts(&fs::symlink_metadata(entry.path())?);
            Ok(Entry { name: entry.file_name().to_string_lossy().into_owned(), facts })
        };
        let entries: io::Result<Vec<Entry>> = read.map(entry).collect();
        let mut entries = entries.map_err(failed(folder))?;
        entries.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(entries)
    }

    async fn make_folder(&self, path: &str) -> Result<(), Error> {
        let place = self.place(path).await?;
        match fs::create_dir(&place) {
            Err(_) if place.is_dir() => Ok(()),
            made => made.map_err(failed(path)),
        }
    }

    async fn write(&self, from: &Path, to: &str, _begin: u64, meter: &Meter) -> Result<(), Error> {
        let place = self.place(to).await?;
        let count = fs::copy(from, place).map_err(failed(to))?;
        meter.count(count)
    }

    async fn read(
        &self,
        from: &str,
        to: &Path,
        _range: Range<u64>,
        meter: &Meter,
    ) -> Result<(), Error> {
        let count = fs::copy(self.place(from).await?, to).map_err(failed(from))?;
        meter.count(count)
    }

    async fn digest(&self, path: &str, length: u64) -> Result<Option<(Digest, Check)>, Error> {
        let digest = Digest::of_file(&self.place(path).await?, length).await;
        Ok(digest.ok().map(|digest| (digest, Check::GuestSum)))
    }

    async fn settle(&self, part: &str, target: &str, mode: Option<u32>) -> Result<(), Error> {
        let part = self.place(part).await?;
        if let Some(mode) = mode {
            permissions::set(&part, mode).map_err(failed(target))?;
        }
        fs::rename(part, self.place(target).await?).map_err(failed(target))
    }

    async fn set_modes(&self, modes: &[(String, u32)]) -> Result<(), Error> {
        for (path, mode) in modes {
            permissions::set(&self.place(path).await?, *mode).map_err(failed(path))?;
        }
        Ok(())
    }

    async fn remove(&self, path: &str) -> Result<(), Error> {
        match fs::remove_file(self.place(path).await?) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed.map_err(failed(path)),
        }
    }

    fn goes_on(&self) -> bool {
        false
    }
}
