//! VMs whose creation or deletion ended in the middle.

use super::super::VmOrchestrator;
use super::super::tasks::Work;
use super::task_type;
use crate::error::Error;
use crate::hypervisor::Remains;
use crate::model::{Phase, VmId, VmRef, VmSummary};
use crate::request::{Leftover, Repair};
use crate::store::locks::{Holder, LockFolder, LockGuard, LockKey, LockMode};
use crate::store::{KnownVm, VmPhase};

/// What is done about a VM that is not finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cure {
    /// What is there of it goes.
    Remove,
    /// It stays: it is in use, or it is not the one that was noted.
    Keep,
    /// It was not made here and is gone: only the note goes.
    Forget,
}

impl Cure {
    fn action(self) -> &'static str {
        match self {
            Self::Remove => "remove",
            Self::Keep => "keep",
            Self::Forget => "forget",
        }
    }
}

impl VmOrchestrator {
    /// Removes VMs that are half made or half deleted, unless somebody works on them.
    pub(super) async fn mend_unfinished(
        &self,
        noted: &[KnownVm],
        listed: &[VmSummary],
    ) -> Result<Vec<Repair>, Error> {
        let mut repairs = Vec::new();
        for known in noted {
            let what = match known.phase {
                VmPhase::Creating => Leftover::HalfMadeVm,
                VmPhase::Deleting => Leftover::HalfDeletedVm,
                VmPhase::Made => continue,
            };
            if known.owner.is_some_and(|owner| owner.is_alive()) {
                continue;
            }
            // Held until the repair is done.
            let Some(_alone) = self.lock_alone(known)? else { continue };
            let cure = match cure(known, listed.iter().find(|it| it.id == known.id)) {
                // Its disks are theirs too. Who asked for its deletion is told so when asking again.
                Cure::Remove if self.is_needed(known.id).await => Cure::Keep,
                decided @ (Cure::Remove | Cure::Keep | Cure::Forget) => decided,
            };
            let place = format!("{} ({})", known.name, known.id);
            let carry_out = async || self.carry_out_cure(known, cure).await;
            repairs.push(self.repair(what, place, cure.action(), carry_out).await);
        }
        Ok(repairs)
    }

    /// Returns the VMs of these names that a crash left half made or half deleted, and that a
    /// repair would remove.
    pub(in crate::orchestrator) fn left_unfinished(
        &self,
        is_meant: impl Fn(&str) -> bool,
        listed: &[VmSummary],
    ) -> Result<Vec<KnownVm>, Error> {
        // A rehearsal, and a look, make no store where there is none.
        if !self.folders().store_file().exists() {
            return Ok(Vec::new());
        }
        let mut unfinished = self.store()?.vms().list_unfinished()?;
        unfinished.retain(|known| {
            is_meant(&known.name)
                && !known.owner.is_some_and(|owner| owner.is_alive())
                && cure(known, listed.iter().find(|it| it.id == known.id)) == Cure::Remove
        });
        Ok(unfinished)
    }

    /// Returns whether linked clones stand on a VM.
    async fn is_needed(&self, id: VmId) -> bool {
        match self.hypervisor().cloning() {
            Some(cloning) => !cloning.dependants(&VmRef::from(id)).await.is_empty(),
            None => false,
        }
    }

    async fn carry_out_cure(&self, known: &KnownVm, cure: Cure) -> Result<(), Error> {
        let vms = self.store()?.vms();
        match (cure, known.phase) {
            (Cure::Keep, VmPhase::Creating) => return vms.finish_create(known.id, self.now()),
            (Cure::Keep, VmPhase::Deleting | VmPhase::Made) => {
                return vms.cancel_delete(known.id, self.now());
            }
            (Cure::Forget, _) => {}
            (Cure::Remove, _) => {
                let remains = Remains {
                    id: known.id,
                    name: known.name.clone(),
                    folder: known.folder.clone(),
                    group: known.group.clone(),
                    image: match known.phase {
                        VmPhase::Creating => self.image_in_use(known.id),
                        VmPhase::Deleting | VmPhase::Made => None,
                    },
                };
                self.run(Work::on_all(task_type()), move |hypervisor, _| {
                    let remains = remains.clone();
                    async move { hypervisor.remove_remains(&remains).await }
                })
                .await?;
            }
        }
        vms.forget(known.id)?;
        self.forget_installation(known.id);
        Ok(())
    }

