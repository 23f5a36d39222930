//! The end of an installation: its discs go, its answers go, the snapshot stays.

use super::{CLEAN, Unfinished};
use crate::error::Error;
use crate::hypervisor::offered;
use crate::model::{VmId, VmRef, VmTaskType};
use crate::orchestrator::VmOrchestrator;
use crate::orchestrator::tasks::Work;

impl VmOrchestrator {
    /// Takes the discs out, removes the answers, and takes the snapshot. Done twice, it does no
    /// harm.
    pub(super) async fn put_away(
        &self,
        vm: &VmRef,
        id: VmId,
        unfinished: &Unfinished,
    ) -> Result<(), Error> {
        for slot in &unfinished.slots {
            let (target, slot) = (vm.clone(), slot.clone());
            self.run(Work::on(vm, VmTaskType::Install), move |hypervisor, _| {
                let (vm, slot) = (target.clone(), slot.clone());
                async move {
                    let hypervisor = hypervisor.as_ref();
                    let lacks = "does not change the discs of its VMs";
                    offered(hypervisor, hypervisor.discs(), lacks)?.eject(&vm, &slot).await
                }
            })
            .await?;
        }
        self.clean_unattended(vm).await?;
        if !self.has_clean(vm).await? {
            let text = format!("{}, as it was installed", unfinished.system);
            self.take(vm, CLEAN.parse()?, text).await?;
        }
        if self.rehearses() {
            return Ok(());
        }
        self.install_folder(id).conclude(unfinished.password)
    }

    /// Removes what the hypervisor's own installation wrote, if it was that.
    async fn clean_unattended(&self, vm: &VmRef) -> Result<(), Error> {
        let target = vm.clone();
        self.run(Work::on(vm, VmTaskType::Install), move |hypervisor, _| {
            let vm = target.clone();
            async move {
                match hypervisor.unattended() {
                    Some(unattended) => unattended.clean(&vm).await,
                    None => Ok(()),
                }
            }
        })
        .await
    }

    async fn has_clean(&self, vm: &VmRef) -> Result<bool, Error> {
        if self.rehearses() {
            return Ok(false);
        }
        Ok(!self.inspect(vm).await?.snapshots.find(CLEAN).is_empty())
    }
}
