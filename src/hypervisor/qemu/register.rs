use std::fs;
use std::fs::File;
use std::io;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::definition::Definition;
use super::place::Place;
use super::{presence, shape};
use crate::error;
use crate::error::{Error, ErrorKind};
use crate::hypervisor::kept::{file_lock, not_found, summary};
use crate::model::{VmId, VmRef, VmState, VmSummary};

/// What stands for the name of a VM whose definition cannot be read.
const INACCESSIBLE: &str = "<inaccessible>";

/// The folder of all VMs.
#[derive(Debug, Clone)]
pub(super) struct Register {
    root: PathBuf,
}

/// A VM that nobody else changes meanwhile.
#[derive(Debug)]
pub(super) struct Held {
    /// Its definition.
    pub(super) definition: Definition,
    /// Its folder.
    pub(super) place: Place,
    _lock: File,
}

impl Register {
    /// Names the folder; it need not exist.
    pub(super) fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// Returns the folder.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the folder of a VM.
    pub(super) fn place(&self, id: VmId) -> Place {
        Place::new(&self.root, id)
    }

    /// Keeps others from making VMs.
    pub(super) async fn hold_all(&self) -> Result<File, Error> {
        let lock = self.root.join("lock");
        file_lock::hold(&lock, &format!("lock `{}`", lock.display())).await
    }

    /// Holds a VM for a change.
    pub(super) async fn hold(&self, vm: &VmRef) -> Result<Held, Error> {
        let place = self.place(self.find(vm)?.id);
        let lock = place.lock();
        let lock = file_lock::hold(&lock, &format!("lock `{}`", lock.display())).await?;
        // It may have been changed, or deleted, while it was waited for.
        let Some(definition) = read(&place.definition())? else {
            // Only the lock's own folder is left.
            fs::remove_file(place.lock()).ok();
            fs::remove_dir(place.folder()).ok();
            return Err(not_found(vm));
        };
        Ok(Held { definition, place, _lock: lock })
    }

    /// Finds a VM by its identity or its name.
    pub(super) fn find(&self, vm: &VmRef) -> Result<Definition, Error> {
        if let Some(id) = vm.as_id() {
            return read(&self.place(id).definition())?.ok_or_else(|| not_found(vm));
        }
        let meant = |it: &Definition| it.settings.name.as_str() == vm.as_str();
        self.definitions()?.into_iter().find(meant).ok_or_else(|| not_found(vm))
    }

    /// Lists every VM, in the order of their names.
    pub(super) fn list(&self) -> Result<Vec<VmSummary>, Error> {
        let mut list = Vec::new();
        for id in self.ids()? {
            match read(&self.place(id).definition()) {
                Ok(Some(it)) => list.push(summary(id, self.state(&it)?, &it.settings)),
                Ok(None) => {}
                Err(_) => list.push(inaccessible(id)),
            }
        }
        list.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(list)
    }

    /// Returns every definition that can be read.
    pub(super) fn definitions(&self) -> Result<Vec<Definition>, Error> {
        Ok(self.ids()?.into_iter().filter_map(|id| self.readable(id)).collect())
    }

    /// Returns the state of a VM that somebody else may be changing.
    pub(super) fn state(&self, it: &Definition) -> Result<VmState, Error> {
        let place = self.place(it.id);
        let state = it.state(presence::look(&place.pid())?);
        if state == VmState::Stuck && is_locked(&place.lock()) {
            return Ok(VmState::Restoring);
        }
        Ok(state)
    }

    fn readable(&self, id: VmId) -> Option<Definition> {
        read(&self.place(id).definition()).ok().flatten()
    }

    fn ids(&self) -> Result<Vec<VmId>, Error> {
        let what = || format!("read the folder `{}`", self.root.display());
        let entries = match fs::read_dir(&self.root) {
            Ok(entries) => entries,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(error::io(what(), e)),
        };
        let mut ids = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|e| error::io(what(), e))?;
            ids.extend(entry.file_name().to_str().and_then(|name| name.parse::<VmId>().ok()));
        }
        Ok(ids)
    }
}

impl Held {
    /// Writes its definition.
    pub(super) fn keep(&self) -> Result<(), Error> {
        write(&self.place, &self.definition)
    }
}

/// Writes a definition, as a whole or not at all, for its owner only.
pub(super) fn write(place: &Place, definition: &Definition) -> Result<(), Error> {
    let file = place.definition();
    let what = format!("write `{}`", file.display());
    let text = shape::write(definition)
        .map_err(|e| Error::new(ErrorKind::Io, format!("cannot {what}")).caused_by(e))?;
    let beside = tempfile::NamedTempFile::new_in(place.folder()).and_then(|mut beside| {
        beside.write_all(&text)?;
        beside.as_file().sync_all()?;
        Ok(beside)
    });
    let moved = beside.and_then(|beside| Ok(beside.persist(&file)?));
    moved.map(drop).map_err(|e| error::making(what, e))
}

/// Reads a definition; `None` if there is none.
fn read(file: &Path) -> Result<Option<Definition>, Error> {
    let text = match fs::read(file) {
        Ok(text) => text,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(error::io(format!("read `{}`", file.display()), e)),
    };
    shape::read(&text).map(Some).map_err(|e| {
        let message = format!("the definition `{}` cannot be read", file.display());
        Error::new(ErrorKind::Unparseable, message)
            .hint("mend it, or move the folder that holds it away")
            .caused_by(e)
    })
}

fn is_locked(file: &Path) -> bool {
    File::open(file).is_ok_and(|file| file.try_lock_shared().is_err())
}

fn inaccessible(id: VmId) -> VmSummary {
    VmSummary {
        name: INACCESSIBLE.to_owned(),
        id,
        state: VmState::Inaccessible,
        os_type: None,
        cpus: None,
        memory: None,
        groups: Vec::new(),
    }
}
