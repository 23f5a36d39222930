use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::definition::Tag;
use crate::error;
use crate::error::Error;
use crate::model::VmId;

/// The folder of a VM, and what lies in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place(PathBuf);

impl Place {
    /// Names the folder of a VM.
    pub(super) fn new(root: &Path, id: VmId) -> Self {
        Self(root.join(id.to_string()))
    }

    /// Returns the folder itself.
    pub(super) fn folder(&self) -> &Path {
        &self.0
    }

    /// Returns the file of its definition.
    pub(super) fn definition(&self) -> PathBuf {
        self.0.join("vm.json")
    }

    /// Returns the file that who changes the VM has locked.
    pub(super) fn lock(&self) -> PathBuf {
        self.0.join("lock")
    }

    /// Returns the file that its process has locked.
    pub(super) fn pid(&self) -> PathBuf {
        self.0.join("pid")
    }

    /// Returns the socket at which its process listens.
    pub(super) fn socket(&self) -> PathBuf {
        self.0.join("qmp")
    }

    /// Returns the file of what its serial port wrote.
    pub(super) fn serial(&self) -> PathBuf {
        self.0.join("serial.log")
    }

    /// Returns the file into which its process draws its screen.
    pub(super) fn picture(&self) -> PathBuf {
        self.0.join("screen.png")
    }

    /// Returns the file on which linked copies of what was kept stand.
    pub(super) fn base(&self, tag: &Tag) -> PathBuf {
        self.0.join(format!("base-{}.qcow2", tag.0))
    }

    /// Returns the disk that holds its memory; no guest sees it.
    pub(super) fn memory(&self) -> PathBuf {
        self.0.join("memory.qcow2")
    }
}

/// Removes a file; one that is not there is fine.
pub(super) fn remove(file: &Path) -> Result<(), Error> {
    match fs::remove_file(file) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => {
            Err(error::io(format!("remove `{}`", file.display()), e))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}
