//! The guest's pointer: a USB tablet, which tells places.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::driver::QemuDriver;
use crate::error::{Error, ErrorKind};
use crate::hypervisor::{Console, Hand, Pointer};
use crate::model::{Button, Monitor, PointerReport, Size, VmRef, VmState, Wheel};

/// The only way.
pub(super) const WAY: &str = "qmp";

/// QEMU counts both sides of a screen from 0 to this (qapi/ui.json, QEMU 7.2).
const FAR_END: u64 = 0x7fff;

/// Where a PNG tells its width and its height.
const PNG_SIZE: std::ops::Range<usize> = 16..24;

#[async_trait]
impl Pointer for QemuDriver {
    async fn way(&self, vm: &VmRef) -> Result<&'static str, Error> {
        self.register.find(vm).map(|_| WAY)
    }

    async fn take(&self, vm: &VmRef) -> Result<Box<dyn Hand>, Error> {
        Ok(Box::new(QemuHand { of: self.clone(), vm: vm.clone(), screen: None, held: None }))
    }
}

/// The pointer of a guest, in hand.
#[derive(Debug)]
struct QemuHand {
    of: QemuDriver,
    vm: VmRef,
    screen: Option<Size>,
    held: Option<Button>,
}

#[async_trait]
impl Hand for QemuHand {
    async fn screen(&mut self) -> Result<Size, Error> {
        let picture = self.of.screenshot(&self.vm, Monitor::default()).await?;
        let size = size_of(&picture).ok_or_else(|| {
            let message = format!("QEMU drew no PNG of the screen of `{}`", self.vm);
            Error::new(ErrorKind::Unparseable, message).about(&self.vm)
        })?;
        Ok(*self.screen.insert(size))
    }

    async fn point(&mut self, reports: &[PointerReport]) -> Result<(), Error> {
        let size = match self.screen {
            Some(size) => size,
            None => self.screen().await?,
        };
        let held = self.of.register.hold(&self.vm).await?;
        let shown: Vec<String> = reports.iter().map(ToString::to_string).collect();
        if self.of.notes("pointer", &held.definition.settings.name, &shown.join("; ")) {
            return Ok(());
        }
        held.expect(&VmState::Running, "be pointed at")?;
        let mut qemu = self.of.talk(&held).await?;
        if !tells_places(&qemu.call("query-mice", json!({})).await?) {
            return Err(not_following(&self.vm));
        }
        for report in reports {
            let events = events(*report, self.held, size);
            qemu.call("input-send-event", json!({ "events": events })).await?;
            self.held = report.held;
        }
        Ok(())
    }

    async fn let_go(self: Box<Self>) {}
}

/// Returns what QEMU is told for a report; `held` is the button that was down before it.
fn events(report: PointerReport, held: Option<Button>, screen: Size) -> Vec<Value> {
    let axis = |axis, at: u32, length: u32| {
        let last = u64::from(length.saturating_sub(1).max(1));
        let value = (u64::from(at) * FAR_END).div_ceil(last).min(FAR_END);
        json!({"type": "abs", "data": {"axis": axis, "value": value}})
    };
    let press =
        |button: &str, down: bool| json!({"type": "btn", "data": {"button": button, "down": down}});
    let mut events =
        vec![axis("x", report.at.x, screen.width), axis("y", report.at.y, screen.height)];
    if held != report.held {
        events.extend(held.map(|button| press(button.as_str(), false)));
        events.extend(report.held.map(|button| press(button.as_str(), true)));
    }
    let turned = match report.wheel {
        Wheel::Still => None,
        Wheel::Up => Some("wheel-up"),
        Wheel::Down => Some("wheel-down"),
    };
    if let Some(wheel) = turned {
        events.extend([press(wheel, true), press(wheel, false)]);
    }
    events
}

/// Tells whether the guest has opened the tablet, from what `query-mice` answers.
fn tells_places(mice: &Value) -> bool {
    let is = |mouse: &Value, what: &str| mouse.get(what).and_then(Value::as_bool) == Some(true);
    let mice = mice.as_array().map(Vec::as_slice).unwrap_or_default();
    mice.iter().any(|mouse| is(mouse, "current") && is(mouse, "absolute"))
}

fn size_of(png: &[u8]) -> Option<Size> {
    let (width, height) = png.get(PNG_SIZE)?.split_at_checked(4)?;
    let number = |bytes: &[u8]| bytes.try_into().ok().map(u32::from_be_bytes);
    Some(Size { width: number(width)?, height: number(height)? })
}

fn not_following(vm: &VmRef) -> Error {
    let message = format!("nothing in the guest of `{vm}` follows the pointer to a place yet");
    Error::new(ErrorKind::NotReady, message)
        .hint("wait for its desktop: a console follows no pointer")
        .about(vm)
        .given_up()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{events, size_of, tells_places};
    use crate::model::{Button, PointerReport, Position, Size, Wheel};

    const SCREEN: Size = Size { width: 720, height: 400 };

    fn report(x: u32, y: u32) -> PointerReport {
        PointerReport { at: Position { x, y }, held: None, wheel: Wheel::Still }
    }

    fn place(x: u32, y: u32) -> [u64; 2] {
        let told = events(report(x, y), None, SCREEN);
        [0, 1].map(|axis| told[axis]["data"]["value"].as_u64().unwrap())
    }

    #[test]
    fn every_pixel_is_hit_as_the_guest_counts_it_back() {
        for x in 0..SCREEN.width {
            let [value, _] = place(x, 0);
            assert_eq!(value * u64::from(SCREEN.width - 1) / 0x7fff, u64::from(x));
        }
        assert_eq!(place(0, 0), [0, 0]);
        assert_eq!(place(719, 399), [0x7fff, 0x7fff]);
        assert_eq!(place(5000, 5000), [0x7fff, 0x7fff], "beyond the screen");
    }

    #[test]
    fn a_button_is_told_when_it_changes_and_the_wheel_in_notches() {
        let buttons = |told: &[Value]| -> Vec<Value> {
            told.iter().skip(2).map(|event| event["data"].clone()).collect()
        };
        let down = PointerReport { held: Some(Button::Left), ..report(1, 1) };
        let pressed = json!({"button": "left", "down": true});
        let freed = json!({"button": "left", "down": false});
        assert_eq!(buttons(&events(down, None, SCREEN)), [pressed]);
        assert!(buttons(&events(down, Some(Button::Left), SCREEN)).is_empty());
        assert_eq!(buttons(&events(report(1, 1), Some(Button::Left), SCREEN)), [freed]);
        let turned = PointerReport { wheel: Wheel::Down, ..report(1, 1) };
        let notch = |down| json!({"button": "wheel-down", "down": down});
        assert_eq!(buttons(&events(turned, None, SCREEN)), [notch(true), notch(false)]);
    }

    #[test]
    fn a_guest_follows_once_the_tablet_is_current() {
        let mice = |current: bool| {
            json!([
                {"name": "QEMU PS/2 Mouse", "index": 0, "current": !current, "absolute": false},
                {"name": "QEMU HID Tablet", "index": 1, "current": current, "absolute": true},
            ])
        };
        assert!(tells_places(&mice(true)));
        assert!(!tells_places(&mice(false)));
        assert!(!tells_places(&json!(null)));
    }

    #[test]
    fn a_picture_tells_its_size() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        png.extend([0, 0, 2, 0xd0, 0, 0, 1, 0x90]);
        assert_eq!(size_of(&png), Some(SCREEN));
        assert_eq!(size_of(&png[..20]), None);
    }
}
