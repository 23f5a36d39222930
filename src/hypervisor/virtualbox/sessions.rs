//! VirtualBox's own lock of a VM, the session.
//!
//! Recorded from 7.2.22: VirtualBox itself lets go of a VM whose process was killed. Of a process
//! that hangs (stopped by a debugger, or waiting for a disk) `showvminfo` and `controlvm` hang too,
//! `startvm` says that the VM is locked, and `startvm --type emergencystop` ends it in 60 ms; the
//! VM is `aborted` then.

use async_trait::async_trait;

use super::manager::VirtualBoxManager;
use super::parse;
use crate::error::Error;
use crate::hypervisor::Readings;
use crate::hypervisor::Sessions;
use crate::model::VmRef;

#[async_trait]
impl Sessions for VirtualBoxManager {
    async fn holder(&self, vm: &VmRef) -> Result<Option<String>, Error> {
        Ok(parse::session(&self.read(vm).await?))
    }

    async fn clear(&self, vm: &VmRef) -> Result<(), Error> {
        self.tell(self.commands.emergency_stop(vm), vm).await
    }
}
