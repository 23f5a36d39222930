use serde::{Deserialize, Serialize};

use super::IfLive;
use crate::model::{Display, SnapshotName};

/// What is to be done with snapshots. Existing ones are named by name or UUID.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub enum SnapshotAction {
    /// Take one.
    Take {
        /// Its name.
        name: SnapshotName,
        /// Its description.
        description: String,
    },
    /// List them.
    List,
    /// Put the VM back to one; a live VM is powered off first if that is allowed.
    Restore {
        /// Which one.
        snapshot: SnapshotName,
        /// What a live VM means.
        if_live: IfLive,
        /// Whether the VM is started afterwards.
        start: Option<Display>,
    },
    /// Put the VM back to one, powered off first if it is live, and start it.
    Rollback {
        /// Which one; `None` is the one on which the VM stands.
        snapshot: Option<SnapshotName>,
        /// Where the screen shows.
        display: Display,
    },
    /// Delete one.
    Delete {
        /// Which one.
        snapshot: SnapshotName,
    },
}
