use jiff::Timestamp;
use serde::Serialize;

use crate::request::{HeldReport, Outcome, Session, Working};

/// What holds a VM.
#[derive(Debug, Serialize)]
pub(crate) struct HeldItem {
    vm: String,
    action: &'static str,
    changed: bool,
    state: String,
    worker: Option<WorkerShape>,
    session: &'static str,
    session_holder: Option<String>,
}

#[derive(Debug, Serialize)]
struct WorkerShape {
    pid: Option<u32>,
    command: Option<String>,
    since: Option<String>,
}

impl From<&HeldReport> for HeldItem {
    fn from(held: &HeldReport) -> Self {
        let (session, session_holder) = match &held.session {
            Session::Free => ("free", None),
            Session::Held(by) => ("held", Some(by.clone())),
            Session::Silent => ("silent", None),
            Session::NotAsked => ("not-asked", None),
        };
        Self {
            vm: held.vm.clone(),
            action: "unlock",
            changed: held.outcome == Outcome::Changed,
            state: held.state.to_string(),
            worker: worker(&held.worker),
            session,
            session_holder,
        }
    }
}

fn worker(working: &Working) -> Option<WorkerShape> {
    match working {
        Working::Nobody => None,
        Working::Somebody => Some(WorkerShape { pid: None, command: None, since: None }),
        Working::Known(worker) => Some(WorkerShape {
            pid: Some(worker.pid),
            command: Some(worker.command.clone()),
            since: Timestamp::try_from(worker.since).ok().map(|since| since.to_string()),
        }),
    }
}
