use super::fault::Fault;
use super::machine::Machine;
use super::moment::Moment;
use super::power::Power;
use crate::error::{Error, ErrorKind};
use crate::hypervisor::kept::{check_discs, check_forward, not_found, taken};
use crate::model::{VmConfiguration, VmId, VmRef};

/// The largest and smallest memory that VirtualBox gives a VM, in MiB.
const MEMORY_MIB: std::ops::RangeInclusive<u64> = 4..=2_097_152;
/// How many virtual CPUs VirtualBox gives a VM.
const CPUS: std::ops::RangeInclusive<u32> = 1..=64;

/// Everything that the simulator keeps.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct World {
    /// The VMs, in the order in which they were made.
    pub(super) machines: Vec<Machine>,
    /// Failures to come, from the state file.
    pub(super) faults: Vec<Fault>,
}

impl World {
    /// Lets time pass for every VM.
    pub(super) fn settle(&mut self, now: Moment) {
        for machine in &mut self.machines {
            machine.power.settle(now);
        }
    }

    /// Finds a VM by its identity or its name.
    pub(super) fn find(&mut self, vm: &VmRef) -> Result<&mut Machine, Error> {
        let place = self.place(vm)?;
        self.machines.get_mut(place).ok_or_else(|| not_found(vm))
    }

    /// Returns the name of a VM, or what it was called if there is none.
    pub(super) fn name_of(&self, vm: &VmRef) -> String {
        let machine = self.place(vm).ok().and_then(|place| self.machines.get(place));
        machine.map_or_else(|| vm.to_string(), |machine| machine.settings.name.to_string())
    }

    /// Returns the identity of a VM.
    pub(super) fn id_of(&self, vm: &VmRef) -> Option<VmId> {
        let machine = self.machines.get(self.place(vm).ok()?)?;
        Some(machine.id)
    }

    /// Makes a VM. One whose disc image is missing stays behind half made, as with VirtualBox.
    pub(super) fn create(
        &mut self,
        id: VmId,
        wanted: &VmConfiguration,
        now: Moment,
    ) -> Result<(), Error> {
        check(wanted)?;
        if self.machines.iter().any(|it| it.id == id || it.settings.name == wanted.name) {
            return Err(taken(&wanted.name));
        }
        self.machines.push(Machine::new(id, wanted.clone(), now));
        check_discs(&wanted.discs, &wanted.name)
    }

    /// Removes what a failed creation left.
    pub(super) fn undo_create(&mut self, id: VmId) {
        self.machines.retain(|machine| machine.id != id);
    }

    /// Removes a VM that is off.
    pub(super) fn delete(&mut self, vm: &VmRef) -> Result<(), Error> {
        let place = self.place(vm)?;
        match self.machines.get(place) {
            Some(machine) if matches!(machine.power, Power::On(_) | Power::Stuck { .. }) => {
                Err(machine.refusal("be deleted"))
            }
            Some(_) | None => {
                self.machines.remove(place);
                Ok(())
            }
        }
    }

    fn place(&self, vm: &VmRef) -> Result<usize, Error> {
        let id = vm.as_id();
        let is_meant = |machine: &Machine| {
            id.map_or_else(|| machine.settings.name.as_str() == vm.as_str(), |id| machine.id == id)
        };
        self.machines.iter().position(is_meant).ok_or_else(|| not_found(vm))
    }
}

/// Refuses settings that VirtualBox refuses.
fn check(wanted: &VmConfiguration) -> Result<(), Error> {
    let usage = |message: String, hint: &str| Error::new(ErrorKind::Usage, message).hint(hint);
    if !MEMORY_MIB.contains(&wanted.memory.0) {
        let message = format!("{} of memory cannot be given to a VM", wanted.memory);
        return Err(usage(message, "choose between 4 and 2097152 MiB with `--memory`"));
    }
    if !CPUS.contains(&wanted.cpus) {
        let message = format!("{} virtual CPUs cannot be given to a VM", wanted.cpus);
        return Err(usage(message, "choose between 1 and 64 with `--cpus`"));
    }
    for (place, forward) in wanted.forwards.iter().enumerate() {
        let others = wanted.forwards.get(..place).unwrap_or_default();
        check_forward(others, forward)?;
        if forward.host_port == 0 || forward.guest_port == 0 {
            let message = format!("the forward `{}` has the port 0", forward.name);
            return Err(usage(message, "choose ports between 1 and 65535"));
        }
    }
    Ok(())
}
