//! Several VMs as a file says: what is there, what is missing, and the steps between.

mod observe;
mod perform;
mod pursue;
mod waiting;

use super::VmOrchestrator;
use crate::error::Error;
use crate::fleet::{self, Fleet, Plan, Problems, Standing, Takedown};
use observe::Purpose;

impl VmOrchestrator {
    /// Looks what is there, and plans what brings some VMs of a fleet up.
    pub async fn plan_up(&self, fleet: &Fleet, chosen: &[usize]) -> Result<Plan, Error> {
        let world = self.world(fleet, chosen, Purpose::Work).await?;
        let plan = fleet::up(fleet, chosen, &world)
            .map_err(|all| Problems::from(all).impossible(fleet.file()))?;
        for template in plan.steps().filter_map(|(_, step)| step.template()) {
            // Told before anything is made.
            self.named_template(template)?;
        }
        Ok(plan)
    }

    /// Looks what is there, and plans what takes some VMs of a fleet down.
    pub async fn plan_down(
        &self,
        fleet: &Fleet,
        chosen: &[usize],
        takedown: Takedown,
    ) -> Result<Plan, Error> {
        let world = self.world(fleet, chosen, Purpose::Work).await?;
        Ok(fleet::down(fleet, chosen, &world, takedown))
    }

    /// Tells how some VMs of a fleet stand, in the order of the file.
    pub async fn standings(&self, fleet: &Fleet, chosen: &[usize]) -> Result<Vec<Standing>, Error> {
        let world = self.world(fleet, chosen, Purpose::Tell).await?;
        let plan = fleet::up(fleet, chosen, &world)
            .map_err(|all| Problems::from(all).impossible(fleet.file()))?;
        let mut vms = plan.vms;
        vms.sort_by_key(|vm| vm.member);
        let standing = |vm: fleet::PlannedVm| Standing {
            vm: vm.vm,
            entry: vm.entry,
            state: vm.found,
            forwards: vm.forwards,
            missing: vm.steps,
            drift: vm.drift,
        };
        Ok(vms.into_iter().map(standing).collect())
    }
}
