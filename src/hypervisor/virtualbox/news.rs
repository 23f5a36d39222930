use std::time::Duration;

use async_trait::async_trait;

use super::manager::VirtualBoxManager;
use crate::error::Error;
use crate::hypervisor::News;
use crate::model::VmRef;

#[async_trait]
impl News for VirtualBoxManager {
    /// A time-out is told as an error in words, with exit code 0 (7.2.22); whatever it is, the next
    /// look tells.
    async fn next(&self, vm: &VmRef, at_most: Duration) -> Result<(), Error> {
        self.run(&self.commands.guest_news(vm, at_most), Some(vm)).await.map(drop)
    }
}
