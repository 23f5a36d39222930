//! The pointer: what a person does with it, as reports of a device at a bearable pace, and nothing
//! left held whatever happens.

mod gesture;
mod place;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::VmOrchestrator;
use super::tasks::Work;
use crate::error::{Error, ErrorKind};
use crate::hypervisor::{Hypervisor, Pointer};
use crate::model::{Frame, PointerReport, Position, Size, VmRef, VmTaskType, Wheel};
use crate::request::{Effect, Look, Pointed, PointerRequest};
use crate::screen;

use gesture::Step;

/// How long is waited before the screen is looked at again.
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

impl VmOrchestrator {
    /// Moves the pointer, and tells what came of it.
    pub(super) async fn point(&self, request: &PointerRequest) -> Result<Pointed, Error> {
        let (begun, vm) = (Instant::now(), &request.vm);
        let way = pointer(self.hypervisor().as_ref())?.way()?;
        let before = match request.look {
            Look::Until(_) => Some(self.frame(vm).await?),
            // A rehearsal starts no service to ask.
            Look::Away if self.rehearses() => Some(self.frame(vm).await?),
            Look::Away => None,
        };
        let screen = match &before {
            Some(frame) => frame.size(),
            None => self.screen_size(vm).await?,
        };
        let gesture = place::on_screen(&request.gesture, request.space, screen)
            .map_err(|error| error.about(vm))?;
        self.report(vm, gesture::steps(&gesture, screen)).await?;
        let effect = match (before, request.look) {
            (Some(before), Look::Until(patience)) if !self.rehearses() => {
                Some(self.effect(vm, &before, patience).await?)
            }
            _ => None,
        };
        let (vm, took) = (vm.to_string(), begun.elapsed());
        Ok(Pointed { vm, gesture, way, screen, effect, took })
    }

    /// Looks until the screen has changed or nobody waits any longer.
    async fn effect(
        &self,
        vm: &VmRef,
        before: &Frame,
        patience: Duration,
    ) -> Result<Effect, Error> {
        let begun = Instant::now();
        loop {
            let after = self.frame(vm).await?;
            if after != *before || begun.elapsed() >= patience {
                return Ok(Effect {
                    before: screen::content_hash(before),
                    after: screen::content_hash(&after),
                    changed_share: screen::changed_share(before, &after),
                });
            }
            tokio::select! {
                () = self.canceled() => {}
                () = tokio::time::sleep(BETWEEN_LOOKS) => {}
            }
        }
    }

    async fn frame(&self, vm: &VmRef) -> Result<Frame, Error> {
        let png = self.picture(vm).await?;
        screen::decode_png(&png).map_err(|error| error.about(vm))
    }

    async fn screen_size(&self, vm: &VmRef) -> Result<Size, Error> {
        let target = vm.clone();
        self.run(Work::on(vm, VmTaskType::Inspect), move |hypervisor, _| {
            let vm = target.clone();
            async move { pointer(hypervisor.as_ref())?.screen(&vm).await }
        })
        .await
    }

    async fn report(&self, vm: &VmRef, steps: Vec<Step>) -> Result<(), Error> {
        let Some(last) = steps.last().and_then(|step| step.reports.last()).copied() else {
            return Ok(());
        };
        let holds = steps.iter().flat_map(|step| &step.reports).any(|it| it.held.is_some());
        let (target, steps) = (vm.clone(), Arc::new(steps));
        // A second attempt goes on where the first one failed: what was done stays done.
        let sent = Arc::new(AtomicUsize::new(0));
        let done = Arc::clone(&sent);
        let reported = self.run(Work::on(vm, VmTaskType::Pointer), move |hypervisor, _| {
            let (vm, steps, sent) = (target.clone(), Arc::clone(&steps), Arc::clone(&sent));
            async move {
                let pointer = pointer(hypervisor.as_ref())?;
                while let Some(step) = steps.get(sent.load(Ordering::Relaxed)) {
                    pointer.point(&vm, &step.reports).await?;
                    sent.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(step.rest).await;
                }
                Ok(())
            }
        });
        let Err(error) = reported.await else { return Ok(()) };
        let sent = done.load(Ordering::Relaxed);
        if holds && may_hold(&error, sent) {
            self.let_go(vm, last.at).await;
        }
        Err(match sent {
            0 => error,
            _ => error.hint("a part of it had arrived before; look at the screen first"),
        })
    }

    /// Lets go of buttons that an interrupted gesture may have left down; it is too late for more
    /// if that fails.
    async fn let_go(&self, vm: &VmRef, at: Position) {
        let target = vm.clone();
        let work = Work::on(vm, VmTaskType::Pointer);
        let released = self.run_to_the_end(work, move |hypervisor, _| {
            let vm = target.clone();
            let report = PointerReport { at, held: None, wheel: Wheel::Still };
            async move { pointer(hypervisor.as_ref())?.point(&vm, &[report]).await }
        });
        if let Err(error) = released.await {
            tracing::warn!(vm = %vm, %error, "a button may be held down");
        }
    }
}

/// Whether a button may be down after a failure: something arrived, or may have.
fn may_hold(error: &Error, sent: usize) -> bool {
    sent > 0
        || matches!(
            error.kind(),
            ErrorKind::OutcomeUnknown | ErrorKind::Canceled | ErrorKind::TimedOut
        )
}

fn pointer(hypervisor: &dyn Hypervisor) -> Result<&dyn Pointer, Error> {
    hypervisor.pointer().ok_or_else(|| {
        let message = format!("{} gives its guests no pointer", hypervisor.kind());
        Error::new(ErrorKind::Unsupported, message)
    })
}
