use std::path::PathBuf;

use super::presence::Presence;
use crate::error::Error;
use crate::hypervisor::kept::{Point, Points, refusal};
use crate::model::{SnapshotId, VmConfiguration, VmId, VmState};

/// The name under which QEMU keeps a state of the disks, and of the memory where there was any.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Tag(pub(super) String);

/// What is noted of a VM between its calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Note {
    /// It was stopped.
    Off,
    /// It was started.
    On,
    /// Its CPUs were stopped.
    Paused,
    /// Its memory was saved.
    Saved(Tag),
}

/// A VM as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Definition {
    /// Its identity.
    pub(super) id: VmId,
    /// Its settings.
    pub(super) settings: VmConfiguration,
    /// Its disk.
    pub(super) disk: Option<PathBuf>,
    /// What its disk stands on, if it is a linked copy.
    pub(super) base: Option<PathBuf>,
    /// What was noted last.
    pub(super) note: Note,
    /// When, in milliseconds since 1970.
    pub(super) since_ms: u64,
    /// Its snapshots.
    pub(super) snapshots: Points<Tag>,
}

impl Definition {
    /// Returns its state, as its process and what is noted tell it.
    pub(super) fn state(&self, presence: Presence) -> VmState {
        match (presence, &self.note) {
            (Presence::Alive(_), Note::On | Note::Off) => VmState::Running,
            (Presence::Alive(_), Note::Paused) => VmState::Paused,
            // Who was to give it its memory back, or to end it after it was saved, did not get
            // there.
            (Presence::Alive(_), Note::Saved(_)) => VmState::Stuck,
            (Presence::Died, Note::Saved(_)) => VmState::AbortedSaved,
            (Presence::Died, Note::On | Note::Off | Note::Paused) => VmState::Aborted,
            (Presence::Gone, Note::Saved(_)) => VmState::Saved,
            (Presence::Gone, Note::On | Note::Off | Note::Paused) => VmState::PoweredOff,
        }
    }

    /// Returns since when it is in its state; a guest that went off by itself tells nobody.
    pub(super) fn since(&self, presence: Presence) -> Option<u64> {
        let noted = match (presence, &self.note) {
            (Presence::Alive(_), Note::On | Note::Paused)
            | (Presence::Gone, Note::Saved(_) | Note::Off) => true,
            (Presence::Alive(_), Note::Saved(_) | Note::Off)
            | (Presence::Died, Note::Saved(_) | Note::On | Note::Off | Note::Paused)
            | (Presence::Gone, Note::On | Note::Paused) => false,
        };
        noted.then_some(self.since_ms)
    }

    /// Notes what it is now.
    pub(super) fn note(&mut self, note: Note, now_ms: u64) {
        (self.note, self.since_ms) = (note, now_ms);
    }

    /// Builds the refusal of something that its state does not allow.
    pub(super) fn refusal(&self, state: &VmState, what: &str) -> Error {
        refusal(&self.settings.name, state, what)
    }

    /// Returns the states that must be kept.
    pub(super) fn tags(&self) -> Vec<Tag> {
        let saved = match &self.note {
            Note::Saved(tag) => Some(tag.clone()),
            Note::Off | Note::On | Note::Paused => None,
        };
        self.snapshots.all.iter().map(tag).chain(saved).collect()
    }
}

/// Returns where the content of a snapshot is kept. One of a VM whose memory was saved shares
/// what was saved.
pub(super) fn tag(point: &Point<Tag>) -> Tag {
    point.memory.clone().unwrap_or_else(|| Tag::from(&point.id))
}

impl From<&SnapshotId> for Tag {
    fn from(id: &SnapshotId) -> Self {
        Self(id.0.clone())
    }
}
