use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Every state VirtualBox 7.x reports as `VMState`, and two of ours.
///
/// The words of [`fmt::Display`] are ours and stable; `parse` reads VirtualBox's words.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum VmState {
    /// Off, with nothing saved.
    PoweredOff,
    /// Off, with its memory saved.
    Saved,
    /// Off, moved to another host.
    Teleported,
    /// Off, because its process died.
    Aborted,
    /// Off, because its process died while a saved state was being restored; that is still there.
    AbortedSaved,
    /// On.
    Running,
    /// On, with its CPUs stopped.
    Paused,
    /// On, with its CPUs stopped by an error inside (a guru meditation).
    Stuck,
    /// Being moved to another host.
    Teleporting,
    /// On, while a snapshot is taken without stopping it.
    LiveSnapshotting,
    /// Going on.
    Starting,
    /// Going off.
    Stopping,
    /// Writing its memory to disk.
    Saving,
    /// Reading its memory from disk.
    Restoring,
    /// Paused while being moved to another host.
    TeleportingPausedVm,
    /// Being received from another host.
    TeleportingIn,
    /// On, while a snapshot is deleted.
    DeletingSnapshotLive,
    /// Paused, while a snapshot is deleted.
    DeletingSnapshotLivePaused,
    /// Stopped for the moment in which a snapshot of it is taken.
    OnlineSnapshotting,
    /// Off, while a snapshot is restored.
    RestoringSnapshot,
    /// Off, while a snapshot is deleted.
    DeletingSnapshot,
    /// Off, while long settings are made.
    SettingUp,
    /// Off, while a snapshot is taken.
    Snapshotting,
    /// Registered, but its settings file cannot be read.
    Inaccessible,
    /// A word that this version of vm-cli does not know.
    Unknown(String),
}

/// What a state means for what may be done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum Phase {
    /// Not running; settings may change.
    Offline,
    /// Running or paused.
    Live,
    /// On the way from one to the other: wait.
    Changing,
    /// Needs a person or a repair first.
    Broken,
}

/// Our word and VirtualBox's for each state (source: `machineStateToName`, VirtualBox 7.2).
const WORDS: [(VmState, &str, &str); 24] = [
    (VmState::PoweredOff, "poweroff", "poweroff"),
    (VmState::Saved, "saved", "saved"),
    (VmState::Teleported, "teleported", "teleported"),
    (VmState::Aborted, "aborted", "aborted"),
    (VmState::AbortedSaved, "aborted-saved", "aborted-saved"),
    (VmState::Running, "running", "running"),
    (VmState::Paused, "paused", "paused"),
    (VmState::Stuck, "stuck", "gurumeditation"),
    (VmState::Teleporting, "teleporting", "teleporting"),
    (VmState::LiveSnapshotting, "live-snapshotting", "livesnapshotting"),
    (VmState::Starting, "starting", "starting"),
    (VmState::Stopping, "stopping", "stopping"),
    (VmState::Saving, "saving", "saving"),
    (VmState::Restoring, "restoring", "restoring"),
    (VmState::TeleportingPausedVm, "teleporting-paused", "teleportingpausedvm"),
    (VmState::TeleportingIn, "teleporting-in", "teleportingin"),
    (VmState::DeletingSnapshotLive, "deleting-snapshot-live", "deletingsnapshotlive"),
    (
        VmState::DeletingSnapshotLivePaused,
        "deleting-snapshot-live-paused",
        "deletingsnapshotlivepaused",
    ),
    (VmState::OnlineSnapshotting, "online-snapshotting", "onlinesnapshotting"),
    (VmState::RestoringSnapshot, "restoring-snapshot", "restoringsnapshot"),
    (VmState::DeletingSnapshot, "deleting-snapshot", "deletingsnapshot"),
    (VmState::SettingUp, "setting-up", "settingup"),
    (VmState::Snapshotting, "snapshotting", "snapshotting"),
    (VmState::Inaccessible, "inaccessible", "<inaccessible>"),
];

impl VmState {
    /// Returns what the state means for what may be done next.
    pub fn phase(&self) -> Phase {
        match self {
            Self::PoweredOff
            | Self::Saved
            | Self::Teleported
            | Self::Aborted
            | Self::AbortedSaved => Phase::Offline,
            Self::Running | Self::Paused => Phase::Live,
            Self::Teleporting
            | Self::LiveSnapshotting
            | Self::Starting
            | Self::Stopping
            | Self::Saving
            | Self::Restoring
            | Self::TeleportingPausedVm
            | Self::TeleportingIn
            | Self::DeletingSnapshotLive
            | Self::DeletingSnapshotLivePaused
            | Self::OnlineSnapshotting
            | Self::RestoringSnapshot
            | Self::DeletingSnapshot
            | Self::SettingUp
            | Self::Snapshotting => Phase::Changing,
            Self::Stuck | Self::Inaccessible | Self::Unknown(_) => Phase::Broken,
        }
    }
}

impl FromStr for VmState {
    type Err = Infallible;

    /// Reads VirtualBox's word or ours; any other word is kept as [`VmState::Unknown`].
    fn from_str(word: &str) -> Result<Self, Infallible> {
        let known = WORDS.iter().find(|(_, ours, theirs)| word == *ours || word == *theirs);
        Ok(known.map_or_else(|| Self::Unknown(word.to_owned()), |(state, ..)| state.clone()))
    }
}

impl fmt::Display for VmState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Unknown(word) = self {
            return f.pad(word);
        }
        let word = WORDS.iter().find(|(state, ..)| state == self).map_or("unknown", |(_, w, _)| w);
        f.pad(word)
    }
}

#[cfg(test)]
mod tests {
    use super::{Phase, VmState, WORDS};

    #[test]
    fn every_state_reads_back_from_both_vocabularies() {
        for (state, ours, theirs) in &WORDS {
            assert_eq!(&ours.parse::<VmState>().unwrap(), state);
            assert_eq!(&theirs.parse::<VmState>().unwrap(), state);
            assert_eq!(&state.to_string(), ours);
        }
    }

    #[test]
    fn an_unknown_word_is_kept_and_needs_a_person() {
        let state: VmState = "hibernating".parse().unwrap();
        assert_eq!(state.to_string(), "hibernating");
        assert_eq!(state.phase(), Phase::Broken);
    }
}
