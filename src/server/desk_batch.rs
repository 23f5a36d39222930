//! Several requests of one client at once.

use std::sync::Arc;

use super::client::Reach;
use super::desk::Desk;
use crate::error::{Error, ErrorKind};
use crate::model::VmRef;
use crate::orchestrator::BatchOutput;
use crate::request::{Batch, Pace, Request, Selection};

impl Desk {
    /// Does everything that is asked; nothing if the client may not ask for all of it.
    pub(super) async fn ask_all(
        &self,
        requests: Vec<Request>,
        pace: Pace,
        output: Arc<dyn BatchOutput>,
    ) -> Result<Batch, Error> {
        let mut permitted = Vec::with_capacity(requests.len());
        for request in requests {
            permitted.push(self.permitted(request).await?);
        }
        Ok(self.orchestrator().handle_all(permitted, pace, output).await)
    }

    /// Finds the VMs that are meant, of those within reach.
    pub(super) async fn select(&self, selection: &Selection) -> Result<Vec<VmRef>, Error> {
        if selection.named.is_empty() && self.client().reach != Reach::Every {
            let message = "a token for some VMs does not reach all of them";
            return Err(Error::new(ErrorKind::PermissionDenied, message).hint("name the VMs"));
        }
        let mut meant = self.orchestrator().select(selection).await?;
        meant.retain(|it| self.client().reach.spells(it));
        Ok(meant)
    }
}
