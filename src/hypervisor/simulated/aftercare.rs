//! What the simulator has for VMs that came to harm.

use async_trait::async_trait;

use super::driver::SimulatedHypervisor;
use super::fault::Operation;
use super::machine::Machine;
use crate::error::Error;
use crate::hypervisor::{Aftercare, Heartbeat, Sessions, Traces};
use crate::model::{HypervisorKind, Phase, Vm, VmRef, VmState};

/// The run level at which a simulated guest's heart begins to beat.
const ALIVE: u32 = 2;

#[async_trait]
impl Sessions for SimulatedHypervisor {
    async fn holder(&self, vm: &VmRef) -> Result<Option<String>, Error> {
        let vm = vm.clone();
        let state =
            self.look(Operation::Inspect, move |world, _| Ok(world.find(&vm)?.power.state()));
        let state = state.await?;
        let is_held = state.phase() == Phase::Live || state == VmState::Stuck;
        Ok(is_held.then(|| HypervisorKind::Simulated.to_string()))
    }

    async fn clear(&self, vm: &VmRef) -> Result<(), Error> {
        let act = |machine: &mut Machine, now| {
            machine.end_process(now);
            Ok(())
        };
        self.change(Operation::Unlock, vm, "", act).await
    }
}

#[async_trait]
impl Aftercare for SimulatedHypervisor {
    async fn traces(&self, vm: &Vm) -> Traces {
        let Ok(mut world) = self.world_now() else { return Traces::default() };
        let Ok(machine) = world.find(&VmRef::from(vm.id)) else { return Traces::default() };
        let clues = machine.power.clue().into_iter().collect();
        Traces { clues, last_lines: Vec::new() }
    }

    async fn resets(&self, _vm: &Vm) -> usize {
        0
    }

    async fn heartbeat(&self, vm: &Vm) -> Heartbeat {
        let beats = vm.state == VmState::Running && ALIVE <= vm.guest_additions.run_level;
        if beats { Heartbeat::Beats } else { Heartbeat::None }
    }

    async fn discard_saved_state(&self, vm: &VmRef) -> Result<(), Error> {
        self.change(Operation::Discard, vm, "", Machine::discard).await
    }
}
