//! What the journal of tasks knows of a VM: other processes write it too.

use std::cmp::Reverse;
use std::time::SystemTime;

use super::guard::Named;
use crate::model::VmTaskType;
use crate::orchestrator::VmOrchestrator;
use crate::store::{TaskFilter, TaskRecord};

impl VmOrchestrator {
    /// Returns when a VM was brought back since this time: a watch that is started again and again
    /// must not begin to count anew.
    pub(super) fn recoveries_of(&self, vm: &Named, since: Option<SystemTime>) -> Vec<SystemTime> {
        let tasks = self.tasks_of(vm, since).into_iter();
        tasks.filter(|it| it.task_type == VmTaskType::Recover).map(|it| it.queued_at).collect()
    }

    /// Returns whether the last thing that vm-cli did to a VM was to stop it, so lately that its
    /// guest may still be on its way: it answers nothing any more, and runs.
    pub(super) fn is_going_off(&self, vm: &Named) -> bool {
        let since = self.now().checked_sub(self.settings().timeouts.stop);
        // The newest come first.
        let last = self.tasks_of(vm, since).into_iter().find(|it| it.task_type.changes());
        last.is_some_and(|it| it.task_type == VmTaskType::Stop)
    }

    /// Reads the tasks of a VM, the newest first: people name it by its name or its identity. A
    /// journal that cannot be read knows nothing.
    fn tasks_of(&self, vm: &Named, since: Option<SystemTime>) -> Vec<TaskRecord> {
        if self.rehearses() {
            return Vec::new();
        }
        let mut found = Vec::new();
        for named in [vm.name.clone(), vm.id.to_string()] {
            let filter = TaskFilter { vm: Some(named), since, ..TaskFilter::default() };
            match self.store().and_then(|store| store.tasks().list(&filter)) {
                Ok(tasks) => found.extend(tasks),
                Err(e) => tracing::warn!("what was done to `{}` cannot be read: {e}", vm.name),
            }
        }
        found.sort_by_key(|task| Reverse(task.queued_at));
        found
    }
}
