use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::model::{SnapshotName, VmName, VmRef};

/// Copies of a VM: all of them or none.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct CloneRequest {
    /// The original.
    pub source: VmRef,
    /// The names of the copies.
    pub names: Vec<VmName>,
    /// What they hold of its disks.
    pub content: CloneWish,
    /// The snapshot that they begin with; `None` is what the original is now, or, of linked
    /// copies, its newest snapshot.
    pub snapshot: Option<SnapshotName>,
}

/// What copies hold of their original's disks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum CloneWish {
    /// Everything.
    Full,
    /// Only what will differ: made in a moment, and dependent on the original.
    Linked,
}

/// A VM that is to be written into a file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct ExportRequest {
    /// Which VM.
    pub vm: VmRef,
    /// The file: `.ova`, or `.ovf` for one with its disks beside it.
    pub file: PathBuf,
    /// What a file that is there already means.
    pub if_exists: IfFileExists,
}

/// What a file that is there already means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum IfFileExists {
    /// A failure.
    Fail,
    /// It is replaced when the new one is whole.
    Replace,
}

/// A VM that is to be made from a file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct ImportRequest {
    /// The file.
    pub file: PathBuf,
    /// Its name; `None` is the one in the file, made unique.
    pub name: Option<VmName>,
}
