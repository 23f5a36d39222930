//! Keys as the scan codes of set 1, which VirtualBox gives to the guest's keyboard.

use async_trait::async_trait;

use super::manager::VirtualBoxManager;
use crate::error::Error;
use crate::hypervisor::Keyboard;
use crate::keyboard::Key;
use crate::keyboard::KeyEvent;
use crate::keyboard::Layout;
use crate::keyboard::Motion;
use crate::keyboard::Secrecy;
use crate::keyboard::Stroke;
use crate::model::VmRef;

/// What marks a release.
const RELEASE: u8 = 0x80;
/// What stands before the code of a key that the first keyboards did not have.
const EXTENDED: u8 = 0xe0;
/// Pause is pressed and released in one, and its release says nothing.
const PAUSE: [u8; 6] = [0xe1, 0x1d, 0x45, 0xe1, 0x9d, 0xc5];

#[async_trait]
impl Keyboard for VirtualBoxManager {
    /// VBoxManage takes 13 ms for a code (7.2.22): so a call takes about a second.
    fn longest(&self) -> usize {
        80
    }

    async fn press(&self, vm: &VmRef, events: &[KeyEvent], secrecy: Secrecy) -> Result<(), Error> {
        let codes: Vec<u8> = events.iter().flat_map(|event| codes(*event)).collect();
        if codes.is_empty() {
            return Ok(());
        }
        match (secrecy, us_text(events)) {
            (Secrecy::Secret, Some(text)) => self.type_from_file(vm, text).await,
            // What no US keyboard makes goes as codes, and the list of processes shows no secret.
            (Secrecy::Secret, None) => self.press_from_file(vm, &codes).await,
            (Secrecy::Open, _) => self.tell(self.commands.press(vm, &codes), vm).await,
        }
    }
}

impl VirtualBoxManager {
    async fn press_from_file(&self, vm: &VmRef, codes: &[u8]) -> Result<(), Error> {
        let codes: Vec<String> = codes.iter().map(|code| format!("{code:02x}")).collect();
        let call = ["controlvm", vm.as_str(), "keyboardputscancode"];
        let arguments: Vec<&str> =
            call.into_iter().chain(codes.iter().map(String::as_str)).collect();
        self.call_in_file(vm, &arguments).await
    }

    /// Types a text that no command line shows.
    async fn type_from_file(&self, vm: &VmRef, text: String) -> Result<(), Error> {
        let file = self.scratch_file(text, vm).await?;
        self.tell(self.commands.type_file(vm, &file), vm).await
    }
}

/// Returns the text that a US keyboard makes of the keys, if they are whole strokes that make one:
/// VBoxManage types files as if each guest had such a keyboard.
fn us_text(events: &[KeyEvent]) -> Option<String> {
    let mut text = String::new();
    let (mut down, mut rest) = (Vec::new(), events);
    while let Some((event, after)) = rest.split_first() {
        rest = after;
        match event.motion {
            Motion::Down => down.push(event.key),
            Motion::Up => {
                let stroke = Stroke::new(std::mem::take(&mut down));
                text.push(match stroke.keys() {
                    [Key::Enter] => '\n',
                    [Key::Tab] => '\t',
                    _ => Layout::Us.made_by(&stroke)?,
                });
                // What is held goes up after the last key.
                rest = rest.get(stroke.keys().len().saturating_sub(1)..)?;
            }
        }
    }
    down.is_empty().then_some(text)
}

