//! Copies of VMs: clones on this host, appliances for others, and unmaking half-made ones.

use std::path::Path;
use std::path::PathBuf;

use async_trait::async_trait;

use super::error;
use super::folder;
use super::manager::VirtualBoxManager;
use super::parse;
use crate::error::Error;
use crate::error::ErrorKind;
use crate::error::io;
use crate::hypervisor::Appliance;
use crate::hypervisor::Appliances;
use crate::hypervisor::CloneOrder;
use crate::hypervisor::Cloning;
use crate::hypervisor::Hypervisor;
use crate::hypervisor::ImportOrder;
use crate::hypervisor::Refit;
use crate::model::VmId;
use crate::model::VmRef;

#[async_trait]
impl Cloning for VirtualBoxManager {
    async fn clone_vm(&self, order: &CloneOrder) -> Result<(), Error> {
        self.remember(order.id, order.name.as_str());
        self.tell(self.commands.clone_vm(order), &VmRef::from(&order.name)).await
    }

    async fn undo_clone(&self, order: &CloneOrder) -> Result<(), Error> {
        let settings = if let Some(file) = self.registered_settings(order.id).await {
            file
        } else {
            let base = self.base_folder(order.folder.as_deref()).await?;
            folder::settings_path_of(&base, order.name.as_str(), &order.groups)
        };
        self.unmake_at(order.id, &settings).await
    }

    async fn dependants(&self, vm: &VmRef) -> Vec<String> {
        self.find_dependants(vm).await
    }

    async fn refit(&self, vm: &VmRef, refit: &Refit) -> Result<(), Error> {
        self.tell(self.commands.refit(vm, refit), vm).await
    }
}

#[async_trait]
impl Appliances for VirtualBoxManager {
    async fn export(&self, vm: &VmRef, file: &Path) -> Result<(), Error> {
        self.tell(self.commands.export(vm, file), vm).await
    }

    async fn read(&self, file: &Path) -> Result<Appliance, Error> {
        let printed = self.call(self.commands.read_appliance(file), None).await?;
        parse::appliance(&printed).ok_or_else(|| error::unparseable("tells of no VM in the file"))
    }

    async fn import(&self, order: &ImportOrder) -> Result<VmId, Error> {
        let vm = VmRef::from(&order.working_name);
        self.tell(self.commands.import(order), &vm).await?;
        Ok(self.inspect(&vm).await?.id)
    }

    /// Nobody else uses the working name, so all that is found under it is this import's.
    async fn undo_import(&self, order: &ImportOrder) -> Result<(), Error> {
        let listed = parse::list(&self.call(self.commands.list_vms(), None).await?);
        for vm in listed.iter().filter(|vm| vm.name == order.working_name.as_str()) {
            self.delete(&VmRef::from(vm.id)).await?;
        }
        let folder = self.import_folder(order).await?;
        for disk in folder::disk_images(&folder) {
            self.drop_disk(&disk).await?;
        }
        match tokio::fs::remove_dir_all(&folder).await {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                Err(io(format!("remove the folder `{}`", folder.display()), e))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

impl VirtualBoxManager {
    /// Returns the folder of a VM while it is being imported.
    async fn import_folder(&self, order: &ImportOrder) -> Result<PathBuf, Error> {
        let base = self.base_folder(order.folder.as_deref()).await?;
        let settings = folder::settings_path_of(&base, order.working_name.as_str(), &[]);
        settings.parent().map(Path::to_owned).ok_or_else(|| {
            Error::new(ErrorKind::Internal, "a settings file has no folder")
                .about(&order.working_name)
        })
    }
}

#[cfg(test)]
#[path = "copying_tests.rs"]
mod tests;
