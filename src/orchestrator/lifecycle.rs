//! Starting, stopping, pausing, resetting, deleting.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use super::VmOrchestrator;
use super::plan::{self, Goal, Step};
use super::tasks::Work;
use super::templates::Intrusion;
use crate::error::{Error, ErrorKind};
use crate::hypervisor::Hypervisor;
use crate::model::{Display, Phase, Priority, StopMode, VmRef, VmState, VmTaskType, typed};
use crate::request::{
    Changed, IfLive, IfMissing, Outcome, StopRequest, WaitCondition, WhenFull, WhenLate,
};

impl VmOrchestrator {
    /// Brings a VM to running, and waits for more if that is wanted.
    pub(super) async fn start(
        &self,
        vm: &VmRef,
        display: Display,
        wait: Option<(WaitCondition, Duration)>,
    ) -> Result<Changed, Error> {
        self.start_when(vm, display, wait, WhenFull::Refuse).await
    }

    /// Brings a VM to running as soon as limits allow it.
    pub(super) async fn start_when(
        &self,
        vm: &VmRef,
        display: Display,
        wait: Option<(WaitCondition, Duration)>,
        when_full: WhenFull,
    ) -> Result<Changed, Error> {
        let begun = Instant::now();
        self.await_made(vm).await?;
        self.spare_template(vm, Intrusion::Start).await?;
        let admitted = self.admit(vm, when_full).await?;
        let mut notes = self.free_ports(&admitted).await;
        let outcome = self.reach(vm, Goal::Running(display)).await?;
        if outcome == Outcome::Changed {
            notes.extend(self.verify_forwards(&admitted).await);
        }
        drop(admitted);
        if let Some((condition, timeout)) = wait {
            self.wait_for(vm, condition, timeout).await?;
        }
        Ok(Changed { notes, ..changed(vm, "start", outcome, Some(VmState::Running), begun) })
    }

    /// Starts a VM that another step of the same request has left off. A rehearsal did not take
    /// that step, so what it would see now tells nothing.
    pub(super) async fn start_from_off(
        &self,
        vm: &VmRef,
        display: Display,
        wait: Option<(WaitCondition, Duration)>,
    ) -> Result<Changed, Error> {
        if !self.rehearses() {
            return self.start(vm, display, wait).await;
        }
        let begun = Instant::now();
        let target = vm.clone();
        self.run(Work::on(vm, VmTaskType::Start), move |hypervisor, _| {
            let vm = target.clone();
            async move { hypervisor.start(&vm, display).await }
        })
        .await?;
        Ok(changed(vm, "start", Outcome::Changed, Some(VmState::Running), begun))
    }

    /// Stops a VM and waits until it is off.
    pub(super) async fn stop(&self, request: &StopRequest) -> Result<Changed, Error> {
        let begun = Instant::now();
        let vm = &request.vm;
        let outcome = self.reach(vm, Goal::Off(request.mode)).await?;
        let state = match outcome {
            Outcome::Unchanged => None,
            Outcome::Changed if self.rehearses() => None,
            Outcome::Changed => Some(self.wait_off(request).await?),
        };
        Ok(changed(vm, "stop", outcome, state, begun))
    }

    /// Stops a VM by its power button and starts it again.
    pub(super) async fn restart(&self, vm: &VmRef, timeout: Duration) -> Result<Changed, Error> {
        let begun = Instant::now();
        let mode = StopMode::Acpi;
        let then = WhenLate::Fail;
        self.stop(&StopRequest { vm: vm.clone(), mode, timeout, then }).await?;
        let notes = self.start_from_off(vm, Display::Headless, None).await?.notes;
        let running = Some(VmState::Running);
        Ok(Changed { notes, ..changed(vm, "restart", Outcome::Changed, running, begun) })
    }

    /// Pauses, resumes or resets a VM.
    pub(super) async fn bring(&self, vm: &VmRef, goal: Goal) -> Result<Changed, Error> {
        let begun = Instant::now();
        let outcome = self.reach(vm, goal).await?;
        let state = if goal == Goal::Paused { VmState::Paused } else { VmState::Running };
        Ok(changed(vm, goal.name(), outcome, Some(state), begun))
    }

