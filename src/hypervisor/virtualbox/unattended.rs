//! VirtualBox's own unattended installation, for comparison with ours.

use async_trait::async_trait;

use super::manager::VirtualBoxManager;
use crate::error::Error;
use crate::hypervisor::Unattended;
use crate::hypervisor::UnattendedOrder;
use crate::model::VmRef;

#[async_trait]
impl Unattended for VirtualBoxManager {
    async fn prepare(&self, vm: &VmRef, order: &UnattendedOrder) -> Result<(), Error> {
        self.tell(self.commands.prepare_unattended(vm, order), vm).await
    }
}
