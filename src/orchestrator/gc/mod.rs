//! Mending what a crash left. Only what was made here is touched; a second run finds nothing.
//!
//! What is noted is read before what there is: a VM that is made meanwhile is then never taken
//! for one that is gone.

mod records;
mod unfinished;
mod vanished;

use super::VmOrchestrator;
use crate::error::Error;
use crate::model::VmTaskType;
use crate::request::{Leftover, Repair, Repaired};

impl VmOrchestrator {
    /// Finds and mends what a crash left: half-made and half-deleted VMs, what is noted of VMs that
    /// are gone, tasks without a process. A rehearsal only finds.
    pub async fn gc(&self) -> Result<Vec<Repair>, Error> {
        let line = self.begin_audit_of("gc", None);
        let result = self.mend().await;
        self.end_audit(line, result.as_ref().err());
        // The repairs themselves tell what a rehearsal would do.
        self.parts.ledger.take();
        result
    }

    async fn mend(&self) -> Result<Vec<Repair>, Error> {
        let mut repairs = self.mend_tasks()?;
        repairs.extend(self.mend_scratch());
        let noted = self.noted()?;
        let listed = self.list().await?;
        repairs.extend(self.mend_unfinished(&noted, &listed).await?);
        repairs.extend(self.mend_vanished(&noted, &listed).await?);
        repairs.extend(self.mend_records(&noted, &listed)?);
        Ok(repairs)
    }

    /// Does a repair, unless this is a rehearsal, and tells of it.
    async fn repair(
        &self,
        what: Leftover,
        place: String,
        action: &'static str,
        work: impl AsyncFnOnce() -> Result<(), Error>,
    ) -> Repair {
        let outcome = if self.rehearses() {
            Repaired::Planned
        } else {
            match work().await {
                Ok(()) => Repaired::Done,
                Err(e) => Repaired::Failed(e.to_string()),
            }
        };
        Repair { what, place, action, outcome }
    }
}

/// The type of the tasks that mend.
fn task_type() -> VmTaskType {
    VmTaskType::Custom("gc".to_owned())
}
