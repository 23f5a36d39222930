//! Taking the steps, as one task.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use serde_json::json;

use super::diagnose::Diagnosis;
use super::steps::steps;
use crate::error::{Error, ErrorKind};
use crate::hypervisor::{Hypervisor, offered};
use crate::model::{
    Display, RecoveryPolicy, SnapshotId, SnapshotName, StopMode, Trouble, Vm, VmRef, VmState,
    VmTaskType, typed,
};
use crate::orchestrator::VmOrchestrator;
use crate::orchestrator::snapshots;
use crate::orchestrator::tasks::Work;
use crate::request::{Outcome, RecoverRequest, RecoveryReport, RecoveryStep, WhenFull};

/// How far a recovery has come: an attempt that is tried again goes on where the last one ended.
#[derive(Debug, Clone)]
struct Progress(Arc<Mutex<Course>>);

#[derive(Debug)]
struct Course {
    left: VecDeque<RecoveryStep>,
    done: Vec<RecoveryStep>,
}

/// What a recovery works on.
#[derive(Debug, Clone)]
struct Patient {
    vm: VmRef,
    trouble: Trouble,
    policy: RecoveryPolicy,
    snapshot: Option<String>,
}

impl VmOrchestrator {
    /// Finds out what is wrong with a VM, and brings it back if that is wanted.
    pub(in crate::orchestrator) async fn recover(
        &self,
        asked: &RecoverRequest,
    ) -> Result<RecoveryReport, Error> {
        let begun = Instant::now();
        let diagnosis = self.diagnose(asked).await?;
        let state = diagnosis.vm.as_ref().map(|vm| &vm.state);
        let mut steps = steps(state, diagnosis.trouble.as_ref(), asked.policy);
        let mut report = report(&diagnosis, &steps);
        let Some(trouble) = diagnosis.trouble.clone().filter(|_| !steps.is_empty()) else {
            report.took = begun.elapsed();
            return Ok(report);
        };
        if steps.contains(&RecoveryStep::RestoreSnapshot)
            && let Some(vm) = &diagnosis.vm
        {
            // Before anything is ended that could not be put back.
            wanted(vm, asked.snapshot.as_deref())?;
        }
        if !self.rehearses() {
            // The start finds out for itself whether a saved state can be read by now.
            steps.retain(|step| *step != RecoveryStep::DiscardSavedState);
        }
        let vm = diagnosis.name.parse().unwrap_or_else(|_| asked.vm.clone());
        let admitted = self.admit(&vm, WhenFull::Refuse).await?;
        if trouble != Trouble::SavedStateUnreadable {
            // The forwards of a saved VM cannot be changed; they are looked at when it runs.
            report.notes = self.free_ports(&admitted).await;
        }
        let patient = Patient {
            vm: vm.clone(),
            trouble,
            policy: asked.policy,
            snapshot: asked.snapshot.clone(),
        };
        let progress = Progress::of(steps);
        let job = progress.clone();
        self.run(Work::on(&vm, VmTaskType::Recover), move |hypervisor, this| {
            let (patient, progress) = (patient.clone(), job.clone());
            async move {
                attempt(hypervisor.as_ref(), &patient, &progress).await?;
                let steps: Vec<_> = progress.done().into_iter().map(RecoveryStep::as_str).collect();
                this.result(json!({ "steps": steps }));
                Ok(())
            }
        })
        .await
        .map_err(|e| e.or_hint(format!("read `vm-cli logs {}`", typed(&diagnosis.name))))?;
        report.steps = progress.done();
        if !report.steps.is_empty() {
            report.notes.extend(self.verify_forwards(&admitted).await);
            report.outcome = Outcome::Changed;
        }
        report.state = Some(VmState::Running);
        report.took = begun.elapsed();
        Ok(report)
    }
}

