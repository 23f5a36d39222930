use serde::Serialize;

use super::{ForwardShape, millis};
use crate::request::{Changed, Creation, Outcome};

#[derive(Debug, Serialize)]
pub(crate) struct ChangedItem {
    vm: String,
    action: &'static str,
    changed: bool,
    state: Option<String>,
    notes: Vec<String>,
    took_ms: u64,
}

impl From<&Changed> for ChangedItem {
    fn from(change: &Changed) -> Self {
        Self {
            vm: change.vm.clone(),
            action: change.action,
            changed: change.outcome == Outcome::Changed,
            state: change.state.as_ref().map(ToString::to_string),
            notes: change.notes.clone(),
            took_ms: millis(change.took),
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct CreatedItem {
    vm: String,
    action: &'static str,
    changed: bool,
    state: String,
    took_ms: u64,
    id: String,
    forwards: Vec<ForwardShape>,
    remote_display_port: Option<u16>,
    notes: Vec<String>,
}

impl CreatedItem {
    pub(crate) fn of(action: &'static str, creation: &Creation) -> Self {
        Self {
            vm: creation.name.clone(),
            action,
            changed: true,
            state: creation.state.to_string(),
            took_ms: millis(creation.took),
            id: creation.id.to_string(),
            forwards: creation.forwards.iter().map(ForwardShape::from).collect(),
            remote_display_port: creation.remote_display_port,
            notes: creation.notes.clone(),
        }
    }
}

/// A step that a rehearsal did not take.
#[derive(Debug, Serialize)]
pub(crate) struct RehearsedItem {
    pub(crate) would_run: String,
}
