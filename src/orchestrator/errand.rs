//! Commands in a guest that are ours and not the user's.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::VmOrchestrator;
use crate::error::{Error, ErrorKind};
use crate::guest::OutputSink;
use crate::model::VmRef;
use crate::request::{Credentials, ExecRequest, Input, Response};

/// Who is sent into which guest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Errand<'a> {
    pub(super) vm: &'a VmRef,
    pub(super) credentials: &'a Credentials,
    pub(super) reach_within: Duration,
}

impl VmOrchestrator {
    /// Runs a command of ours in a guest, and returns its exit code.
    pub(super) async fn run_errand(
        &self,
        errand: Errand<'_>,
        command: String,
        input: Input,
        sink: Arc<dyn OutputSink>,
    ) -> Result<i32, Error> {
        let exec = ExecRequest {
            credentials: errand.credentials.clone(),
            input,
            timeout: Some(self.settings().timeouts.change),
            ..ExecRequest::new(errand.vm.clone(), command, errand.reach_within)
        };
        let ended = Box::pin(self.exec(&exec, sink)).await?;
        let Response::Executed { exit_code, .. } = ended else {
            return Err(Error::new(ErrorKind::Internal, "a command in a guest came to nothing"));
        };
        Ok(exit_code)
    }
}

/// Keeps what a command complains of.
#[derive(Debug, Default)]
pub(super) struct Complaint(Mutex<String>);

impl Complaint {
    /// Puts it behind an error.
    pub(super) fn behind(&self, error: Error) -> Error {
        let said = self.0.lock().unwrap_or_else(PoisonError::into_inner).trim().to_owned();
        if said.is_empty() { error } else { error.caused_by(io::Error::other(said)) }
    }
}

impl OutputSink for Complaint {
    fn stdout(&self, _bytes: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn stderr(&self, bytes: &[u8]) -> io::Result<()> {
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        said.push_str(&String::from_utf8_lossy(bytes));
        Ok(())
    }
}
