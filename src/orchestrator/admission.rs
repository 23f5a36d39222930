//! A place on the host for a VM that is to be started, decided among all processes.
//!
//! Under one lock a process looks who runs and whose start is under way, decides, and writes down
//! that it starts one too. What is written is read before it is looked who runs: so a start that
//! ends in between is seen either here or there.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use super::VmOrchestrator;
use super::limits::{self, Load};
use crate::error::{Error, ErrorKind};
use crate::hypervisor::{Occupancy, Thoroughness};
use crate::metrics;
use crate::model::{Mebibytes, VmId, VmRef};
use crate::request::WhenFull;
use crate::store::locks::{Holder, LockFolder, LockKey, LockMode};
use crate::store::{Owner, Place};

/// The first and the longest pause between two looks for a place.
const PAUSES: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(2));

/// A VM that may be started. Its place is kept until this is dropped.
#[derive(Debug)]
pub(super) struct Admitted {
    /// The VM, if it is known.
    pub(super) id: Option<VmId>,
    /// Whether it runs already, or is just going off.
    pub(super) runs: bool,
    kept: Option<(VmOrchestrator, Place)>,
}

impl Drop for Admitted {
    fn drop(&mut self) {
        let Some((orchestrator, place)) = self.kept.take() else { return };
        if let Err(e) = orchestrator.store().and_then(|store| store.places().give_back(&place)) {
            // It is given back by whoever looks next once this process has ended.
            tracing::warn!("the place of {} could not be given back: {e}", place.vm);
        }
    }
}

impl VmOrchestrator {
    /// Finds a place for a VM, or waits for one.
    pub(super) async fn admit(&self, vm: &VmRef, when_full: WhenFull) -> Result<Admitted, Error> {
        if self.rehearses() {
            return Ok(Admitted { id: None, runs: false, kept: None });
        }
        let begun = Instant::now();
        let (mut pause, longest) = PAUSES;
        loop {
            let refused = match self.try_admit(vm).await {
                Err(e) if e.kind() == ErrorKind::LimitExceeded => e,
                decided => return decided,
            };
            let left = match when_full {
                WhenFull::Refuse => return Err(refused),
                WhenFull::Wait(None) => longest,
                WhenFull::Wait(Some(patience)) => patience.saturating_sub(begun.elapsed()),
            };
            if left.is_zero() {
                let waited = begun.elapsed().as_secs();
                let message = format!("waited {waited} s for a place: {refused}");
                return Err(Error::new(ErrorKind::TimedOut, message).about(vm));
            }
            tokio::select! {
                () = tokio::time::sleep(pause.min(left)) => {}
                () = self.canceled() => {
                    return Err(Error::new(ErrorKind::Canceled, "canceled").about(vm));
                }
            }
            pause = (pause * 2).min(longest);
        }
    }

    async fn try_admit(&self, vm: &VmRef) -> Result<Admitted, Error> {
        let holder = Holder {
            pid: std::process::id(),
            command: self.parts.setup.command_line.clone(),
            since: self.now(),
        };
        let deadline = tokio::time::Instant::now() + self.settings().timeouts.start;
        let locks = LockFolder::new(self.folders().locks());
        let _alone =
            locks.lock(&LockKey::Places, LockMode::Exclusive, &holder, deadline, |_| {}).await?;
        let store = self.store()?;
        let kept = store.places().kept()?;
        let mut found = self.hypervisor().occupancy(vm, Thoroughness::Quick).await?;
        let Some(asked) = found.asked.clone() else {
            // The start itself says what is wrong with the name.
            return Ok(Admitted { id: None, runs: false, kept: None });
        };
        let id = Some(asked.id);
        if found.running.contains(&asked.id) {
            return Ok(Admitted { id, runs: true, kept: None });
        }
        if self.keeps_limits() {
            let limit = self.settings().resource_limits.max_concurrent_vms;
            let full = |others| usize::try_from(limit).unwrap_or(usize::MAX) <= others;
            let mut others = others(&found, &kept, asked.id);
            if full(others) {
                found = self.hypervisor().occupancy(vm, Thoroughness::Sure).await?;
                others = self::others(&found, &kept, asked.id);
            }
            let soon = kept.iter().filter(|place| place.vm != asked.id).map(|place| place.memory.0);
            let wanted = soon.sum::<u64>() + asked.memory.map_or(0, |memory| memory.0);
            let mut load = Load { others, wanted: Mebibytes(wanted), ..Load::default() };
            if !self.simulates() && !full(others) {
                let limit = self.settings().resource_limits.max_cpu_usage_percent;
                load.memory = metrics::memory();
                load.cpu = metrics::cpu_above(limit).await;
            }
            limits::check(vm.as_str(), &self.settings().resource_limits, &load)?;
        }
        let memory = asked.memory.unwrap_or(Mebibytes(0));
        let place = Place { vm: asked.id, memory, owner: self.owner() };
        store.places().keep(&place)?;
        Ok(Admitted { id, runs: false, kept: Some((self.clone(), place)) })
    }

    /// Returns this process, as others can recognise it.
    fn owner(&self) -> Owner {
        let pid = std::process::id();
        Owner::of_process(pid).unwrap_or(Owner { pid, started: self.now() })
    }
}

/// Counts the VMs beside this one that run or are about to.
fn others(found: &Occupancy, kept: &[Place], vm: VmId) -> usize {
    let all: HashSet<VmId> =
        found.running.iter().copied().chain(kept.iter().map(|place| place.vm)).collect();
    all.iter().filter(|id| **id != vm).count()
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::others;
    use crate::hypervisor::Occupancy;
    use crate::model::{Mebibytes, VmId};
    use crate::store::{Owner, Place};

    #[test]
    fn a_vm_that_runs_and_is_being_started_counts_once_and_the_own_one_not_at_all() {
        let id = VmId::from_random;
        let owner = Owner { pid: 1, started: UNIX_EPOCH };
        let kept = [2, 3].map(|n| Place { vm: id(n), memory: Mebibytes(1), owner });
        let found = Occupancy { running: vec![id(1), id(2)], asked: None };
        assert_eq!(others(&found, &kept, id(9)), 3);
        assert_eq!(others(&found, &kept, id(3)), 2);
    }
}
