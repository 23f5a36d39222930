use std::sync::Arc;

use tokio::sync::Mutex;

use super::server::{Server, Starter};
use crate::error::{Error, ErrorKind};

/// The web service that one call after the other uses; started when it is needed first.
#[derive(Debug, Clone, Default)]
pub(in crate::hypervisor::virtualbox) struct Pool(Arc<Mutex<Option<Arc<Server>>>>);

/// The web service for the time of a call. One that is dropped in the middle of a call is not used
/// again: nobody knows what it holds.
#[derive(Debug)]
pub(in crate::hypervisor::virtualbox) struct InUse {
    server: Arc<Server>,
    is_gone: bool,
    is_done: bool,
}

impl Pool {
    /// Returns the web service, started if there is none.
    pub(in crate::hypervisor::virtualbox) async fn get(
        &self,
        starter: &Starter,
    ) -> Result<InUse, Error> {
        let mut kept = Arc::clone(&self.0).lock_owned().await;
        if let Some(server) = kept.as_ref().filter(|server| server.is_good()) {
            return Ok(InUse { server: Arc::clone(server), is_gone: false, is_done: false });
        }
        let own = starter.clone();
        // A start that was begun comes to its end: it has borrowed something.
        let start = tokio::spawn(async move {
            *kept = None;
            let server = Arc::new(own.start().await?);
            *kept = Some(Arc::clone(&server));
            Ok(server)
        });
        let server = start.await.unwrap_or_else(|died| {
            let message = "the start of VirtualBox's web service broke down";
            Err(Error::new(ErrorKind::Internal, message).caused_by(died))
        });
        server.map(|server| InUse { server, is_gone: false, is_done: false })
    }

    /// Ends the web service, if there is one, and waits until it is gone.
    pub(in crate::hypervisor::virtualbox) async fn end(&self) {
        let kept = self.0.lock().await.take();
        // Another one who still uses it ends it by letting go.
        if let Some(server) = kept.and_then(Arc::into_inner) {
            server.end().await;
        }
    }
}

impl InUse {
    /// Returns it.
    pub(in crate::hypervisor::virtualbox) fn server(&self) -> &Server {
        &self.server
    }

    /// Learns from how a call ended whether it is good for more.
    pub(in crate::hypervisor::virtualbox) fn heed<T>(
        &mut self,
        result: Result<T, Error>,
    ) -> Result<T, Error> {
        self.is_gone |= matches!(&result, Err(error) if is_going(error));
        result
    }

    /// Gives it back between two calls; it is used again unless it went away.
    pub(in crate::hypervisor::virtualbox) fn give_back(mut self) {
        self.is_done = !self.is_gone;
    }

    /// Gives it back after a failure.
    pub(in crate::hypervisor::virtualbox) fn given_back(mut self, error: Error) -> Error {
        self.is_done = !is_going(&error);
        error
    }
}

/// Whether a service that failed so may have gone away.
fn is_going(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ServiceUnavailable | ErrorKind::OutcomeUnknown | ErrorKind::TimedOut
    )
}

impl Drop for InUse {
    fn drop(&mut self) {
        if !self.is_done {
            self.server.spoil();
        }
    }
}
