//! The simulated guest's keyboard, which its system takes for a US one.

use async_trait::async_trait;

use super::driver::SimulatedHypervisor;
use super::fault::Operation;
use super::machine::Machine;
use crate::error::Error;
use crate::hypervisor::Keyboard;
use crate::keyboard::{Key, KeyEvent, Layout, Motion, Secrecy, Stroke};
use crate::model::VmRef;

#[async_trait]
impl Keyboard for SimulatedHypervisor {
    fn longest(&self) -> usize {
        80
    }

    async fn press(&self, vm: &VmRef, events: &[KeyEvent], _secrecy: Secrecy) -> Result<(), Error> {
        let (wanted, detail) = (events.to_vec(), format!("{} key movements", events.len()));
        let act = move |machine: &mut Machine, _| {
            machine.running("be typed to")?;
            type_into(&mut machine.typed, &wanted);
            Ok(())
        };
        self.change(Operation::Keys, vm, &detail, act).await
    }
}

/// Does to a line of text what the keys do.
fn type_into(line: &mut String, events: &[KeyEvent]) {
    let mut held: Vec<Key> = Vec::new();
    for event in events {
        match event.motion {
            Motion::Down => held.push(event.key),
            Motion::Up => held.retain(|key| *key != event.key),
        }
        match (event.motion, event.key) {
            (Motion::Up, _) => {}
            (Motion::Down, Key::Enter) => line.clear(),
            (Motion::Down, Key::Backspace) => drop(line.pop()),
            (Motion::Down, _) => line.extend(Layout::Us.made_by(&Stroke::new(held.clone()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::type_into;
    use crate::keyboard::{Chord, Layout, Stroke, strokes};

    fn typed(line: &mut String, text: &str) {
        let events: Vec<_> =
            strokes(text, Layout::Us).unwrap().iter().flat_map(Stroke::events).collect();
        type_into(line, &events);
    }

    #[test]
    fn enter_ends_the_line_and_a_shortcut_writes_nothing() {
        let mut line = String::new();
        typed(&mut line, "ls -l");
        let shortcut = Chord::parse("ctrl+a", Layout::Us).unwrap();
        type_into(&mut line, &shortcut.stroke().events().collect::<Vec<_>>());
        assert_eq!(line, "ls -l");
        typed(&mut line, "\nnext");
        assert_eq!(line, "next");
    }

    proptest! {
        #[test]
        fn a_line_arrives_as_it_was_typed(text in "[ -~]{0,80}") {
            let mut line = String::new();
            typed(&mut line, &text);
            prop_assert_eq!(line, text);
        }
    }
}
