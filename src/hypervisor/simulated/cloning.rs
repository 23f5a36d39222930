use async_trait::async_trait;

use super::driver::SimulatedHypervisor;
use super::fault::Operation;
use super::machine::Machine;
use super::moment::Moment;
use super::power::Power;
use super::world::World;
use crate::error::Error;
use crate::hypervisor::kept::refit;
use crate::hypervisor::{CloneContent, CloneOrder, Cloning, Refit};
use crate::model::VmRef;

#[async_trait]
impl Cloning for SimulatedHypervisor {
    async fn clone_vm(&self, order: &CloneOrder) -> Result<(), Error> {
        let (wanted, vm) = (order.clone(), VmRef::from(&order.name));
        let act = move |world: &mut World, now| world.clone_vm(&wanted, now);
        self.alter(Operation::Clone, &vm, &format!("from {}", order.source), act).await
    }

    async fn undo_clone(&self, order: &CloneOrder) -> Result<(), Error> {
        let id = order.id;
        let act = move |world: &mut World, _| {
            world.undo_create(id);
            Ok(())
        };
        self.alter(Operation::UndoCreate, &VmRef::from(&order.name), "", act).await
    }

    async fn dependants(&self, vm: &VmRef) -> Vec<String> {
        let Ok(world) = self.world_now() else { return Vec::new() };
        let Some(original) = world.id_of(vm) else { return Vec::new() };
        let linked = world.machines.iter().filter(|it| it.original == Some(original));
        let mut names: Vec<String> = linked.map(|it| it.settings.name.to_string()).collect();
        names.sort();
        names
    }

    async fn refit(&self, vm: &VmRef, wanted: &Refit) -> Result<(), Error> {
        let wanted = wanted.clone();
        let act = move |machine: &mut Machine, _| machine.refit(&wanted);
        self.change(Operation::Modify, vm, "", act).await
    }
}

impl World {
    fn clone_vm(&mut self, order: &CloneOrder, now: Moment) -> Result<(), Error> {
        let source = self.find(&order.source)?;
        let (snapshot, original) = match &order.content {
            CloneContent::Full(snapshot) => (snapshot.as_ref(), None),
            CloneContent::Linked(snapshot) => (Some(snapshot), Some(source.id)),
        };
        let mut settings = source.settings.clone();
        if let Some(id) = snapshot {
            settings = source.snapshots.find(id, &source.settings.name)?.settings.clone();
        }
        settings.name = order.name.clone();
        settings.folder.clone_from(&order.folder);
        self.create(order.id, &settings, now)?;
        self.find(&VmRef::from(order.id))?.original = original;
        Ok(())
    }
}

impl Machine {
    /// Changes what differs from its original while it is off.
    fn refit(&mut self, wanted: &Refit) -> Result<(), Error> {
        if !matches!(self.power, Power::Off { .. }) {
            return Err(self.refusal("be changed"));
        }
        refit(&mut self.settings, wanted)
    }
}
