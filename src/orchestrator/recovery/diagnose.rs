//! What is wrong with a VM: its state, its log, the disk that holds it.

use crate::error::{Error, ErrorKind};
use crate::hypervisor::Traces;
use crate::metrics;
use crate::model::{ClueKind, Trouble, Vm, VmRef, VmState};
use crate::orchestrator::VmOrchestrator;
use crate::orchestrator::watch::harm;
use crate::request::{IfOff, RecoverRequest};

/// What was found out about a VM.
#[derive(Debug, Clone)]
pub(super) struct Diagnosis {
    /// Its name.
    pub(super) name: String,
    /// Itself; `None` if its process does not answer.
    pub(super) vm: Option<Vm>,
    /// What is wrong; `None` if nothing is.
    pub(super) trouble: Option<Trouble>,
    pub(super) traces: Traces,
    pub(super) disk_free: Option<u64>,
}

impl Diagnosis {
    /// Returns the state in which the VM was found.
    pub(super) fn state(&self) -> VmState {
        let unread = || match self.trouble {
            Some(Trouble::Inaccessible) => VmState::Inaccessible,
            Some(_) | None => VmState::Running,
        };
        self.vm.as_ref().map_or_else(unread, |vm| vm.state.clone())
    }
}

impl VmOrchestrator {
    /// Finds out what is wrong with a VM.
    pub(super) async fn diagnose(&self, asked: &RecoverRequest) -> Result<Diagnosis, Error> {
        if asked.seen == Some(Trouble::Silent) {
            return Ok(unanswered(&asked.vm));
        }
        let vm = match self.inspect(&asked.vm).await {
            // A process that hangs lets every question about its VM hang.
            Err(e) if e.kind() == ErrorKind::TimedOut => return Ok(unanswered(&asked.vm)),
            Err(e) => return Err(e),
            Ok(vm) => vm,
        };
        let traces = match self.hypervisor().aftercare() {
            Some(aftercare) if vm.state != VmState::Running => aftercare.traces(&vm).await,
            Some(_) | None => Traces::default(),
        };
        let trouble = trouble(&vm.state, &traces, asked.seen.as_ref());
        let folder = vm.settings_file.as_deref().and_then(std::path::Path::parent);
        let disk_free = folder.and_then(metrics::free_disk);
        // The log of a VM that is off on purpose tells of harm that is over.
        let traces = if trouble.is_some() { traces } else { Traces::default() };
        Ok(Diagnosis { name: vm.name.clone(), vm: Some(vm), trouble, traces, disk_free })
    }
}

/// Decides what is wrong: by the state, then by what the log says of a saved one, then by what
/// somebody has seen who looks after it.
fn trouble(state: &VmState, traces: &Traces, seen: Option<&Trouble>) -> Option<Trouble> {
    let is_saved = [VmState::Saved, VmState::AbortedSaved].contains(state);
    let is_noted = traces.clues.iter().any(|clue| clue.kind == ClueKind::SavedState);
    if is_saved && is_noted {
        return Some(Trouble::SavedStateUnreadable);
    }
    let if_off = if seen == Some(&Trouble::Off) { IfOff::Start } else { IfOff::Leave };
    harm(state, if_off).or_else(|| match seen {
        Some(seen @ Trouble::Unhealthy { .. }) if *state == VmState::Running => Some(seen.clone()),
        Some(_) | None => None,
    })
}

fn unanswered(vm: &VmRef) -> Diagnosis {
    Diagnosis {
        name: vm.to_string(),
        vm: None,
        trouble: Some(Trouble::Silent),
        traces: Traces::default(),
        disk_free: None,
    }
}

#[cfg(test)]
mod tests {
    use super::trouble;
    use crate::hypervisor::Traces;
    use crate::model::{Clue, ClueKind, Trouble, VmState};

    fn noted() -> Traces {
        let clue = Clue { kind: ClueKind::SavedState, message: "invalid".into() };
        Traces { clues: vec![clue], last_lines: Vec::new() }
    }

    #[test]
    fn a_saved_vm_is_harmed_only_if_its_log_says_so() {
        let none = Traces::default();
        assert_eq!(trouble(&VmState::Saved, &none, None), None);
        for state in [VmState::Saved, VmState::AbortedSaved] {
            assert_eq!(trouble(&state, &noted(), None), Some(Trouble::SavedStateUnreadable));
        }
        assert_eq!(trouble(&VmState::AbortedSaved, &none, None), Some(Trouble::Aborted));
        assert_eq!(trouble(&VmState::PoweredOff, &noted(), None), None, "it was thrown away since");
    }

    #[test]
    fn what_was_seen_counts_only_while_it_can_be_so() {
        let none = Traces::default();
        let sick = Trouble::Unhealthy { check: "ssh".into(), evidence: "silent".into() };
        assert_eq!(trouble(&VmState::Running, &none, Some(&sick)), Some(sick.clone()));
        assert_eq!(trouble(&VmState::PoweredOff, &none, Some(&sick)), None);
        assert_eq!(trouble(&VmState::Running, &none, Some(&Trouble::Aborted)), None);
        let off = Some(&Trouble::Off);
        assert_eq!(trouble(&VmState::PoweredOff, &none, off), Some(Trouble::Off));
        assert_eq!(trouble(&VmState::PoweredOff, &none, None), None);
    }
}
