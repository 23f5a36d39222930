use std::sync::Arc;

use tokio::sync::watch;

use super::copy;
use crate::error::Error;
use crate::files::Copied;
use crate::hypervisor::GuestEntry;
use crate::model::VmTaskType;
use crate::orchestrator::VmOrchestrator;
use crate::orchestrator::exec::control;
use crate::orchestrator::tasks::Work;
use crate::request::TransferRequest;

impl VmOrchestrator {
    /// Copies through the Guest Additions.
    pub(super) async fn transfer_by_additions(
        &self,
        asked: &TransferRequest,
    ) -> Result<Copied, Error> {
        let found = self.inspect(&asked.vm).await?;
        let entry = self.entry(&asked.vm, &found, &asked.credentials)?;
        self.wait_additions(&asked.vm, asked.reach_within).await?;
        self.transfer_by_control(asked, entry).await
    }

    /// Copies by what the hypervisor does in the guest.
    async fn transfer_by_control(
        &self,
        asked: &TransferRequest,
        entry: GuestEntry,
    ) -> Result<Copied, Error> {
        let wanted = Arc::new((asked.clone(), entry));
        let (stop, stopped) = watch::channel(false);
        // Again from the beginning, if the guest is not ready in passing: that does no harm.
        let work = Work::on(&asked.vm, VmTaskType::Copy).unlocked();
        let copying = self.run_to_the_end(work, move |hypervisor, attempt| {
            let (wanted, stopped) = (Arc::clone(&wanted), stopped.clone());
            async move {
                let (asked, entry) = wanted.as_ref();
                let files = control(hypervisor.as_ref())?.files(entry);
                copy(files.as_ref(), asked, stopped, attempt).await
            }
        });
        self.or_stopped(copying, &stop, asked).await
    }
}
