//! One look at a VM: its state, and what its checks say.

use std::sync::Arc;
use std::time::Duration;

use super::checks::Named;
use super::course::{Look, Seen};
use crate::error::ErrorKind;
use crate::metrics::Checkup;
use crate::model::{Vm, VmRef, VmState};
use crate::orchestrator::VmOrchestrator;

/// How long one check may take beside a login: more than any part of one waits by itself, so that
/// a guest that does not answer is told from a check that does not.
const PATIENCE: Duration = Duration::from_secs(30);

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
            let patience = self.settings().ssh.connect + PATIENCE;
            tokio::join!(all(checks, &found, patience), all(warnings, &found, patience))
        } else {
            (Vec::new(), Vec::new())
        };
        // The checks took their time: a guest that is slow to answer is not more unwell for it.
        let look = Look { at: self.now(), seen: Seen::State(found.state), checkups };
        Sight { name: Some(found.name), look, warnings }
    }
}

/// Looks by all checks at once: one that waits for the guest must not hold up the others.
async fn all(checks: &[Named], vm: &Vm, patience: Duration) -> Vec<(String, Checkup)> {
    let vm = Arc::new(vm.clone());
    let begun: Vec<_> = checks
        .iter()
        .map(|(name, check)| {
            let (vm, check) = (Arc::clone(&vm), Arc::clone(check));
            (name, tokio::spawn(async move { Checkup::by(check, &vm, patience).await }))
        })
        .collect();
    let mut found = Vec::with_capacity(begun.len());
    for (name, look) in begun {
        let checkup = look.await.unwrap_or_else(|_| Checkup::unknown("the check broke off"));
        found.push((name.clone(), checkup));
    }
    found
}
