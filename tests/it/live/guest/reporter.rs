//! Who listens in the guest to what its input devices tell, and writes it down.

use super::session::Session;

pub(super) const LEFT: u16 = 0x110;
pub(super) const RIGHT: u16 = 0x111;
pub(super) const MIDDLE: u16 = 0x112;

/// What the guest's devices told.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Heard {
    pub(super) buttons: Vec<(u16, i32)>,
    pub(super) wheel: Vec<i32>,
    pub(super) places: Vec<(i32, i32)>,
}

/// Lets the guest write down what its devices tell.
pub(super) fn listen(session: &mut Session) {
    let script = "for event in /dev/input/event*; do \
         setsid cat $event >> /tmp/heard-${event##*/} 2>/dev/null < /dev/null & done; \
         for event in /dev/input/event*; do \
         until ls -l /proc/[0-9]*/fd 2>/dev/null | grep -q \"$event\\$\"; do sleep 0.1; done; done";
    session.run(script);
}

/// Returns what the devices told since the last time. A device does not repeat a number: `place` is
/// where the pointer was.
pub(super) fn heard(session: &mut Session, place: &mut (i32, i32)) -> Heard {
    let script = "for file in /tmp/heard-*; do \
         hexdump -v -e '24/1 \"%02x\" \"\n\"' $file; : > $file; done";
    let told = session.run(script);
    let mut heard = Heard::default();
    let mut has_moved = false;
    for (kind, code, value) in told.lines().filter_map(event) {
        match (kind, code) {
            (0, _) if has_moved => {
                heard.places.push(*place);
                has_moved = false;
            }
            (1, button) => heard.buttons.push((button, value)),
            (2, 8) => heard.wheel.push(value),
            (3, axis) => {
                let (along, length) =
                    if axis == 0 { (&mut place.0, 1024) } else { (&mut place.1, 768) };
                *along = value * length / 65_536;
                has_moved = true;
            }
            _ => {}
        }
    }
    heard
}

/// Reads an event of a Linux input device: its type, its code, its value.
fn event(line: &str) -> Option<(u16, u16, i32)> {
    let byte = |at: usize| u8::from_str_radix(line.get(2 * at..2 * at + 2)?, 16).ok();
    let half = |at| Some(u16::from_le_bytes([byte(at)?, byte(at + 1)?]));
    let value = [byte(20)?, byte(21)?, byte(22)?, byte(23)?];
    Some((half(16)?, half(18)?, i32::from_le_bytes(value)))
}

/// Within a pixel.
#[track_caller]
pub(super) fn assert_places(heard: &Heard, expected: &[(i32, i32)]) {
    assert_eq!(heard.places.len(), expected.len(), "{heard:?}");
    for ((x, y), (wanted_x, wanted_y)) in heard.places.iter().zip(expected) {
        assert!((x - wanted_x).abs() <= 1 && (y - wanted_y).abs() <= 1, "{heard:?}");
    }
}
