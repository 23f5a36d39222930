//! Mending what a crash left. Only what was made here is touched; a second run finds nothing.
//!
//! What is noted is read before what there is: a VM that is made meanwhile is then never taken
//! for one that is gone.

mod records;
mod templates;
mod unfinished;
mod vanished;

use std::sync::Arc;

use super::VmOrchestrator;
use super::tasks::Work;
use crate::error::{Error, ErrorKind};
use crate::model::{VmId, VmRef, VmSummary, VmTaskType};
use crate::request::{Leftover, Repair, Repaired};
use crate::store::KnownVm;

/// Whether there was something to mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mended {
    Something,
    Nothing,
}

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

    /// Removes what a crash left of half-made and half-deleted VMs of these names, before they are
    /// taken for whole ones. Returns whether there was any.
    pub(super) async fn mend_named(
        &self,
        is_meant: impl Fn(&str) -> bool,
        listed: &[VmSummary],
    ) -> Result<Mended, Error> {
        let vms = self.left_unfinished(is_meant, listed)?;
        if vms.is_empty() {
            return Ok(Mended::Nothing);
        }
        let line = self.begin_audit_of("gc", None);
        let mended = self.mend_unfinished(&vms, listed).await.and_then(|repairs| {
            let failed = repairs.into_iter().find_map(|it| match it.outcome {
                Repaired::Failed(why) => {
                    Some(format!("cannot remove the rest of {}: {why}", it.place))
                }
                Repaired::Done | Repaired::Planned => None,
            });
            failed.map_or(Ok(Mended::Something), |why| {
                Err(Error::new(ErrorKind::OutcomeUnknown, why).hint("run `vm-cli gc`"))
            })
        });
        self.end_audit(line, mended.as_ref().err());
        mended
    }

    /// Lists the VMs, none of those missing that are known here.
    pub(super) async fn list_known(&self) -> Result<Vec<VmSummary>, Error> {
        // A rehearsal, and a look, make no store where there is none.
        let known = if self.folders().store_file().exists() {
            self.store()?.vms().list()?
        } else {
            Vec::new()
        };
        self.list_whole(&known).await
    }

    async fn mend(&self) -> Result<Vec<Repair>, Error> {
        let mut repairs = self.mend_tasks()?;
        repairs.extend(self.mend_scratch());
        if let Some(setting) = self.hypervisor().borrowed() {
            let put_back = async || self.hypervisor().put_back().await;
            let what = Leftover::BorrowedSetting;
            repairs.push(self.repair(what, setting, "put back", put_back).await);
        }
        let noted = self.noted()?;
        let listed = self.list_whole(&noted.vms).await?;
        repairs.extend(self.mend_unfinished(&noted.vms, &listed).await?);
        repairs.extend(self.mend_templates(&noted, &listed).await?);
        repairs.extend(self.mend_vanished(&noted, &listed).await?);
        repairs.extend(self.mend_records(&noted, &listed)?);
        Ok(repairs)
    }

    /// Lists the VMs. A list that lacks one that is known and registered is no list to tell by who
    /// is gone: it is asked for again.
    async fn list_whole(&self, noted: &[KnownVm]) -> Result<Vec<VmSummary>, Error> {
        let known: Arc<[VmId]> = noted.iter().map(|known| known.id).collect();
        self.run(Work::on_all(VmTaskType::List), move |hypervisor, _| {
            let known = Arc::clone(&known);
            async move {
                let listed = hypervisor.list().await?;
                let missing = known.iter().filter(|id| listed.iter().all(|vm| vm.id != **id));
                for id in missing {
                    let vm = VmRef::from(*id);
                    if hypervisor.look_up(&vm).await?.is_some() {
                        let message = format!("`{vm}` is registered, and not in the list of VMs");
                        return Err(Error::new(ErrorKind::NotReady, message)
                            .hint("try again; `vm-cli setup` checks the hypervisor"));
                    }
                }
                Ok(listed)
            }
        })
        .await
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