    /// Removes a VM with its disks and snapshots.
    pub(super) async fn delete(
        &self,
        vm: &VmRef,
        if_missing: IfMissing,
        if_live: IfLive,
    ) -> Result<Changed, Error> {
        let begun = Instant::now();
        let (target, this) = (vm.clone(), self.clone());
        let intent = Arc::new(OnceLock::new());
        let noted = Arc::clone(&intent);
        let work = Work::on(vm, VmTaskType::Delete);
        let result = self
            .run(work, move |hypervisor, _| {
                let (vm, this, noted) = (target.clone(), this.clone(), Arc::clone(&noted));
                async move {
                    this.spare_template(&vm, Intrusion::Delete).await?;
                    unneeded(hypervisor.as_ref(), &vm).await?;
                    // Under the lock: what is not begun leaves no intent to be carried out later.
                    if let Some(id) = this.intend_deletion(&vm).await? {
                        noted.set(id).ok();
                    }
                    delete_once(hypervisor.as_ref(), &vm, if_live).await
                }
            })
            .await;
        match (&result, intent.get().copied()) {
            (Ok(()), Some(id)) => self.forget(id),
            (Err(_), Some(id)) => self.note_failed_deletion(id).await,
            (_, None) => {}
        }
        match result {
            Ok(()) => Ok(changed(vm, "delete", Outcome::Changed, None, begun)),
            Err(e) if e.kind() == ErrorKind::VmNotFound && if_missing == IfMissing::Succeed => {
                Ok(changed(vm, "delete", Outcome::Unchanged, None, begun))
            }
            Err(e) => Err(e),
        }
    }

    /// Brings a VM to a goal in one task: the likely step first, a look only when it does not fit.
    async fn reach(&self, vm: &VmRef, goal: Goal) -> Result<Outcome, Error> {
        let (task_type, priority) = match goal {
            Goal::Running(_) => (VmTaskType::Start, Priority::High),
            Goal::Off(StopMode::PowerOff) => (VmTaskType::Stop, Priority::Critical),
            Goal::Off(_) => (VmTaskType::Stop, Priority::High),
            Goal::Paused => (VmTaskType::Pause, Priority::High),
            Goal::Resumed => (VmTaskType::Resume, Priority::High),
            Goal::Reset => (VmTaskType::Reset, Priority::Critical),
        };
        let target = vm.clone();
        let look_first = self.rehearses();
        self.run(Work::on(vm, task_type).priority(priority), move |hypervisor, _| {
            let vm = target.clone();
            async move { reach_once(hypervisor, &vm, goal, look_first).await }
        })
        .await
    }

    /// Waits until a VM that was told to stop is off.
    async fn wait_off(&self, request: &StopRequest) -> Result<VmState, Error> {
        let vm = &request.vm;
        let late = match self.wait_state(vm, Phase::Offline, request.timeout).await {
            Err(e) if e.kind() == ErrorKind::TimedOut => e,
            decided => return decided,
        };
        match (request.mode, request.then) {
            (StopMode::Acpi, WhenLate::PowerOff) => {
                self.reach(vm, Goal::Off(StopMode::PowerOff)).await?;
                self.wait_state(vm, Phase::Offline, self.settings().timeouts.change).await
            }
            (..) => Err(late.hint(format!(
                "run `vm-cli stop {0} --force` to power it off, or look at its screen: \
                 `vm-cli screenshot {0}`",
                typed(vm)
            ))),
        }
    }
}

