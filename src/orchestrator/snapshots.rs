//! Snapshots: take, list, restore, delete.

use std::time::Instant;

use super::VmOrchestrator;
use super::plan::Goal;
use super::tasks::Work;
use super::templates::Intrusion;
use crate::error::{Error, ErrorKind};
use crate::hypervisor::{Hypervisor, Snapshots, offered};
use crate::model::{
    Phase, SnapshotId, SnapshotName, StopMode, Vm, VmRef, VmState, VmTaskType, typed,
};
use crate::request::{Changed, IfLive, Outcome, Response, SnapshotAction};

impl VmOrchestrator {
    /// Does something with a VM's snapshots.
    pub(super) async fn snapshot(
        &self,
        vm: &VmRef,
        action: SnapshotAction,
    ) -> Result<Response, Error> {
        let begun = Instant::now();
        let mut notes = Vec::new();
        let (word, state) = match action {
            SnapshotAction::List => {
                let found = self.inspect(vm).await?;
                return Ok(Response::Snapshots { vm: found.name, tree: found.snapshots });
            }
            SnapshotAction::Take { name, description } => {
                self.take(vm, name, description).await?;
                ("snapshot-take", None)
            }
            SnapshotAction::Delete { snapshot } => {
                let id = find(&self.inspect(vm).await?, &snapshot)?;
                self.spare_template(vm, Intrusion::DeleteSnapshot(&id)).await?;
                let work = Work::on(vm, VmTaskType::SnapshotDelete);
                self.on_snapshot(vm, work, id, Verb::Delete).await?;
                ("snapshot-delete", None)
            }
            SnapshotAction::Restore { snapshot, if_live, start } => {
                self.restore(vm, &snapshot, if_live).await?;
                notes = self.lease_revived(vm).await;
                let state = match start {
                    Some(display) => {
                        let started = self.start_from_off(vm, display, None).await?;
                        notes.extend(started.notes);
                        started.state
                    }
                    None => None,
                };
                ("snapshot-restore", state)
            }
            SnapshotAction::Rollback { snapshot, display } => {
                let found = self.inspect(vm).await?;
                let id = match &snapshot {
                    Some(snapshot) => find(&found, snapshot)?,
                    None => current(&found)?,
                };
                self.restore_to(vm, &found, id, IfLive::PowerOff).await?;
                let started = self.start_from_off(vm, display, None).await?;
                notes = started.notes;
                ("rollback", started.state)
            }
        };
        let (vm, outcome, took) = (vm.to_string(), Outcome::Changed, begun.elapsed());
        Ok(Response::Changed(Changed { vm, action: word, outcome, state, notes, took }))
    }

    pub(super) async fn take(
        &self,
        vm: &VmRef,
        name: SnapshotName,
        text: String,
    ) -> Result<(), Error> {
        self.check_snapshot_disk(vm).await?;
        let target = vm.clone();
        // A second try after a lost answer would take a second snapshot of the same name; the
        // failures that the queue repeats are those that are known to have done nothing.
        self.run(Work::on(vm, VmTaskType::SnapshotTake), move |hypervisor, _| {
            let (vm, name, text) = (target.clone(), name.clone(), text.clone());
            async move { capability(hypervisor.as_ref())?.take(&vm, &name, &text).await }
        })
        .await
    }

    async fn restore(
        &self,
        vm: &VmRef,
        snapshot: &SnapshotName,
        if_live: IfLive,
    ) -> Result<(), Error> {
        let found = self.inspect(vm).await?;
        let id = find(&found, snapshot)?;
        self.restore_to(vm, &found, id, if_live).await
    }

    /// Puts a VM, as it was found, back to a snapshot.
    pub(super) async fn restore_to(
        &self,
        vm: &VmRef,
        found: &Vm,
        id: SnapshotId,
        if_live: IfLive,
    ) -> Result<(), Error> {
        if found.state.phase() == Phase::Live || found.state == VmState::Stuck {
            if if_live == IfLive::Fail {
                let message = format!("cannot restore a snapshot of `{vm}`: it is {}", found.state);
                let vm_typed = typed(vm);
                return Err(Error::new(ErrorKind::InvalidState, message).about(vm).hint(format!(
                    "run `vm-cli stop {vm_typed} --force` first, or add `--force`: what runs now \
                     is lost either way"
                )));
            }
            self.bring(vm, Goal::Off(StopMode::PowerOff)).await?;
            if !self.rehearses() {
                self.wait_state(vm, Phase::Offline, self.settings().timeouts.change).await?;
            }
        }
        self.on_snapshot(vm, Work::on(vm, VmTaskType::SnapshotRestore), id, Verb::Restore).await
    }

