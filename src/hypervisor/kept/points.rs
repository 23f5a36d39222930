use sha2::{Digest, Sha256};

use crate::error::{Error, ErrorKind};
use crate::model::{
    Snapshot, SnapshotId, SnapshotName, SnapshotTree, VmConfiguration, VmId, VmName, typed,
};

/// The snapshots of one VM, parents before children; `M` is what tells of the memory kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::hypervisor) struct Points<M> {
    /// Every one.
    pub(in crate::hypervisor) all: Vec<Point<M>>,
    /// The one on which the present state stands.
    pub(in crate::hypervisor) current: Option<SnapshotId>,
    /// How many were ever taken: what makes their identities.
    pub(in crate::hypervisor) taken: u64,
}

/// One snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::hypervisor) struct Point<M> {
    /// Its identity.
    pub(in crate::hypervisor) id: SnapshotId,
    /// Its name.
    pub(in crate::hypervisor) name: SnapshotName,
    /// Its description.
    pub(in crate::hypervisor) description: String,
    /// The one it stands on.
    pub(in crate::hypervisor) parent: Option<SnapshotId>,
    /// The memory; `None` if the VM was off.
    pub(in crate::hypervisor) memory: Option<M>,
    /// The VM's settings at that time.
    pub(in crate::hypervisor) settings: VmConfiguration,
}

impl<M> Default for Points<M> {
    fn default() -> Self {
        Self { all: Vec::new(), current: None, taken: 0 }
    }
}

impl<M> Points<M> {
    /// Returns the tree.
    pub(in crate::hypervisor) fn tree(&self) -> SnapshotTree {
        let place = |id: &SnapshotId| self.all.iter().position(|point| &point.id == id);
        let nodes = self.all.iter().map(|point| Snapshot {
            id: point.id.clone(),
            name: point.name.to_string(),
            description: point.description.clone(),
            parent: point.parent.as_ref().and_then(place),
        });
        SnapshotTree::new(nodes.collect(), self.current.as_ref().and_then(place))
    }

    /// Finds a snapshot of the VM of this name.
    pub(in crate::hypervisor) fn find(
        &self,
        wanted: &SnapshotId,
        vm: &VmName,
    ) -> Result<&Point<M>, Error> {
        let place = self.place(wanted, vm)?;
        self.all.get(place).ok_or_else(|| missing(wanted, vm))
    }

    /// Returns the identity that the next snapshot of a VM will have.
    pub(in crate::hypervisor) fn next(&self, vm: VmId) -> SnapshotId {
        identity(vm, self.taken)
    }

    /// Takes a snapshot of the present state.
    pub(in crate::hypervisor) fn take(
        &mut self,
        vm: VmId,
        name: &SnapshotName,
        text: &str,
        settings: &VmConfiguration,
        memory: Option<M>,
    ) {
        let id = self.next(vm);
        self.taken = self.taken.saturating_add(1);
        self.all.push(Point {
            id: id.clone(),
            name: name.clone(),
            description: text.to_owned(),
            parent: self.current.replace(id),
            memory,
            settings: settings.clone(),
        });
    }

    /// Refuses to delete a snapshot with several children: only one can inherit its content.
    pub(in crate::hypervisor) fn check_deletion(
        &self,
        id: &SnapshotId,
        vm: &VmName,
    ) -> Result<(), Error> {
        let children = self.tree().children(self.place(id, vm)?);
        if children > 1 {
            let message = format!(
                "the snapshot `{id}` of `{vm}` has {children} children, at most one can be merged"
            );
            let hint = "delete its children first".to_owned();
            return Err(Error::new(ErrorKind::InvalidState, message).hint(hint));
        }
        Ok(())
    }

    /// Deletes a snapshot; its child stands on its parent then.
    pub(in crate::hypervisor) fn delete(
        &mut self,
        id: &SnapshotId,
        vm: &VmName,
    ) -> Result<Point<M>, Error> {
        self.check_deletion(id, vm)?;
        let place = self.place(id, vm)?;
        let gone = self.all.remove(place);
        for point in &mut self.all {
            if point.parent.as_ref() == Some(&gone.id) {
                point.parent.clone_from(&gone.parent);
            }
        }
        if self.current.as_ref() == Some(&gone.id) {
            self.current.clone_from(&gone.parent);
        }
        Ok(gone)
    }

    fn place(&self, wanted: &SnapshotId, vm: &VmName) -> Result<usize, Error> {
        let place = self.all.iter().position(|it| it.id.0.eq_ignore_ascii_case(&wanted.0));
        place.ok_or_else(|| missing(wanted, vm))
    }
}

fn missing(wanted: &SnapshotId, vm: &VmName) -> Error {
    let message = format!("`{vm}` has no snapshot `{wanted}`");
    Error::new(ErrorKind::SnapshotNotFound, message)
        .hint(format!("run `vm-cli snapshot list {}`", typed(vm)))
        .about(vm)
}

/// Derives the identity of the nth snapshot of a VM, so that no randomness is needed.
fn identity(vm: VmId, number: u64) -> SnapshotId {
    let digest = Sha256::digest(format!("{vm}/{number}"));
    let bytes = digest.first_chunk::<16>().copied().unwrap_or_default();
    SnapshotId(uuid::Builder::from_random_bytes(bytes).into_uuid().to_string())
}
