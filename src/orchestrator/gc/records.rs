//! Records and files that belong to nothing any more.

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use super::super::VmOrchestrator;
use crate::error::{self, Error};
use crate::model::{VmId, VmSummary};
use crate::request::{Leftover, Repair, Repaired};
use crate::store::{KnownTemplate, KnownVm, Lease, Owner, TaskRecord};

/// Nothing that is meant to live for a moment is older than this.
const MOMENT: Duration = Duration::from_hours(1);

/// What is noted of VMs.
#[derive(Debug)]
pub(super) struct Noted {
    pub(super) vms: Vec<KnownVm>,
    leases: Vec<Lease>,
    screens: Vec<VmId>,
    pub(super) templates: Vec<KnownTemplate>,
}

impl Noted {
    /// Returns the VMs that are there or that somebody cares for.
    fn alive(&self, listed: &[VmSummary]) -> HashSet<VmId> {
        let known = self.vms.iter().map(|known| known.id);
        known.chain(listed.iter().map(|vm| vm.id)).collect()
    }
}

impl VmOrchestrator {
    /// Reads what is noted: leases and pictures before the VMs to which they belong.
    pub(super) fn noted(&self) -> Result<Noted, Error> {
        let store = self.store()?;
        let (leases, screens) = (store.leases().list_here()?, store.screens().vms_here()?);
        let templates = store.templates().list()?;
        Ok(Noted { vms: store.vms().list()?, leases, screens, templates })
    }

    /// Ends the tasks whose process is gone.
    pub(super) fn mend_tasks(&self) -> Result<Vec<Repair>, Error> {
        let tasks = self.store()?.tasks();
        let abandoned = if self.rehearses() {
            let mut open = tasks.open()?;
            open.retain(|task| !task.owner.is_alive());
            open
        } else {
            tasks.end_abandoned(self.now(), Owner::is_alive)?
        };
        let repair = |task: TaskRecord| {
            let of = task.vm.map(|vm| format!(" of {vm}")).unwrap_or_default();
            let place = format!("{}{of} ({})", task.task_type, task.id);
            self.recorded(Leftover::AbandonedTask, place, "mark as failed", Ok(()))
        };
        Ok(abandoned.into_iter().map(repair).collect())
    }

    /// Gives back the ports and forgets the pictures of VMs that are neither listed nor known.
    /// Those of VMs that were known went with what was noted of them.
    pub(super) fn mend_records(
        &self,
        noted: &Noted,
        listed: &[VmSummary],
    ) -> Result<Vec<Repair>, Error> {
        let store = self.store()?;
        let alive = noted.alive(listed);
        let mut repairs = Vec::new();
        for lease in noted.leases.iter().filter(|lease| !alive.contains(&lease.vm)) {
            let place = format!("port {} of {} ({})", lease.port, lease.vm, lease.rule);
            let released = || store.leases().release(lease.vm, &lease.rule);
            let outcome = if self.rehearses() { Ok(()) } else { released() };
            repairs.push(self.recorded(Leftover::StaleLease, place, "release", outcome));
        }
        for vm in noted.screens.iter().filter(|vm| !alive.contains(vm)) {
            let outcome = if self.rehearses() { Ok(()) } else { store.screens().forget(*vm) };
            repairs.push(self.recorded(Leftover::StaleScreen, vm.to_string(), "forget", outcome));
        }
        Ok(repairs)
    }

    /// Removes files of ours that were meant to live for a moment.
    pub(super) fn mend_scratch(&self) -> Vec<Repair> {
        let repair = |file: PathBuf| {
            let removed = if self.rehearses() { Ok(()) } else { fs::remove_file(&file) };
            let removed = removed.map_err(|e| error::io(format!("remove `{}`", file.display()), e));
            let place = file.display().to_string();
            self.recorded(Leftover::OldScratchFile, place, "remove", removed)
        };
        self.old_scratch_files().into_iter().map(repair).collect()
    }

    fn old_scratch_files(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(self.folders().state().join("scratch")) else {
            return Vec::new();
        };
        let is_old = |entry: &fs::DirEntry| {
            let facts = entry.metadata().ok().filter(fs::Metadata::is_file);
            let changed = facts.and_then(|facts| facts.modified().ok());
            let age = changed.and_then(|changed| self.now().duration_since(changed).ok());
            age.is_some_and(|age| MOMENT < age)
        };
        entries.flatten().filter(is_old).map(|entry| entry.path()).collect()
    }

    fn recorded(
        &self,
        what: Leftover,
        place: String,
        action: &'static str,
        done: Result<(), Error>,
    ) -> Repair {
        let outcome = match done {
            Err(e) => Repaired::Failed(e.to_string()),
            Ok(()) if self.rehearses() => Repaired::Planned,
            Ok(()) => Repaired::Done,
        };
        Repair { what, place, action, outcome }
    }
}
