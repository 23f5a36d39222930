use serde::{Deserialize, Serialize};

use crate::model::{Word, written};

/// One thing that a crash left, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Repair {
    /// What it is.
    pub what: Leftover,
    /// Which one, and where.
    pub place: String,
    /// What mends it, such as `remove`.
    #[serde(deserialize_with = "written::word")]
    pub action: Word,
    /// Whether that was done.
    pub outcome: Repaired,
}

/// What a crash can leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum Leftover {
    /// A VM whose creation ended in the middle.
    HalfMadeVm,
    /// A VM whose deletion ended in the middle.
    HalfDeletedVm,
    /// A template whose saving ended in the middle.
    HalfSavedTemplate,
    /// A template whose VM another program removed.
    VanishedTemplate,
    /// What is noted of a VM that another program removed.
    VanishedVm,
    /// A VM of ours in the hypervisor's register whose settings are gone.
    InaccessibleVm,
    /// A host port that is kept for a VM that is gone.
    StaleLease,
    /// The last picture of a VM that is gone.
    StaleScreen,
    /// A task that is noted as running, of a process that is gone.
    AbandonedTask,
    /// A file that was meant to live for a moment.
    OldScratchFile,
    /// A setting of the hypervisor that was changed for a moment.
    BorrowedSetting,
}

impl Leftover {
    /// Returns its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HalfMadeVm => "half_made_vm",
            Self::HalfDeletedVm => "half_deleted_vm",
            Self::HalfSavedTemplate => "half_saved_template",
            Self::VanishedTemplate => "vanished_template",
            Self::VanishedVm => "vanished_vm",
            Self::InaccessibleVm => "inaccessible_vm",
            Self::StaleLease => "stale_lease",
            Self::StaleScreen => "stale_screen",
            Self::AbandonedTask => "abandoned_task",
            Self::OldScratchFile => "old_scratch_file",
            Self::BorrowedSetting => "borrowed_setting",
        }
    }
}

/// Whether a repair was done.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub enum Repaired {
    /// It was done.
    Done,
    /// It would be done (`--dry-run`).
    Planned,
    /// It failed, for this reason; it is found again the next time.
    Failed(String),
}