    async fn on_snapshot(
        &self,
        vm: &VmRef,
        work: Work,
        id: SnapshotId,
        verb: Verb,
    ) -> Result<(), Error> {
        let target = vm.clone();
        self.run(work, move |hypervisor, attempt| {
            let (vm, id) = (target.clone(), id.clone());
            async move {
                let snapshots = capability(hypervisor.as_ref())?;
                match verb {
                    Verb::Restore => snapshots.restore(&vm, &id).await,
                    Verb::Delete => match snapshots.delete(&vm, &id).await {
                        // The attempt before did it after all.
                        Err(e) if e.kind() == ErrorKind::SnapshotNotFound && attempt.number > 1 => {
                            Ok(())
                        }
                        decided => decided,
                    },
                }
            }
        })
        .await
    }
}

#[derive(Debug, Clone, Copy)]
enum Verb {
    Restore,
    Delete,
}

pub(super) fn capability(hypervisor: &dyn Hypervisor) -> Result<&dyn Snapshots, Error> {
    offered(hypervisor, hypervisor.snapshots(), "has no snapshots")
}

/// Returns the snapshot on which a VM stands.
pub(super) fn current(vm: &Vm) -> Result<SnapshotId, Error> {
    vm.snapshots.current().map(|snapshot| snapshot.id.clone()).ok_or_else(|| {
        let message = format!("`{}` has no snapshot", vm.name);
        Error::new(ErrorKind::SnapshotNotFound, message)
            .about(&vm.name)
            .hint(format!("take one: `vm-cli snapshot take {} clean`", typed(&vm.name)))
    })
}

/// Returns the one snapshot that a name or UUID means.
pub(super) fn find(vm: &Vm, snapshot: &SnapshotName) -> Result<SnapshotId, Error> {
    let list = format!("run `vm-cli snapshot list {}`", typed(&vm.name));
    let found = vm.snapshots.find(snapshot.as_str());
    match found.as_slice() {
        [one] => Ok(one.id.clone()),
        [] => {
            let message = format!("`{}` has no snapshot `{snapshot}`", vm.name);
            let names = vm.snapshots.nodes().iter().map(|n| n.name.as_str());
            let hint = super::naming::nearest(snapshot.as_str(), names)
                .map_or(list, |near| format!("did you mean `{near}`?"));
            Err(Error::new(ErrorKind::SnapshotNotFound, message).about(&vm.name).hint(hint))
        }
        several => {
            let message =
                format!("`{}` has {} snapshots named `{snapshot}`", vm.name, several.len());
            Err(Error::new(ErrorKind::Ambiguous, message)
                .about(&vm.name)
                .hint(format!("name one by its UUID: {list}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::error::ErrorKind;
    use crate::model::{
        GuestAdditions, Mebibytes, PointerRoute, Snapshot, SnapshotId, SnapshotTree, Vm, VmId,
        VmState,
    };

    fn vm(names: &[&str]) -> Vm {
        let node = |(place, name): (usize, &&str)| Snapshot {
            id: SnapshotId(format!("id-{place}")),
            name: (*name).to_owned(),
            description: String::new(),
            parent: place.checked_sub(1),
        };
        Vm {
            name: "web".into(),
            id: VmId::from_random(1),
            state: VmState::PoweredOff,
            state_since: None,
            os: String::new(),
            cpus: 1,
            memory: Mebibytes(64),
            firmware: "bios".into(),
            graphics: "vmsvga".into(),
            execution_engine: None,
            groups: Vec::new(),
            description: String::new(),
            adapters: Vec::new(),
            disks: Vec::new(),
            remote_display_port: None,
            guest_additions: GuestAdditions::default(),
            guest: None,
            pointer: PointerRoute::default(),
            snapshots: SnapshotTree::new(names.iter().enumerate().map(node).collect(), None),
            settings_file: None,
            log_folder: None,
        }
    }

    #[test]
    fn a_name_that_two_snapshots_bear_is_refused_and_a_uuid_decides() {
        let vm = vm(&["clean", "work", "work"]);
        assert_eq!(find(&vm, &"clean".parse().unwrap()).unwrap().0, "id-0");
        let error = find(&vm, &"work".parse().unwrap()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Ambiguous);
        assert_eq!(find(&vm, &"id-2".parse().unwrap()).unwrap().0, "id-2");
    }

    #[test]
    fn a_near_miss_is_suggested() {
        let error = find(&vm(&["clean-state"]), &"clean-stat".parse().unwrap()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::SnapshotNotFound);
        assert_eq!(error.next_step(), Some("did you mean `clean-state`?"));
    }
}
