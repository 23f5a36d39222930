//! To come.

use std::sync::Arc;

use crate::config::{Folders, Settings};
use crate::error::{Error, ErrorKind};
use crate::guest::OutputSink;
use crate::request::{Events, Request, Response};

/// Coordinates everything. To come.
#[derive(Debug, Clone)]
pub struct VmOrchestrator {
    events: Events,
}

/// Whether things are done or only told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rehearsal {
    /// They are done.
    Perform,
    /// They are told.
    Rehearse,
}

/// What an orchestrator is opened with.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The configuration.
    pub settings: Settings,
    /// Where state is kept.
    pub folders: Folders,
    /// Whether things are done.
    pub rehearsal: Rehearsal,
    /// The environment, for finding VBoxManage.
    pub environment: Vec<(String, String)>,
    /// What was typed, secrets masked, for the journal.
    pub command_line: String,
}

impl VmOrchestrator {
    /// Opens it.
    #[expect(clippy::unused_async, reason = "to come")]
    pub async fn open(_setup: Setup) -> Result<Self, Error> {
        Ok(Self { events: Events::default() })
    }

    /// Does what is asked.
    #[expect(clippy::unused_async, reason = "to come")]
    pub async fn handle(
        &self,
        _request: Request,
        _sink: Arc<dyn OutputSink>,
    ) -> Result<Response, Error> {
        Err(Error::new(ErrorKind::Internal, "the orchestrator is to come"))
    }

    /// Returns the events of all tasks.
    pub fn events(&self) -> &Events {
        &self.events
    }

    /// Ends it.
    #[expect(clippy::unused_async, reason = "to come")]
    pub async fn close(self) {}
}
