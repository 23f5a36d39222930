//! Waiting for a level, never for an edge, always with a deadline.

mod awaited;
mod look;
mod screen;

use std::time::{Duration, Instant};

use self::awaited::Awaited;
use self::look::Look;
use self::screen::Watched;
use super::VmOrchestrator;
use super::naming::Meant;
use crate::error::{Error, ErrorKind};
use crate::model::{Phase, Vm, VmRef, VmState};
use crate::request::{Changed, Outcome, ScreenWatch, WaitCondition};

/// The first and the longest pause between two looks.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(1));

/// The longest pause that the guest itself can end by reporting something. A VM that goes away ends
/// none (measured on 7.2.22), so it is not much longer.
const NEWS: Duration = Duration::from_secs(2);

impl VmOrchestrator {
    /// Waits for a condition, as a request of its own.
    pub(super) async fn wait(
        &self,
        vm: &VmRef,
        condition: WaitCondition,
        timeout: Duration,
        watch: &ScreenWatch,
    ) -> Result<Changed, Error> {
        let begun = Instant::now();
        let found = if self.rehearses() {
            None
        } else {
            self.await_condition(vm, condition, timeout, watch).await?
        };
        let (state, outcome, took) =
            (found.map(|vm| vm.state), Outcome::Unchanged, begun.elapsed());
        let notes = Vec::new();
        Ok(Changed { vm: vm.to_string(), action: "wait", outcome, state, notes, took })
    }

    /// Waits until a condition holds; a rehearsal does not wait.
    pub(super) async fn wait_for(
        &self,
        vm: &VmRef,
        condition: WaitCondition,
        timeout: Duration,
    ) -> Result<Option<Vm>, Error> {
        if self.rehearses() {
            return Ok(None);
        }
        self.await_condition(vm, condition, timeout, &ScreenWatch::default()).await
    }

    /// Waits until a condition holds. Who waited in vain is told how the VM is.
    async fn await_condition(
        &self,
        vm: &VmRef,
        condition: WaitCondition,
        timeout: Duration,
        watch: &ScreenWatch,
    ) -> Result<Option<Vm>, Error> {
        let mut watched = Watched::new(watch).await?;
        let vm = &if condition == WaitCondition::Gone { self.really(vm).await } else { vm.clone() };
        let waited = self.poll(vm, Awaited::Condition(condition), timeout, &mut watched);
        // What waiting takes is not a part of every request.
        let found = Box::pin(waited).await;
        match found {
            Err(e) if e.kind() == ErrorKind::TimedOut => {
                Err(e.found(Box::pin(self.evidence(vm)).await))
            }
            decided => decided,
        }
    }

    /// Returns the VM that a name means: one that is not there by this name may be by another.
    async fn really(&self, vm: &VmRef) -> VmRef {
        match self.meant(vm).await {
            Meant::Vm(meant) => meant,
            Meant::Perhaps(_) | Meant::Nothing => vm.clone(),
        }
    }

    /// Waits until a VM is in a phase, and returns its state.
    pub(super) async fn wait_state(
        &self,
        vm: &VmRef,
        phase: Phase,
        timeout: Duration,
    ) -> Result<VmState, Error> {
        let mut watched = Watched::new(&ScreenWatch::default()).await?;
        let found = Box::pin(self.poll(vm, Awaited::Phase(phase), timeout, &mut watched)).await?;
        found.map(|vm| vm.state).ok_or_else(|| vanished(vm))
    }

    /// Waits until a VM's SSH server shows its banner, and returns the VM.
    pub(super) async fn wait_ssh(&self, vm: &VmRef, timeout: Duration) -> Result<Vm, Error> {
        let found = self.wait_for(vm, WaitCondition::Ssh, timeout).await?;
        found.ok_or_else(|| vanished(vm))
    }

    /// Looks once whether a condition holds. What cannot be seen does not.
    pub(super) async fn holds(&self, vm: &VmRef, condition: WaitCondition) -> bool {
        let Ok(mut watched) = Watched::new(&ScreenWatch::default()).await else { return false };
        let look = self.look(vm, Awaited::Condition(condition), &mut watched).await;
        matches!(look, Ok(Look::There(_) | Look::Gone))
    }

    /// Looks until it is so, with growing pauses, until the deadline.
    async fn poll(
        &self,
        vm: &VmRef,
        awaited: Awaited,
        timeout: Duration,
        watched: &mut Watched,
    ) -> Result<Option<Vm>, Error> {
        let deadline = Instant::now() + timeout;
        let (mut pause, longest) = PAUSES;
        loop {
            let look = tokio::select! {
                biased;
                look = self.look(vm, awaited, watched) => look?,
                // A guest that is silent must not hold up who wants to end.
                () = self.canceled() => return Err(canceled(vm)),
            };
            let missing = match look {
                Look::There(found) => return Ok(Some(*found)),
                Look::Gone => return Ok(None),
                Look::NotYet(missing) => missing,
            };
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(awaited.late(vm, timeout, &missing));
            }
            tokio::select! {
                () = self.pause(vm, awaited, pause, left) => {}
                () = self.canceled() => return Err(canceled(vm)),
            }
            pause = (pause * 2).min(longest);
        }
    }
}

impl VmOrchestrator {
    /// Waits between two looks; what a guest reports of itself ends that early.
    async fn pause(&self, vm: &VmRef, awaited: Awaited, pause: Duration, left: Duration) {
        let begun = Instant::now();
        let is_long = awaited.is_reported() && pause >= PAUSES.1;
        let pause = pause.min(left);
        let least = match self.hypervisor().news().filter(|_| is_long) {
            // One that comes back at once must not be asked without end.
            Some(news) => match news.next(vm, NEWS.min(left)).await {
                Ok(()) => PAUSES.0.min(left),
                Err(_) => pause,
            },
            None => pause,
        };
        tokio::time::sleep(least.saturating_sub(begun.elapsed())).await;
    }
}

fn vanished(vm: &VmRef) -> Error {
    Error::new(ErrorKind::VmNotFound, format!("`{vm}` is gone")).about(vm)
}

fn canceled(vm: &VmRef) -> Error {
    Error::new(ErrorKind::Canceled, "canceled").about(vm)
}
