//! What is done with a guest's keyboard or pointer: one part after the other, and nothing left held
//! whatever happens.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;

use super::VmOrchestrator;
use super::permit::Permit;
use super::tasks::Work;
use crate::error::{Error, ErrorKind};
use crate::hypervisor::Hypervisor;
use crate::model::{Phase, VmRef, VmState, VmTaskType, typed};

/// While something is held down, it is looked so often whether it still may be.
const STEP: Duration = Duration::from_millis(100);

/// Something that is done with a device of a guest, in parts.
#[async_trait]
pub(super) trait Course: Send + Sync + 'static {
    /// The device.
    type Device: Send;

    /// Takes the device, for one attempt.
    async fn take(
        &self,
        hypervisor: &Arc<dyn Hypervisor>,
        vm: &VmRef,
    ) -> Result<Self::Device, Error>;

    /// Sends a part, and returns how long to rest after it; `None` if there is no such part.
    async fn send(&self, device: &mut Self::Device, part: usize)
    -> Result<Option<Duration>, Error>;

    /// Releases what the parts may have left held, if they hold anything.
    async fn release(&self, device: &mut Self::Device) -> Result<(), Error>;

    /// Lets go of the device.
    async fn let_go(&self, device: Self::Device);
}

impl VmOrchestrator {
    /// Completes a course. If that is interrupted, nothing stays held.
    pub(super) async fn complete<C: Course>(
        &self,
        vm: &VmRef,
        task_type: VmTaskType,
        course: &Arc<C>,
    ) -> Result<(), Error> {
        let (target, course) = (vm.clone(), Arc::clone(course));
        let permit = Arc::new(self.use_guest(vm).await?);
        // A second attempt goes on where the first one failed: what was sent stays sent.
        let sent = Arc::new(AtomicUsize::new(0));
        let (done, undo) = (Arc::clone(&sent), Arc::clone(&course));
        let completed = self.run(Work::on(vm, task_type.clone()), move |hypervisor, _| {
            let (vm, course, sent) = (target.clone(), Arc::clone(&course), Arc::clone(&sent));
            let permit = Arc::clone(&permit);
            async move {
                let mut device = course.take(&hypervisor, &vm).await?;
                let sent = send_all(course.as_ref(), &mut device, &sent, &permit).await;
                course.let_go(device).await;
                sent
            }
        });
        let Err(error) = completed.await else { return Ok(()) };
        let sent = done.load(Ordering::Relaxed);
        if is_strange(&error)
            && let Some(state) = self.gone_off(vm).await
        {
            // Nothing is held by a machine that is off.
            return Err(went_off(vm, &state).caused_by(error));
        }
        if may_hold(&error, sent) {
            self.release(vm, task_type, undo).await;
        }
        Err(match sent {
            0 => error,
            _ => error.hint("a part of it had arrived before; look at the screen first"),
        })
    }

    /// Returns the state of a VM that is not live any more.
    async fn gone_off(&self, vm: &VmRef) -> Option<VmState> {
        let found = self.inspect(vm).await.ok()?;
        (found.state.phase() != Phase::Live).then_some(found.state)
    }

    /// Releases what may be held; it is too late for more if that fails.
    async fn release<C: Course>(&self, vm: &VmRef, task_type: VmTaskType, course: Arc<C>) {
        let target = vm.clone();
        let released = self.run_to_the_end(Work::on(vm, task_type), move |hypervisor, _| {
            let (vm, course) = (target.clone(), Arc::clone(&course));
            async move {
                let mut device = course.take(&hypervisor, &vm).await?;
                let released = course.release(&mut device).await;
                course.let_go(device).await;
                released
            }
        });
        if let Err(error) = released.await {
            tracing::warn!(vm = %vm, %error, "keys or buttons may be held down");
        }
    }
}

async fn send_all<C: Course>(
    course: &C,
    device: &mut C::Device,
    sent: &AtomicUsize,
    permit: &Permit,
) -> Result<(), Error> {
    loop {
        permit.check()?;
        let Some(mut rest) = course.send(device, sent.load(Ordering::Relaxed)).await? else {
            return Ok(());
        };
        let before = sent.fetch_add(1, Ordering::Relaxed);
        tracing::debug!(target: "vm_cli::call", "part {} has arrived", before + 1);
        while !rest.is_zero() {
            let step = rest.min(STEP);
            tokio::time::sleep(step).await;
            rest = rest.saturating_sub(step);
            permit.check()?;
        }
    }
}

/// Whether a failure is one of those that VirtualBox tells when a VM dies in the middle of a call:
/// a scan code that could not be sent, an answer that makes no sense, or none.
fn is_strange(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ProgramFailed
            | ErrorKind::Unparseable
            | ErrorKind::OutcomeUnknown
            | ErrorKind::ServiceUnavailable
            | ErrorKind::NotReady
    )
}

fn went_off(vm: &VmRef, state: &VmState) -> Error {
    let message = format!("`{vm}` went off in the middle: it is {state}");
    let typed = typed(vm);
    Error::new(ErrorKind::InvalidState, message)
        .about(vm)
        .hint(format!("see why with `vm-cli recover {typed}`, or start it: `vm-cli start {typed}`"))
}

/// Whether something may be held after a failure: something arrived, or may have.
fn may_hold(error: &Error, sent: usize) -> bool {
    sent > 0
        || matches!(
            error.kind(),
            ErrorKind::OutcomeUnknown | ErrorKind::Canceled | ErrorKind::TimedOut
        )
}
