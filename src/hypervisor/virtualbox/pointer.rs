//! The guest's pointer, which VBoxManage has no verb for: through the web service.

use async_trait::async_trait;

use super::manager::VirtualBoxManager;
use super::webservice::Starter;
use crate::error::Error;
use crate::hypervisor::Pointer;
use crate::model::PointerReport;
use crate::model::Size;
use crate::model::VmRef;

#[async_trait]
impl Pointer for VirtualBoxManager {
    fn way(&self) -> Result<&'static str, Error> {
        self.options.webservice.program().map(|_| "vboxwebsrv")
    }

    async fn screen(&self, vm: &VmRef) -> Result<Size, Error> {
        let service = self.webservice.get(&self.starter()).await?;
        let size = match service.server().machine(vm).await {
            Ok(mut machine) => {
                let size = machine.screen().await;
                machine.unlock().await;
                size
            }
            Err(error) => Err(error),
        };
        service.done(size)
    }

    async fn point(&self, vm: &VmRef, reports: &[PointerReport]) -> Result<(), Error> {
        if let Some(ledger) = &self.options.ledger {
            for report in reports {
                ledger.note(format!("vboxwebsrv: {vm}, the pointer {report}"));
            }
            return Ok(());
        }
        let service = self.webservice.get(&self.starter()).await?;
        let pointed = match service.server().machine(vm).await {
            Ok(mut machine) => {
                let pointed = machine.point(reports).await;
                machine.unlock().await;
                pointed
            }
            Err(error) => Err(error),
        };
        service.done(pointed)
    }
}

impl VirtualBoxManager {
    /// Returns what starts the web service.
    pub(super) fn starter(&self) -> Starter {
        Starter {
            options: self.options.webservice.clone(),
            runner: self.options.runner.clone(),
            commands: self.commands.clone(),
        }
    }
}
