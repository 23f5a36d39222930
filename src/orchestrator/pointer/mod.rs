//! The pointer: what a person does with it, as reports of a device at a bearable pace, and nothing
//! left held whatever happens.

mod course;
mod gesture;
mod place;

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::VmOrchestrator;
use crate::error::Error;
use crate::hypervisor::{Hypervisor, Pointer, offered};
use crate::model::{Frame, VmRef, VmTaskType};
use crate::request::{Effect, Look, Pointed, PointerRequest};
use crate::screen;

use course::GestureCourse;

/// How long is waited before the screen is looked at again.
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

impl VmOrchestrator {
    /// Moves the pointer, and tells what came of it.
    pub(super) async fn point(&self, request: &PointerRequest) -> Result<Pointed, Error> {
        let (begun, vm) = (Instant::now(), &request.vm);
        let way = pointer(self.hypervisor().as_ref())?.way(vm).await?;
        let before = match request.look {
            Look::Until(_) => Some(self.frame(vm).await?),
            Look::Away => None,
        };
        let seen = before.as_ref().map(Frame::size);
        let course = Arc::new(GestureCourse::new(request, seen));
        self.complete(vm, VmTaskType::Pointer, &course).await?;
        let (gesture, screen) = course.done()?;
        let effect = match (before, request.look) {
            (Some(before), Look::Until(patience)) if !self.rehearses() => {
                Some(self.effect(vm, &before, patience).await?)
            }
            _ => None,
        };
        let (vm, took) = (vm.to_string(), begun.elapsed());
        Ok(Pointed { vm, gesture, way, screen, effect, took })
    }

    /// Returns the way on which a VM's pointer is moved, if there is one.
    pub(super) async fn pointer_way(&self, vm: &VmRef) -> Option<&'static str> {
        self.hypervisor().pointer()?.way(vm).await.ok()
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
}

fn pointer(hypervisor: &dyn Hypervisor) -> Result<&dyn Pointer, Error> {
    offered(hypervisor, hypervisor.pointer(), "gives its guests no pointer")
}
