//! Typing: whole strokes in calls of a bearable length, and nothing left held whatever happens.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;

use super::VmOrchestrator;
use super::input::Course;
use crate::error::{Error, ErrorKind};
use crate::hypervisor::{Hypervisor, Keyboard, offered};
use crate::keyboard::{self, Chord, KeyEvent, Secrecy, Stroke, Untypable};
use crate::model::{VmRef, VmTaskType};
use crate::request::{Changed, Keys, KeysRequest, Outcome};

impl VmOrchestrator {
    /// Presses keys.
    pub(super) async fn press(&self, request: &KeysRequest) -> Result<Changed, Error> {
        let begun = Instant::now();
        let (action, calls) = match &request.keys {
            Keys::Text { text, secrecy, layout } => {
                let strokes = keyboard::strokes(text.reveal(), *layout);
                let strokes = strokes.map_err(|untypable| refusal(&untypable, *secrecy))?;
                let longest = keyboard(self.hypervisor().as_ref())?.longest();
                ("type", calls(&strokes, longest, *secrecy))
            }
            Keys::Pasted { text, chords, credentials, reach_within } => {
                self.fill_clipboard(&request.vm, text, credentials, *reach_within).await?;
                ("type", chord_calls(chords, Duration::ZERO))
            }
            Keys::Chords { chords, hold } => ("key", chord_calls(chords, *hold)),
        };
        let course = Arc::new(KeysCourse(calls));
        self.complete(&request.vm, VmTaskType::Keys, &course).await?;
        Ok(Changed {
            vm: request.vm.to_string(),
            action,
            outcome: Outcome::Changed,
            state: None,
            notes: Vec::new(),
            took: begun.elapsed(),
        })
    }
}

/// Calls on their way to the guest's keyboard.
struct KeysCourse(Vec<Call>);

#[async_trait]
impl Course for KeysCourse {
    type Device = (Arc<dyn Hypervisor>, VmRef);

    async fn take(
        &self,
        hypervisor: &Arc<dyn Hypervisor>,
        vm: &VmRef,
    ) -> Result<Self::Device, Error> {
        Ok((Arc::clone(hypervisor), vm.clone()))
    }

    async fn send(
        &self,
        (hypervisor, vm): &mut Self::Device,
        part: usize,
    ) -> Result<Option<Duration>, Error> {
        let Some(call) = self.0.get(part) else { return Ok(None) };
        keyboard(hypervisor.as_ref())?.press(vm, &call.events, call.secrecy).await?;
        Ok(Some(call.rest))
    }

    async fn release(&self, (hypervisor, vm): &mut Self::Device) -> Result<(), Error> {
        match modifiers(&self.0) {
            none if none.is_empty() => Ok(()),
            held => keyboard(hypervisor.as_ref())?.press(vm, &held, Secrecy::Open).await,
        }
    }

    async fn let_go(&self, _device: Self::Device) {}
}

/// Tells what cannot be typed; of a secret, only how much.
fn refusal(untypable: &Untypable, secrecy: Secrecy) -> Error {
    let message = match secrecy {
        Secrecy::Open => untypable.to_string(),
        Secrecy::Secret => {
            let (layout, count) = (untypable.layout, untypable.characters.len());
            format!("the {layout} layout cannot make {count} of the text's characters")
        }
    };
    Error::new(ErrorKind::Usage, message).hint(
        "name the guest's layout with `--layout`, paste them with `--via guest`, or leave them out",
    )
}

/// One call, and how long to rest after it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Call {
    events: Vec<KeyEvent>,
    secrecy: Secrecy,
    rest: Duration,
}

/// Packs whole strokes into calls.
fn calls(strokes: &[Stroke], longest: usize, secrecy: Secrecy) -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    for stroke in strokes {
        let events: Vec<KeyEvent> = stroke.events().collect();
        match calls.last_mut() {
            Some(call) if call.events.len() + events.len() <= longest => call.events.extend(events),
            Some(_) | None => calls.push(Call { events, secrecy, rest: Duration::ZERO }),
        }
    }
    calls
}

fn chord_calls(chords: &[Chord], hold: Duration) -> Vec<Call> {
    chords.iter().flat_map(|chord| held(chord.stroke(), hold)).collect()
}

/// A stroke whose keys stay down for a while.
fn held(stroke: &Stroke, hold: Duration) -> Vec<Call> {
    let secrecy = Secrecy::Open;
    if hold.is_zero() {
        return calls(std::slice::from_ref(stroke), usize::MAX, secrecy);
    }
    let down = Call { events: stroke.down().collect(), secrecy, rest: hold };
    vec![down, Call { events: stroke.up().collect(), secrecy, rest: Duration::ZERO }]
}

/// Returns how every modifier of the calls, and every key that is held, is released.
fn modifiers(calls: &[Call]) -> Vec<KeyEvent> {
    use crate::keyboard::Motion::{Down, Up};
    let mut released: Vec<KeyEvent> = Vec::new();
    for call in calls {
        for event in &call.events {
            let is_held = event.motion == Down && (event.key.is_modifier() || !call.rest.is_zero());
            let up = KeyEvent { key: event.key, motion: Up };
            if is_held && !released.contains(&up) {
                released.insert(0, up);
            }
        }
    }
    released
}

fn keyboard(hypervisor: &dyn Hypervisor) -> Result<&dyn Keyboard, Error> {
    offered(hypervisor, hypervisor.keyboard(), "gives its guests no keyboard")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::{calls, held, modifiers};
    use crate::keyboard::{Chord, Key, Layout, Motion, Secrecy, Stroke, strokes};

    #[test]
    fn what_may_be_held_is_released_last_first() {
        let chord = Chord::parse("ctrl+shift+a", Layout::Us).unwrap();
        let keys = |hold| -> Vec<Key> {
            let released = modifiers(&held(chord.stroke(), hold));
            assert!(released.iter().all(|event| event.motion == Motion::Up));
            released.iter().map(|event| event.key).collect()
        };
        assert_eq!(keys(Duration::ZERO), [Key::ShiftLeft, Key::ControlLeft]);
        assert_eq!(keys(Duration::from_secs(1)), [Key::A, Key::ShiftLeft, Key::ControlLeft]);
    }

    proptest! {
        #[test]
        fn no_call_leaves_a_key_down_and_none_is_too_long(
            text in "[ -~\n]{0,300}", longest in 4usize..100,
        ) {
            let strokes = strokes(&text, Layout::De).unwrap();
            let calls = calls(&strokes, longest, Secrecy::Open);
            for call in &calls {
                prop_assert!(call.events.len() <= longest);
                let mut down = Vec::new();
                for event in &call.events {
                    match event.motion {
                        Motion::Down => down.push(event.key),
                        Motion::Up => prop_assert_eq!(down.pop(), Some(event.key)),
                    }
                }
                prop_assert!(down.is_empty());
            }
            let sent: Vec<_> = calls.into_iter().flat_map(|call| call.events).collect();
            let wanted: Vec<_> = strokes.iter().flat_map(Stroke::events).collect();
            prop_assert_eq!(sent, wanted);
        }
    }
}
