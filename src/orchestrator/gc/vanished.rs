//! VMs that were made here and removed by another program, or whose settings were.

use super::super::VmOrchestrator;
use super::super::tasks::Work;
use super::records::Noted;
use super::task_type;
use crate::error::Error;
use crate::hypervisor::Dropped;
use crate::model::{VmState, VmSummary};
use crate::request::{Leftover, Repair, Repaired};
use crate::store::{KnownVm, VmPhase};

impl VmOrchestrator {
    /// Forgets VMs that are not listed any more, and takes those out of the register whose settings
    /// are gone. What is left of their disks stays: the other program may have meant that.
    pub(super) async fn mend_vanished(
        &self,
        noted: &Noted,
        listed: &[VmSummary],
    ) -> Result<Vec<Repair>, Error> {
        let mut repairs = Vec::new();
        for known in noted.vms.iter().filter(|known| known.phase == VmPhase::Made) {
            let place = format!("{} ({})", known.name, known.id);
            match listed.iter().find(|vm| vm.id == known.id) {
                None => {
                    let forget = async || {
                        self.store()?.vms().forget(known.id)?;
                        self.forget_installation(known.id);
                        Ok(())
                    };
                    let what = Leftover::VanishedVm;
                    repairs.push(self.repair(what, place, "forget", forget).await);
                }
                Some(vm) if vm.state == VmState::Inaccessible => {
                    repairs.extend(self.drop_inaccessible(known, place).await);
                }
                Some(_) => {}
            }
        }
        Ok(repairs)
    }

    /// Takes an unreadable VM out of the register, if its settings are gone.
    async fn drop_inaccessible(&self, known: &KnownVm, place: String) -> Option<Repair> {
        let id = known.id;
        let dropped = self
            .run(Work::on_all(task_type()), move |hypervisor, _| async move {
                hypervisor.drop_inaccessible(id).await
            })
            .await;
        let outcome = match dropped {
            Ok(Dropped::Kept) => return None,
            Ok(Dropped::Gone) if self.rehearses() => Repaired::Planned,
            Ok(Dropped::Gone) => {
                self.forget(id);
                Repaired::Done
            }
            Err(e) => Repaired::Failed(e.to_string()),
        };
        Some(Repair { what: Leftover::InaccessibleVm, place, action: "unregister", outcome })
    }
}