/// One attempt: what is left of the steps.
async fn attempt(
    hypervisor: &dyn Hypervisor,
    patient: &Patient,
    progress: &Progress,
) -> Result<(), Error> {
    if progress.done().is_empty() && is_over(hypervisor, patient).await? {
        // Somebody was quicker.
        progress.leave();
        return Ok(());
    }
    while let Some(step) = progress.next() {
        match take(hypervisor, patient, step).await {
            Ok(()) => progress.did(step),
            Err(e) if e.kind() == ErrorKind::SavedStateUnreadable => {
                match (patient.policy, progress.done().contains(&RecoveryStep::DiscardSavedState)) {
                    (RecoveryPolicy::Restart, false) => {
                        progress.first(RecoveryStep::DiscardSavedState);
                    }
                    (RecoveryPolicy::RestoreSnapshot, _)
                        if !progress.done().contains(&RecoveryStep::RestoreSnapshot) =>
                    {
                        progress.first(RecoveryStep::RestoreSnapshot);
                    }
                    (..) => return Err(e),
                }
            }
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

/// Returns whether nothing is wrong any more, the VM's lock being held now.
async fn is_over(hypervisor: &dyn Hypervisor, patient: &Patient) -> Result<bool, Error> {
    let state = match &patient.trouble {
        // To ask the one would hang, and the state tells nothing of the other.
        Trouble::Silent | Trouble::Unhealthy { .. } => return Ok(false),
        Trouble::Aborted
        | Trouble::Stuck
        | Trouble::SavedStateUnreadable
        | Trouble::Inaccessible
        | Trouble::Off => hypervisor.inspect(&patient.vm).await?.state,
    };
    Ok(state == VmState::Running)
}

async fn take(
    hypervisor: &dyn Hypervisor,
    patient: &Patient,
    step: RecoveryStep,
) -> Result<(), Error> {
    let vm = &patient.vm;
    match step {
        RecoveryStep::EmergencyStop => match hypervisor.sessions() {
            Some(sessions) => sessions.clear(vm).await,
            None => hypervisor.stop(vm, StopMode::PowerOff).await,
        },
        RecoveryStep::PowerOff => match hypervisor.stop(vm, StopMode::PowerOff).await {
            // It went off by itself meanwhile.
            Err(e) if e.kind() == ErrorKind::InvalidState => Ok(()),
            decided => decided,
        },
        RecoveryStep::DiscardSavedState => {
            let lacks = "throws no saved states away";
            offered(hypervisor, hypervisor.aftercare(), lacks)?.discard_saved_state(vm).await
        }
        RecoveryStep::RestoreSnapshot => {
            let found = hypervisor.inspect(vm).await?;
            let snapshot = wanted(&found, patient.snapshot.as_deref())?;
            snapshots::capability(hypervisor)?.restore(vm, &snapshot).await
        }
        RecoveryStep::Start => start(hypervisor, vm).await,
    }
}

/// Starts a VM, unless somebody was quicker.
async fn start(hypervisor: &dyn Hypervisor, vm: &VmRef) -> Result<(), Error> {
    let failed = match hypervisor.start(vm, Display::Headless).await {
        Ok(()) => return Ok(()),
        Err(e) => e,
    };
    let may_run = [ErrorKind::InvalidState, ErrorKind::Locked, ErrorKind::OutcomeUnknown];
    if may_run.contains(&failed.kind())
        && hypervisor.inspect(vm).await.is_ok_and(|it| it.state == VmState::Running)
    {
        return Ok(());
    }
    Err(failed)
}

/// Returns the snapshot that is to be restored: the named one, or the one on which the VM stands.
fn wanted(vm: &Vm, snapshot: Option<&str>) -> Result<SnapshotId, Error> {
    if let Some(name) = snapshot {
        return snapshots::find(vm, &name.parse::<SnapshotName>()?);
    }
    vm.snapshots.current().map(|it| it.id.clone()).ok_or_else(|| {
        let (name, typed) = (&vm.name, typed(&vm.name));
        Error::new(ErrorKind::SnapshotNotFound, format!("`{name}` has no snapshot to go back to"))
            .about(name)
            .hint(format!("run `vm-cli recover {typed} --policy restart`"))
    })
}

fn report(diagnosis: &Diagnosis, steps: &[RecoveryStep]) -> RecoveryReport {
    RecoveryReport {
        vm: diagnosis.name.clone(),
        found: diagnosis.state(),
        trouble: diagnosis.trouble.clone(),
        clues: diagnosis.traces.clues.clone(),
        last_lines: diagnosis.traces.last_lines.clone(),
        disk_free: diagnosis.disk_free,
        steps: steps.to_vec(),
        outcome: Outcome::Unchanged,
        state: None,
        notes: Vec::new(),
        took: std::time::Duration::ZERO,
    }
}

impl Progress {
    fn of(steps: Vec<RecoveryStep>) -> Self {
        Self(Arc::new(Mutex::new(Course { left: steps.into(), done: Vec::new() })))
    }

    fn with<T>(&self, use_it: impl FnOnce(&mut Course) -> T) -> T {
        use_it(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn next(&self) -> Option<RecoveryStep> {
        self.with(|it| it.left.front().copied())
    }

    fn done(&self) -> Vec<RecoveryStep> {
        self.with(|it| it.done.clone())
    }

    fn did(&self, step: RecoveryStep) {
        self.with(|it| {
            it.left.pop_front();
            it.done.push(step);
        });
    }

    fn first(&self, step: RecoveryStep) {
        self.with(|it| it.left.push_front(step));
    }

    fn leave(&self) {
        self.with(|it| it.left.clear());
    }
}
