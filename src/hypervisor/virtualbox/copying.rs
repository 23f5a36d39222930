//! Copies of VMs: clones on this host, appliances for others, and unmaking half-made ones.

use std::path::Path;

use async_trait::async_trait;

use super::confirm::Expected;
use super::confirm::untrue;
use super::error;
use super::folder;
use super::manager::VirtualBoxManager;
use super::parse;
use crate::error::Error;
use crate::error::io;
use crate::hypervisor::Appliance;
use crate::hypervisor::Appliances;
use crate::hypervisor::CloneOrder;
use crate::hypervisor::Cloning;
use crate::hypervisor::Hypervisor;
use crate::hypervisor::ImportOrder;
use crate::hypervisor::Refit;
use crate::hypervisor::Remains;
use crate::model::VmId;
use crate::model::VmRef;

#[async_trait]
impl Cloning for VirtualBoxManager {
    async fn clone_vm(&self, order: &CloneOrder) -> Result<(), Error> {
        self.remember(order.id, order.name.as_str());
        let vm = VmRef::from(&order.name);
        self.tell(self.commands.clone_vm(order), &vm).await?;
        self.confirm(&vm, Some(order.id), Expected::Made).await
    }

    async fn undo_clone(&self, order: &CloneOrder) -> Result<(), Error> {
        let remains = Remains {
            id: order.id,
            name: order.name.to_string(),
            folder: order.folder.clone(),
            group: order.groups.first().cloned(),
            image: None,
        };
        self.sweep(&remains).await
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
        // Asking for it would be one more call that can fail, and then all is done anew.
        let made = self.find_registered(&vm).await?;
        made.ok_or_else(|| untrue(&vm, &format!("`{vm}` was made, and it is not there")))
    }

    /// Nobody else uses the working name, so all that is found under it is this import's.
    async fn undo_import(&self, order: &ImportOrder) -> Result<(), Error> {
        self.unmake_import(order.working_name.as_str(), order.folder.as_deref()).await
    }
}

impl VirtualBoxManager {
    /// Removes all that is there under an import's working name.
    pub(super) async fn unmake_import(
        &self,
        name: &str,
        folder: Option<&Path>,
    ) -> Result<(), Error> {
        if let Some(id) = self.find_registered(&name.parse()?).await? {
            self.delete(&VmRef::from(id)).await?;
        }
        let settings = folder::settings_path_of(&self.base_folder(folder).await?, name, None);
        let Some(own) = settings.parent() else { return Ok(()) };
        for disk in folder::disk_images(own) {
            self.drop_disk(&disk).await?;
        }
        match tokio::fs::remove_dir_all(own).await {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                Err(io(format!("remove the folder `{}`", own.display()), e))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

#[cfg(test)]
#[path = "copying_tests.rs"]
mod tests;
