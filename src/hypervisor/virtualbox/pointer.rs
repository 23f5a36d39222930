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

#[cfg(test)]
mod tests {
    use crate::error::ErrorKind;
    use crate::hypervisor::Pointer;
    use crate::hypervisor::virtualbox::VirtualBoxManager;
    use crate::hypervisor::virtualbox::testing::{Rig, named};
    use crate::model::{Button, PointerReport, Position, Wheel};
    use crate::process::Ledger;

    const REPORT: PointerReport = PointerReport {
        at: Position { x: 3, y: 4 },
        held: Some(Button::Left),
        wheel: Wheel::Still,
    };

    #[tokio::test]
    async fn without_the_web_service_it_tells_what_to_install() {
        let rig = Rig::new([]);
        for failed in [
            rig.manager.way().map(drop),
            rig.manager.screen(&named("web")).await.map(drop),
            rig.manager.point(&named("web"), &[REPORT]).await,
        ] {
            let error = failed.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::HypervisorMissing);
            assert!(error.next_step().is_some_and(|hint| hint.contains("package `virtualbox`")));
        }
        assert_eq!(rig.calls(), Vec::<String>::new());
    }

    #[tokio::test]
    async fn a_rehearsal_notes_and_calls_nothing() {
        let rig = Rig::new([]);
        let ledger = Ledger::default();
        let options =
            super::super::Options { ledger: Some(ledger.clone()), ..rig.manager.options.clone() };
        let rehearsing = VirtualBoxManager::new(options);
        rehearsing.point(&named("web"), &[REPORT]).await.unwrap();
        assert_eq!(ledger.take(), ["vboxwebsrv: web, the pointer at 3,4, left held"]);
        assert_eq!(rig.calls(), Vec::<String>::new());
    }
}
