use std::sync::Arc;

use crate::error::Error;
use crate::files::Copied;
use crate::guest::{SftpFiles, SshConnection};
use crate::orchestrator::VmOrchestrator;
use crate::request::TransferRequest;

impl VmOrchestrator {
    /// Copies over SFTP.
    pub(super) async fn transfer_by_ssh(&self, asked: &TransferRequest) -> Result<Copied, Error> {
        let found = self.live(&asked.vm).await?;
        let to = self.destination(&found, &asked.credentials)?;
        let opening = self.connect(&asked.vm, to.clone(), asked.reach_within);
        let copy = async |connection: Arc<SshConnection>| {
            let files = SftpFiles::open(asked.vm.clone(), connection.clone()).await?;
            let copied = self.transfer_over(asked, Arc::new(files)).await;
            if copied.is_err() {
                // Whatever is still under way on it has no part in what comes next.
                connection.spend();
            }
            copied
        };
        self.on_connection(to, opening, copy).await
    }
}