    /// Takes the locks of a VM and of its name; `None` if somebody else has one.
    fn lock_alone(&self, known: &KnownVm) -> Result<Option<[LockGuard; 2]>, Error> {
        let locks = LockFolder::new(self.folders().locks());
        let holder = Holder {
            pid: std::process::id(),
            command: self.parts.setup.command_line.clone(),
            since: self.now(),
        };
        let alone = |key| locks.try_lock(&key, LockMode::Exclusive, &holder);
        let Some(name) = alone(LockKey::Name(known.name.clone()))? else { return Ok(None) };
        let Some(vm) = alone(LockKey::Vm(known.id))? else { return Ok(None) };
        Ok(Some([name, vm]))
    }
}

/// Decides what is done, by what is listed of it.
fn cure(known: &KnownVm, listed: Option<&VmSummary>) -> Cure {
    let is_ours = known.created_at.is_some();
    let Some(vm) = listed else {
        return if is_ours { Cure::Remove } else { Cure::Forget };
    };
    let is_in_use = match vm.state.phase() {
        Phase::Live | Phase::Changing => true,
        Phase::Offline | Phase::Broken => false,
    };
    // VirtualBox names a VM that it cannot read by a word of its own.
    let is_renamed = vm.name != known.name && vm.state.phase() != Phase::Broken;
    if !is_ours || is_in_use || is_renamed { Cure::Keep } else { Cure::Remove }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::{Cure, cure};
    use crate::model::{VmId, VmState, VmSummary};
    use crate::store::{KnownVm, VmPhase};

    fn known(phase: VmPhase) -> KnownVm {
        KnownVm {
            id: VmId::from_random(1),
            name: "web".into(),
            folder: None,
            phase,
            phase_since: UNIX_EPOCH,
            created_at: Some(UNIX_EPOCH),
            group: None,
            owner: None,
        }
    }

    fn listed(name: &str, state: VmState) -> VmSummary {
        let id = VmId::from_random(1);
        let groups = Vec::new();
        VmSummary { name: name.into(), id, state, os_type: None, cpus: None, memory: None, groups }
    }

    #[test]
    fn what_is_off_goes_and_what_is_in_use_stays() {
        for phase in [VmPhase::Creating, VmPhase::Deleting] {
            let known = known(phase);
            assert_eq!(cure(&known, None), Cure::Remove);
            assert_eq!(cure(&known, Some(&listed("web", VmState::PoweredOff))), Cure::Remove);
            assert_eq!(cure(&known, Some(&listed("web", VmState::Running))), Cure::Keep);
            assert_eq!(cure(&known, Some(&listed("web", VmState::Saving))), Cure::Keep);
            let unreadable = listed("<inaccessible>", VmState::Inaccessible);
            assert_eq!(cure(&known, Some(&unreadable)), Cure::Remove);
        }
    }

    #[test]
    fn what_was_renamed_or_made_elsewhere_is_not_touched() {
        let renamed = listed("web2", VmState::PoweredOff);
        assert_eq!(cure(&known(VmPhase::Deleting), Some(&renamed)), Cure::Keep);
        let theirs = KnownVm { created_at: None, ..known(VmPhase::Deleting) };
        assert_eq!(cure(&theirs, Some(&listed("web", VmState::PoweredOff))), Cure::Keep);
        assert_eq!(cure(&theirs, None), Cure::Forget);
    }
}
