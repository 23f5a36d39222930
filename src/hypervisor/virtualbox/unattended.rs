//! VirtualBox's own unattended installation, for comparison with ours.

use async_trait::async_trait;

use super::folder;
use super::manager::VirtualBoxManager;
use crate::error::Error;
use crate::error::io;
use crate::hypervisor::Unattended;
use crate::hypervisor::UnattendedOrder;
use crate::model::VmRef;

#[async_trait]
impl Unattended for VirtualBoxManager {
    async fn prepare(&self, vm: &VmRef, order: &UnattendedOrder) -> Result<(), Error> {
        self.tell(self.commands.prepare_unattended(vm, order), vm).await
    }

    async fn clean(&self, vm: &VmRef) -> Result<(), Error> {
        let Some(id) = self.find_registered(vm).await? else { return Ok(()) };
        match self.registered_settings(id).await {
            Some(settings) if !self.options.runner.rehearses() => folder::remove_answers(&settings)
                .map_err(|e| io(format!("remove what `{vm}` was installed by"), e)),
            Some(_) | None => Ok(()),
        }
    }
}
