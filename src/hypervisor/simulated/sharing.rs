use async_trait::async_trait;

use super::driver::SimulatedHypervisor;
use super::fault::Operation;
use super::machine::Machine;
use super::power::Power;
use crate::error::{Error, ErrorKind};
use crate::hypervisor::Sharing;
use crate::model::{ShareLifetime, ShareName, SharedFolder, VmRef, typed};

#[async_trait]
impl Sharing for SimulatedHypervisor {
    async fn shared_folders(&self, vm: &VmRef) -> Result<Vec<SharedFolder>, Error> {
        let vm = vm.clone();
        self.look(Operation::Inspect, move |world, _| Ok(world.find(&vm)?.shares())).await
    }

    async fn share(&self, vm: &VmRef, folder: &SharedFolder) -> Result<(), Error> {
        let (wanted, detail) = (folder.clone(), format!("add {}", folder.host_path.display()));
        let act = move |machine: &mut Machine, _| machine.share(wanted);
        self.change(Operation::Share, vm, &detail, act).await
    }

    async fn unshare(
        &self,
        vm: &VmRef,
        name: &ShareName,
        lifetime: ShareLifetime,
    ) -> Result<(), Error> {
        let (wanted, detail) = (name.clone(), format!("remove {name}"));
        let act = move |machine: &mut Machine, _| machine.unshare(&wanted, lifetime);
        self.change(Operation::Share, vm, &detail, act).await
    }
}

impl Machine {
    /// Returns the folders that it shares now.
    fn shares(&self) -> Vec<SharedFolder> {
        let lasts = |it: &&SharedFolder| it.lifetime == ShareLifetime::Kept || self.is_on();
        self.shares.iter().filter(lasts).cloned().collect()
    }

    fn share(&mut self, folder: SharedFolder) -> Result<(), Error> {
        self.suits(folder.lifetime)?;
        if self.shares().iter().any(|it| it.name == folder.name) {
            let message = format!("a shared folder `{}` exists already", folder.name);
            return Err(Error::new(ErrorKind::AlreadyExists, message));
        }
        self.shares.retain(|it| it.name != folder.name);
        self.shares.push(folder);
        Ok(())
    }

    fn unshare(&mut self, name: &ShareName, lifetime: ShareLifetime) -> Result<(), Error> {
        self.suits(lifetime)?;
        let before = self.shares.len();
        self.shares.retain(|it| it.name != *name || it.lifetime != lifetime);
        if self.shares.len() < before {
            return Ok(());
        }
        let message = format!("`{}` shares nothing as `{name}`", self.settings.name);
        let hint = format!("run `vm-cli share list {}`", typed(&self.settings.name));
        Err(Error::new(ErrorKind::NotFound, message).hint(hint))
    }

    /// Its settings change only while it is off, and what ends with its process only while that is
    /// there.
    fn suits(&self, lifetime: ShareLifetime) -> Result<(), Error> {
        let suits = match lifetime {
            ShareLifetime::Kept => !self.is_on(),
            ShareLifetime::UntilOff => self.is_on(),
        };
        if suits { Ok(()) } else { Err(self.refusal("share other folders")) }
    }

    fn is_on(&self) -> bool {
        matches!(self.power, Power::On(_) | Power::Stuck { .. })
    }
}
