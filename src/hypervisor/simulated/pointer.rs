//! The simulated guest's pointer: its window can be closed.

use async_trait::async_trait;

use super::driver::SimulatedHypervisor;
use super::fault::Operation;
use super::machine::Machine;
use super::moment::{Moment, millis};
use super::picture::{self, Scene};
use crate::error::{Error, ErrorKind};
use crate::hypervisor::{Hand, Pointer};
use crate::model::{Button, PointerReport, Position, Size, VmRef, typed};

/// There is only one way.
pub(super) const WAY: &str = "simulated";

/// What a pointer has done to the desktop.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Desk {
    /// Where the left button went down that is held.
    pub(super) pressed: Option<Position>,
    /// The window was closed.
    pub(super) is_cleared: bool,
}

#[async_trait]
impl Pointer for SimulatedHypervisor {
    async fn way(&self, _vm: &VmRef) -> Result<&'static str, Error> {
        Ok(WAY)
    }

    async fn take(&self, vm: &VmRef) -> Result<Box<dyn Hand>, Error> {
        Ok(Box::new(SimulatedHand { of: self.clone(), vm: vm.clone() }))
    }
}

/// The pointer of a simulated guest, in hand.
#[derive(Debug)]
struct SimulatedHand {
    of: SimulatedHypervisor,
    vm: VmRef,
}

#[async_trait]
impl Hand for SimulatedHand {
    async fn screen(&mut self) -> Result<Size, Error> {
        let vm = self.vm.clone();
        let scene = self.of.look(Operation::Screenshot, move |world, now| {
            let machine = world.find(&vm)?;
            let uptime = machine.guest_uptime("be pointed at", now)?;
            Ok(Scene::of(&machine.settings, uptime, now.pace))
        });
        Ok(picture::size(&scene.await?))
    }

    async fn point(&mut self, reports: &[PointerReport]) -> Result<(), Error> {
        let wanted = reports.to_vec();
        let shown: Vec<String> = reports.iter().map(ToString::to_string).collect();
        let act = move |machine: &mut Machine, now: Moment| {
            machine.running("be pointed at")?;
            follows(machine, now)?;
            for report in wanted {
                machine.desk.take_in(report);
            }
            Ok(())
        };
        self.of.change(Operation::Pointer, &self.vm, &shown.join("; "), act).await
    }

    async fn let_go(self: Box<Self>) {}
}

/// A guest that boots has no driver for its pointer yet.
fn follows(machine: &mut Machine, now: Moment) -> Result<(), Error> {
    let uptime = machine.guest_uptime("be pointed at", now)?;
    if uptime >= millis(now.pace.desktop) {
        return Ok(());
    }
    let name = &machine.settings.name;
    let message = format!("nothing in the guest of `{name}` follows the pointer to a place yet");
    Err(Error::new(ErrorKind::NotReady, message)
        .hint(format!("let it boot: `vm-cli wait {} additions`", typed(name)))
        .about(name)
        .given_up())
}

impl Desk {
    fn take_in(&mut self, report: PointerReport) {
        match (self.pressed, report.held) {
            (None, Some(Button::Left)) => self.pressed = Some(report.at),
            (Some(_), Some(Button::Left)) | (None, None | Some(Button::Right | Button::Middle)) => {
            }
            (Some(pressed), None | Some(Button::Right | Button::Middle)) => {
                self.pressed = None;
                // As everywhere: pressed and let go on the same button.
                self.is_cleared |= picture::closes(pressed) && picture::closes(report.at);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Desk;
    use crate::model::{Button, PointerReport, Position, Wheel};

    const OK: Position = Position { x: 720, y: 466 };
    const BESIDE: Position = Position { x: 300, y: 466 };

    fn after(way: [(Position, Option<Button>); 2]) -> Desk {
        let mut desk = Desk::default();
        for (at, held) in way {
            desk.take_in(PointerReport { at, held, wheel: Wheel::Still });
        }
        desk
    }

    #[test]
    fn a_click_on_ok_closes_the_window_and_nothing_else_does() {
        let left = Some(Button::Left);
        assert!(after([(OK, left), (OK, None)]).is_cleared);
        assert!(!after([(BESIDE, left), (BESIDE, None)]).is_cleared);
        assert!(!after([(OK, left), (BESIDE, None)]).is_cleared, "dragged away");
        assert!(!after([(BESIDE, left), (OK, None)]).is_cleared, "dragged onto it");
        assert!(!after([(OK, Some(Button::Right)), (OK, None)]).is_cleared);
        assert!(!after([(OK, left), (OK, left)]).is_cleared, "still held");
    }
}
