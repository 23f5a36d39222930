//! One look at a VM: its state, and what its checks say.

use std::time::Duration;

use super::checks::Named;
use super::course::{Look, Seen};
use crate::error::ErrorKind;
use crate::metrics::Checkup;
use crate::model::{Vm, VmRef, VmState};
use crate::orchestrator::VmOrchestrator;

/// How long one check may take: a guest that is interpreted needs its time to log in.
const PATIENCE: Duration = Duration::from_mins(1);

/// What a look saw, the warnings apart: nothing is decided by them.
#[derive(Debug, Clone)]
pub(super) struct Sight {
    /// The VM's name now; `None` if it could not be read.
    pub(super) name: Option<String>,
    pub(super) look: Look,
    pub(super) warnings: Vec<(String, Checkup)>,
}

impl VmOrchestrator {
    /// Looks at a VM. Never fails: not seeing anything is a finding.
    pub(super) async fn look_at(&self, vm: &VmRef, checks: &[Named], warnings: &[Named]) -> Sight {
        let read = self.inspect(vm).await;
        let at = self.now();
        let found = match read {
            Ok(found) => found,
            Err(e) => {
                let seen = match () {
                    () if e.kind() == ErrorKind::TimedOut => Seen::Silence,
                    () if e.kind() == ErrorKind::VmNotFound => Seen::Gone,
                    () => Seen::Nothing(e.to_string()),
                };
                let look = Look { at, seen, checkups: Vec::new() };
                return Sight { name: None, look, warnings: Vec::new() };
            }
        };
        let (checkups, warnings) = if found.state == VmState::Running {
            tokio::join!(all(checks, &found), all(warnings, &found))
        } else {
            (Vec::new(), Vec::new())
        };
        // The checks took their time: a guest that is slow to answer is not more unwell for it.
        let look = Look { at: self.now(), seen: Seen::State(found.state), checkups };
        Sight { name: Some(found.name), look, warnings }
    }
}

async fn all(checks: &[Named], vm: &Vm) -> Vec<(String, Checkup)> {
    let mut found = Vec::with_capacity(checks.len());
    for (name, check) in checks {
        found.push((name.clone(), Checkup::by(check.clone(), vm, PATIENCE).await));
    }
    found
}