/// Returns the codes of a movement.
fn codes(event: KeyEvent) -> Vec<u8> {
    let release = match event.motion {
        Motion::Down => 0,
        Motion::Up => RELEASE,
    };
    match (code(event.key), event.motion) {
        (Code::Plain(code), _) => vec![code | release],
        (Code::Extended(code), _) => vec![EXTENDED, code | release],
        (Code::Pause, Motion::Down) => PAUSE.to_vec(),
        (Code::Pause, Motion::Up) => Vec::new(),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Code {
    Plain(u8),
    Extended(u8),
    Pause,
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn code(key: Key) -> Code {
    use Code::{Extended, Plain};
    match key {
        Key::Escape => Plain(0x01),
        Key::Digit1 => Plain(0x02),
        Key::Digit2 => Plain(0x03),
        Key::Digit3 => Plain(0x04),
        Key::Digit4 => Plain(0x05),
        Key::Digit5 => Plain(0x06),
        Key::Digit6 => Plain(0x07),
        Key::Digit7 => Plain(0x08),
        Key::Digit8 => Plain(0x09),
        Key::Digit9 => Plain(0x0a),
        Key::Digit0 => Plain(0x0b),
        Key::Minus => Plain(0x0c),
        Key::Equal => Plain(0x0d),
        Key::Backspace => Plain(0x0e),
        Key::Tab => Plain(0x0f),
        Key::Q => Plain(0x10),
        Key::W => Plain(0x11),
        Key::E => Plain(0x12),
        Key::R => Plain(0x13),
        Key::T => Plain(0x14),
        Key::Y => Plain(0x15),
        Key::U => Plain(0x16),
        Key::I => Plain(0x17),
        Key::O => Plain(0x18),
        Key::P => Plain(0x19),
        Key::BracketLeft => Plain(0x1a),
        Key::BracketRight => Plain(0x1b),
        Key::Enter => Plain(0x1c),
        Key::ControlLeft => Plain(0x1d),
        Key::A => Plain(0x1e),
        Key::S => Plain(0x1f),
        Key::D => Plain(0x20),
        Key::F => Plain(0x21),
        Key::G => Plain(0x22),
        Key::H => Plain(0x23),
        Key::J => Plain(0x24),
        Key::K => Plain(0x25),
        Key::L => Plain(0x26),
        Key::Semicolon => Plain(0x27),
        Key::Quote => Plain(0x28),
        Key::Backquote => Plain(0x29),
        Key::ShiftLeft => Plain(0x2a),
        Key::Backslash => Plain(0x2b),
        Key::Z => Plain(0x2c),
        Key::X => Plain(0x2d),
        Key::C => Plain(0x2e),
        Key::V => Plain(0x2f),
        Key::B => Plain(0x30),
        Key::N => Plain(0x31),
        Key::M => Plain(0x32),
        Key::Comma => Plain(0x33),
        Key::Period => Plain(0x34),
        Key::Slash => Plain(0x35),
        Key::ShiftRight => Plain(0x36),
        Key::KeypadMultiply => Plain(0x37),
        Key::AltLeft => Plain(0x38),
        Key::Space => Plain(0x39),
        Key::CapsLock => Plain(0x3a),
        Key::F1 => Plain(0x3b),
        Key::F2 => Plain(0x3c),
        Key::F3 => Plain(0x3d),
        Key::F4 => Plain(0x3e),
        Key::F5 => Plain(0x3f),
        Key::F6 => Plain(0x40),
        Key::F7 => Plain(0x41),
        Key::F8 => Plain(0x42),
        Key::F9 => Plain(0x43),
        Key::F10 => Plain(0x44),
        Key::NumLock => Plain(0x45),
        Key::ScrollLock => Plain(0x46),
        Key::Keypad7 => Plain(0x47),
        Key::Keypad8 => Plain(0x48),
        Key::Keypad9 => Plain(0x49),
        Key::KeypadSubtract => Plain(0x4a),
        Key::Keypad4 => Plain(0x4b),
        Key::Keypad5 => Plain(0x4c),
        Key::Keypad6 => Plain(0x4d),
        Key::KeypadAdd => Plain(0x4e),
        Key::Keypad1 => Plain(0x4f),
        Key::Keypad2 => Plain(0x50),
        Key::Keypad3 => Plain(0x51),
        Key::Keypad0 => Plain(0x52),
        Key::KeypadDecimal => Plain(0x53),
        Key::IntlBackslash => Plain(0x56),
        Key::F11 => Plain(0x57),
        Key::F12 => Plain(0x58),
        Key::KeypadEnter => Extended(0x1c),
        Key::ControlRight => Extended(0x1d),
        Key::VolumeMute => Extended(0x20),
        Key::VolumeDown => Extended(0x2e),
        Key::VolumeUp => Extended(0x30),
        Key::KeypadDivide => Extended(0x35),
        Key::PrintScreen => Extended(0x37),
        Key::AltRight => Extended(0x38),
        Key::Home => Extended(0x47),
        Key::ArrowUp => Extended(0x48),
        Key::PageUp => Extended(0x49),
        Key::ArrowLeft => Extended(0x4b),
        Key::ArrowRight => Extended(0x4d),
        Key::End => Extended(0x4f),
        Key::ArrowDown => Extended(0x50),
        Key::PageDown => Extended(0x51),
        Key::Insert => Extended(0x52),
        Key::Delete => Extended(0x53),
        Key::MetaLeft => Extended(0x5b),
        Key::MetaRight => Extended(0x5c),
        Key::Menu => Extended(0x5d),
        Key::Pause => Code::Pause,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Code, code, us_text};
    use crate::hypervisor::Keyboard;
    use crate::hypervisor::virtualbox::testing::{Rig, silent};
    use crate::keyboard::{Chord, Key, KeyEvent, Layout, Secrecy, Stroke, strokes};
    use crate::model::VmRef;

    #[test]
    fn every_key_has_a_code_of_its_own_that_leaves_room_for_the_release() {
        let mut seen = HashSet::new();
        for key in Key::ALL {
            let (prefix, byte) = match code(*key) {
                Code::Plain(byte) => (0, byte),
                Code::Extended(byte) => (0xe0, byte),
                Code::Pause => (0xe1, 0x1d),
            };
            assert!(byte < 0x80, "{key}");
            assert!(seen.insert((prefix, byte)), "{key}");
        }
    }

    #[tokio::test]
    async fn each_code_is_an_argument_of_its_own() {
        let rig = Rig::new([silent()]);
        let vm: VmRef = "web".parse().unwrap();
        let chord = Chord::parse("ctrl+alt+del", Layout::Us).unwrap();
        let events: Vec<_> = chord.stroke().events().collect();
        rig.manager.press(&vm, &events, Secrecy::Open).await.unwrap();
        assert_eq!(rig.calls(), ["controlvm web keyboardputscancode 1d 38 e0 53 e0 d3 b8 9d"]);
    }

    fn german(text: &str) -> Vec<KeyEvent> {
        let strokes = strokes(text, Layout::De).unwrap();
        strokes.iter().flat_map(Stroke::events).collect()
    }

    #[test]
    fn the_keys_of_a_german_text_are_those_of_another_us_text() {
        assert_eq!(us_text(&german("Zz-9)?\n")).as_deref(), Some("Yy/9(_\n"));
        assert_eq!(us_text(&german("a@b")), None, "no US text needs AltGr");
        assert_eq!(us_text(&german("a")[..1]), None, "a key stays down");
    }

    #[tokio::test]
    async fn a_secret_is_on_no_command_line_that_is_told() {
        let vm: VmRef = "web".parse().unwrap();
        let rig = Rig::new([silent(), silent()]);
        rig.manager.press(&vm, &german("abc"), Secrecy::Secret).await.unwrap();
        rig.manager.press(&vm, &german("@"), Secrecy::Secret).await.unwrap();
        let calls = rig.calls();
        let file = calls[0].strip_prefix("controlvm web keyboardputfile ").unwrap();
        assert!(!std::path::Path::new(file).exists(), "it is gone after its use");
        let file = calls[1].strip_prefix('@').unwrap();
        assert!(!std::path::Path::new(file).exists(), "the codes are gone after their use too");
    }
}
