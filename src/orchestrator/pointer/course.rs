use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;

use super::gesture::{self, Step};
use super::{place, pointer};
use crate::error::{Error, ErrorKind};
use crate::hypervisor::{Hand, Hypervisor};
use crate::model::{PointerReport, Position, Size, VmRef};
use crate::orchestrator::input::Course;
use crate::request::{Gesture, PointerRequest, Space};

/// A gesture on its way to the guest.
#[derive(Debug)]
pub(super) struct GestureCourse {
    vm: VmRef,
    gesture: Gesture,
    space: Space,
    /// The size of the screen that was looked at before, if it was.
    seen: Option<Size>,
    plan: OnceLock<Plan>,
}

/// What a gesture is on a screen of this size.
#[derive(Debug)]
struct Plan {
    screen: Size,
    gesture: Gesture,
    steps: Vec<Step>,
}

impl GestureCourse {
    pub(super) fn new(request: &PointerRequest, seen: Option<Size>) -> Self {
        let (vm, gesture) = (request.vm.clone(), request.gesture.clone());
        Self { vm, gesture, space: request.space, seen, plan: OnceLock::new() }
    }

    /// Returns what was done, in pixels of the screen, and the screen's size.
    pub(super) fn done(&self) -> Result<(Gesture, Size), Error> {
        let done = self.plan.get().map(|plan| (plan.gesture.clone(), plan.screen));
        done.ok_or_else(|| Error::new(ErrorKind::Internal, "a gesture was done without a plan"))
    }

    /// Returns the plan; it is made on the screen that the first one to ask sees.
    fn plan(&self, screen: Size) -> Result<&Plan, Error> {
        let planned = if let Some(plan) = self.plan.get() {
            plan
        } else {
            let meant = self.seen.unwrap_or(screen);
            let gesture = place::on_screen(&self.gesture, self.space, meant)
                .map_err(|error| error.about(&self.vm))?;
            let steps = gesture::steps(&gesture, meant);
            self.plan.get_or_init(|| Plan { screen: meant, gesture, steps })
        };
        if planned.screen == screen { Ok(planned) } else { Err(self.resized(screen)) }
    }

    fn resized(&self, Size { width, height }: Size) -> Error {
        let message = format!(
            "the screen of `{}` has another size now: the gesture was not for {width}x{height}",
            self.vm
        );
        Error::new(ErrorKind::InvalidState, message)
            .about(&self.vm)
            .hint("look at the screen, and do it again")
    }
}

#[async_trait]
impl Course for GestureCourse {
    type Device = Box<dyn Hand>;

    async fn take(
        &self,
        hypervisor: &Arc<dyn Hypervisor>,
        vm: &VmRef,
    ) -> Result<Self::Device, Error> {
        pointer(hypervisor.as_ref())?.take(vm).await
    }

    async fn send(&self, hand: &mut Self::Device, part: usize) -> Result<Option<Duration>, Error> {
        if self.plan.get().is_some_and(|plan| part >= plan.steps.len()) {
            return Ok(None);
        }
        // A place means nothing on a screen of another size, and a guest changes it when it likes.
        let plan = self.plan(hand.screen().await?)?;
        let Some(step) = plan.steps.get(part) else { return Ok(None) };
        hand.point(&step.reports).await?;
        Ok(Some(step.rest))
    }

    async fn release(&self, hand: &mut Self::Device) -> Result<(), Error> {
        let steps = self.plan.get().map_or(&[][..], |plan| &plan.steps);
        let Some(release) = gesture::release(steps) else { return Ok(()) };
        // A report of a place outside would be dropped, and with it that the button is up.
        let at = within(release.at, hand.screen().await?);
        hand.point(&[PointerReport { at, ..release }]).await
    }

    async fn let_go(&self, hand: Self::Device) {
        hand.let_go().await;
    }
}

fn within(at: Position, screen: Size) -> Position {
    Position {
        x: at.x.min(screen.width.saturating_sub(1)),
        y: at.y.min(screen.height.saturating_sub(1)),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use async_trait::async_trait;

    use super::GestureCourse;
    use crate::error::{Error, ErrorKind};
    use crate::hypervisor::Hand;
    use crate::model::{Button, PointerReport, Position, Size};
    use crate::orchestrator::input::Course;
    use crate::request::{Gesture, Look, PointerRequest, Space};

    const LARGE: Size = Size { width: 1024, height: 768 };
    const SMALL: Size = Size { width: 640, height: 480 };

    /// A hand on a screen whose size changes, and what was told by it.
    #[derive(Debug)]
    struct FakeHand {
        sizes: Vec<Size>,
        told: Arc<Mutex<Vec<PointerReport>>>,
    }

    #[async_trait]
    impl Hand for FakeHand {
        async fn screen(&mut self) -> Result<Size, Error> {
            Ok(if self.sizes.len() > 1 { self.sizes.remove(0) } else { self.sizes[0] })
        }

        async fn point(&mut self, reports: &[PointerReport]) -> Result<(), Error> {
            self.told.lock().unwrap().extend(reports);
            Ok(())
        }

        async fn let_go(self: Box<Self>) {}
    }

    fn drag() -> PointerRequest {
        let (from, to) = (Position { x: 1, y: 1 }, Position { x: 1000, y: 700 });
        let gesture = Gesture::Drag { from, to, button: Button::Left };
        PointerRequest {
            vm: "web".parse().unwrap(),
            gesture,
            space: Space::Native,
            look: Look::Away,
        }
    }

    #[tokio::test]
    async fn a_screen_that_changes_its_size_ends_the_gesture_and_the_button_goes_up_within_it() {
        let told = Arc::new(Mutex::new(Vec::new()));
        let sizes = vec![LARGE, LARGE, LARGE, SMALL];
        let mut hand: Box<dyn Hand> = Box::new(FakeHand { sizes, told: told.clone() });
        let course = GestureCourse::new(&drag(), None);
        for part in 0..3 {
            assert!(course.send(&mut hand, part).await.unwrap().is_some());
        }
        let refused = course.send(&mut hand, 3).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::InvalidState);
        assert!(refused.message().contains("another size"), "{refused}");
        course.release(&mut hand).await.unwrap();
        let last = *told.lock().unwrap().last().unwrap();
        assert_eq!((last.at, last.held), (Position { x: 639, y: 479 }, None));
    }

    #[tokio::test]
    async fn a_gesture_for_a_picture_of_another_size_moves_nothing() {
        let told = Arc::new(Mutex::new(Vec::new()));
        let hand = FakeHand { sizes: vec![SMALL], told: told.clone() };
        let mut hand: Box<dyn Hand> = Box::new(hand);
        let course = GestureCourse::new(&drag(), Some(LARGE));
        assert_eq!(course.send(&mut hand, 0).await.unwrap_err().kind(), ErrorKind::InvalidState);
        assert!(told.lock().unwrap().is_empty());
    }
}
