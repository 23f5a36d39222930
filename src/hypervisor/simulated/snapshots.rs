use super::machine::Machine;
use super::moment::Moment;
use super::power::{Power, SavedFile};
use crate::error::Error;
use crate::hypervisor::kept::Points;
use crate::model::{SnapshotId, SnapshotName};

/// The snapshots of a simulated VM; of its memory is kept how long the guest had run.
pub(super) type Snapshots = Points<u64>;

impl Machine {
    /// Takes a snapshot, the memory included if there is any.
    pub(super) fn take_snapshot(&mut self, name: &SnapshotName, text: &str, now: Moment) {
        let memory = self.power.memory(now);
        self.snapshots.take(self.id, name, text, &self.settings, memory);
    }

    /// Puts the VM back: off, or saved if the snapshot has memory.
    pub(super) fn restore_snapshot(&mut self, id: &SnapshotId, now: Moment) -> Result<(), Error> {
        let point = self.snapshots.find(id, &self.settings.name)?.clone();
        if matches!(self.power, Power::On(_) | Power::Stuck { .. }) {
            return Err(self.refusal("be put back to a snapshot"));
        }
        self.power = match point.memory {
            Some(uptime) => Power::Saved { since: now.ms, uptime, file: SavedFile::Whole },
            None => Power::Off { since: now.ms },
        };
        self.settings = point.settings;
        self.snapshots.current = Some(point.id);
        Ok(())
    }

    /// Deletes a snapshot. VirtualBox merges it into its only child, and refuses it with several.
    pub(super) fn delete_snapshot(&mut self, id: &SnapshotId) -> Result<(), Error> {
        self.snapshots.delete(id, &self.settings.name).map(drop)
    }
}
