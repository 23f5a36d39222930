use serde::{Deserialize, Serialize};

use crate::model::{ShareName, SharedFolder};

/// What is to be done with the folders that a VM's guest can use.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub enum SharingAction {
    /// List them.
    List,
    /// Add one; how long it is there follows from whether the VM runs.
    Add(SharedFolder),
    /// Take one away.
    Remove(ShareName),
}
