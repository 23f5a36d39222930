use async_trait::async_trait;

use crate::error::Error;
use crate::hypervisor::Heartbeat;
use crate::metrics::{Checkup, VmHealthCheck};
use crate::model::Vm;
use crate::orchestrator::VmOrchestrator;

/// Whether the Guest Additions' heartbeat comes.
#[derive(Debug)]
pub(super) struct Pulse(pub(super) VmOrchestrator);

#[async_trait]
impl VmHealthCheck for Pulse {
    async fn check(&self, vm: &Vm) -> Result<Checkup, Error> {
        let Some(aftercare) = self.0.hypervisor().aftercare() else {
            return Ok(Checkup::unknown("this hypervisor tells of no heartbeat"));
        };
        Ok(match aftercare.heartbeat(vm).await {
            Heartbeat::Beats => Checkup::healthy("the Guest Additions' heartbeat comes"),
            Heartbeat::Stopped => Checkup::unhealthy("the Guest Additions' heartbeat has stopped"),
            Heartbeat::None => Checkup::unknown("no Guest Additions send a heartbeat"),
        })
    }
}