/// One attempt to bring a VM to a goal.
async fn reach_once(
    hypervisor: Arc<dyn Hypervisor>,
    vm: &VmRef,
    goal: Goal,
    look_first: bool,
) -> Result<Outcome, Error> {
    if !look_first {
        match carry_out(hypervisor.as_ref(), vm, goal.likely_step()).await {
            Ok(()) => return Ok(Outcome::Changed),
            Err(e) if !may_be_another_state(e.kind()) => return Err(e),
            Err(e) => {
                // The step did not fit the state, or its end was not seen: look, then decide.
                let state = hypervisor.inspect(vm).await?.state;
                let Some(next) = plan::step(goal, vm.as_str(), &state)? else {
                    let done = e.kind() == ErrorKind::OutcomeUnknown;
                    return Ok(if done { Outcome::Changed } else { Outcome::Unchanged });
                };
                if next == goal.likely_step() {
                    return Err(e);
                }
                return carry_out(hypervisor.as_ref(), vm, next).await.map(|()| Outcome::Changed);
            }
        }
    }
    let state = hypervisor.inspect(vm).await?.state;
    match plan::step(goal, vm.as_str(), &state)? {
        None => Ok(Outcome::Unchanged),
        Some(step) => carry_out(hypervisor.as_ref(), vm, step).await.map(|()| Outcome::Changed),
    }
}

/// Returns whether a failure can mean that the VM is in another state than was thought.
fn may_be_another_state(kind: ErrorKind) -> bool {
    [
        ErrorKind::InvalidState,
        ErrorKind::Locked,
        ErrorKind::NotReady,
        ErrorKind::Changing,
        ErrorKind::OutcomeUnknown,
    ]
    .contains(&kind)
}

async fn carry_out(hypervisor: &dyn Hypervisor, vm: &VmRef, step: Step) -> Result<(), Error> {
    match step {
        Step::Start(display) => hypervisor.start(vm, display).await,
        Step::Stop(mode) => hypervisor.stop(vm, mode).await,
        Step::Pause => hypervisor.pause(vm).await,
        Step::Resume => hypervisor.resume(vm).await,
        Step::Reset => hypervisor.reset(vm).await,
    }
}

/// Refuses to delete what linked clones stand on.
async fn unneeded(hypervisor: &dyn Hypervisor, vm: &VmRef) -> Result<(), Error> {
    let Some(cloning) = hypervisor.cloning() else { return Ok(()) };
    let clones = cloning.dependants(vm).await;
    if clones.is_empty() {
        return Ok(());
    }
    let message = format!("cannot delete `{vm}`: linked clones need it: {}", clones.join(", "));
    Err(Error::new(ErrorKind::InvalidState, message).hint("delete them first"))
}

/// One attempt to delete a VM.
async fn delete_once(
    hypervisor: &dyn Hypervisor,
    vm: &VmRef,
    if_live: IfLive,
) -> Result<(), Error> {
    let failure = match hypervisor.delete(vm).await {
        Err(e) if may_be_another_state(e.kind()) => e,
        decided => return decided,
    };
    let state = match hypervisor.inspect(vm).await {
        // A delete whose end was not seen did happen.
        Err(e) if e.kind() == ErrorKind::VmNotFound => return Ok(()),
        seen => seen?.state,
    };
    match (state.phase(), if_live) {
        (Phase::Live, IfLive::Fail) => {
            let message = format!("cannot delete `{vm}`: it is {state}");
            let vm_typed = typed(vm);
            Err(Error::new(ErrorKind::InvalidState, message).hint(format!(
                "run `vm-cli stop {vm_typed}` first, or `vm-cli delete {vm_typed} --force`"
            )))
        }
        (Phase::Live, IfLive::PowerOff) => {
            hypervisor.stop(vm, StopMode::PowerOff).await?;
            match hypervisor.delete(vm).await {
                // The session is released a moment after the power is gone: the queue tries again.
                Err(e) if e.kind() == ErrorKind::InvalidState => {
                    Err(plan::changing(vm.as_str(), &VmState::Stopping).caused_by(e))
                }
                decided => decided,
            }
        }
        (Phase::Changing, _) => Err(plan::changing(vm.as_str(), &state)),
        (Phase::Offline | Phase::Broken, _) => Err(failure),
    }
}

fn changed(
    vm: &VmRef,
    action: &'static str,
    outcome: Outcome,
    state: Option<VmState>,
    begun: Instant,
) -> Changed {
    let (vm, notes) = (vm.to_string(), Vec::new());
    Changed { vm, action, outcome, state, notes, took: begun.elapsed() }
}
