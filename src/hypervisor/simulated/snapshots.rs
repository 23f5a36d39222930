use sha2::{Digest, Sha256};

use super::machine::Machine;
use super::moment::Moment;
use super::power::{Power, SavedFile};
use crate::error::{Error, ErrorKind};
use crate::model::{
    Snapshot, SnapshotId, SnapshotName, SnapshotTree, VmConfiguration, VmId, typed,
};

/// The snapshots of one VM, parents before children.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Snapshots {
    /// Every one.
    pub(super) points: Vec<Point>,
    /// The one on which the present state stands.
    pub(super) current: Option<SnapshotId>,
    /// How many were ever taken: what makes their identities.
    pub(super) taken: u64,
}

/// One snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Point {
    /// Its identity.
    pub(super) id: SnapshotId,
    /// Its name.
    pub(super) name: SnapshotName,
    /// Its description.
    pub(super) description: String,
    /// The one it stands on.
    pub(super) parent: Option<SnapshotId>,
    /// How long the guest in its memory had run; `None` if the VM was off.
    pub(super) uptime: Option<u64>,
    /// The VM's settings at that time.
    pub(super) settings: VmConfiguration,
}

impl Snapshots {
    /// Returns the tree.
    pub(super) fn tree(&self) -> SnapshotTree {
        let place = |id: &SnapshotId| self.points.iter().position(|point| &point.id == id);
        let nodes = self.points.iter().map(|point| Snapshot {
            id: point.id.clone(),
            name: point.name.to_string(),
            description: point.description.clone(),
            parent: point.parent.as_ref().and_then(place),
        });
        SnapshotTree::new(nodes.collect(), self.current.as_ref().and_then(place))
    }

    pub(super) fn place(&self, wanted: &SnapshotId, vm: &VmConfiguration) -> Result<usize, Error> {
        self.points.iter().position(|it| it.id.0.eq_ignore_ascii_case(&wanted.0)).ok_or_else(|| {
            Error::new(
                ErrorKind::SnapshotNotFound,
                format!("`{}` has no snapshot `{wanted}`", vm.name),
            )
            .hint(format!("run `vm-cli snapshot list {}`", typed(&vm.name)))
            .about(&vm.name)
        })
    }
}

impl Machine {
    /// Takes a snapshot, the memory included if there is any.
    pub(super) fn take_snapshot(&mut self, name: &SnapshotName, text: &str, now: Moment) {
        let id = identity(self.id, self.snapshots.taken);
        self.snapshots.taken = self.snapshots.taken.saturating_add(1);
        self.snapshots.points.push(Point {
            id: id.clone(),
            name: name.clone(),
            description: text.to_owned(),
            parent: self.snapshots.current.replace(id),
            uptime: self.power.memory(now),
            settings: self.settings.clone(),
        });
    }

    /// Puts the VM back: off, or saved if the snapshot has memory.
    pub(super) fn restore_snapshot(&mut self, id: &SnapshotId, now: Moment) -> Result<(), Error> {
        let place = self.snapshots.place(id, &self.settings)?;
        if matches!(self.power, Power::On(_) | Power::Stuck { .. }) {
            return Err(self.refusal("be put back to a snapshot"));
        }
        if let Some(point) = self.snapshots.points.get(place) {
            self.power = match point.uptime {
                Some(uptime) => Power::Saved { since: now.ms, uptime, file: SavedFile::Whole },
                None => Power::Off { since: now.ms },
            };
            self.settings = point.settings.clone();
            self.snapshots.current = Some(point.id.clone());
        }
        Ok(())
    }

    /// Deletes a snapshot. VirtualBox merges it into its only child, and refuses it with several.
    pub(super) fn delete_snapshot(&mut self, id: &SnapshotId) -> Result<(), Error> {
        let place = self.snapshots.place(id, &self.settings)?;
        let children = self.snapshots.tree().children(place);
        if children > 1 {
            let message = format!(
                "the snapshot `{id}` of `{}` has {children} children, at most one can be merged",
                self.settings.name
            );
            let hint = "delete its children first".to_owned();
            return Err(Error::new(ErrorKind::InvalidState, message).hint(hint));
        }
        let gone = self.snapshots.points.remove(place);
        for point in &mut self.snapshots.points {
            if point.parent.as_ref() == Some(&gone.id) {
                point.parent.clone_from(&gone.parent);
            }
        }
        if self.snapshots.current.as_ref() == Some(&gone.id) {
            self.snapshots.current = gone.parent;
        }
        Ok(())
    }
}

/// Derives the identity of the nth snapshot of a VM, so that no randomness is needed.
fn identity(vm: VmId, number: u64) -> SnapshotId {
    let digest = Sha256::digest(format!("{vm}/{number}"));
    let bytes = digest.first_chunk::<16>().copied().unwrap_or_default();
    SnapshotId(uuid::Builder::from_random_bytes(bytes).into_uuid().to_string())
}
