//! Typing: whole strokes in calls of a bearable length, and nothing left held whatever happens.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::VmOrchestrator;
use super::tasks::Work;
use crate::error::{Error, ErrorKind};
use crate::hypervisor::{Hypervisor, Keyboard};
use crate::keyboard::{self, KeyEvent, Secrecy, Stroke, Untypable};
use crate::model::{VmRef, VmTaskType};
use crate::request::{Changed, Keys, KeysRequest, Outcome};

impl VmOrchestrator {
    /// Presses keys.
    pub(super) async fn press(&self, request: &KeysRequest) -> Result<Changed, Error> {
        let begun = Instant::now();
        let (action, calls, secrecy) = match &request.keys {
            Keys::Text { text, secrecy, layout } => {
                let strokes = keyboard::strokes(text.reveal(), *layout);
                let strokes = strokes.map_err(|untypable| refusal(&untypable, *secrecy))?;
                let longest = keyboard(self.hypervisor().as_ref())?.longest();
                ("type", calls(&strokes, longest), *secrecy)
            }
            Keys::Chords { chords, hold } => {
                let calls = chords.iter().flat_map(|chord| held(chord.stroke(), *hold));
                ("key", calls.collect(), Secrecy::Open)
            }
        };
        self.send(&request.vm, calls, secrecy).await?;
        Ok(Changed {
            vm: request.vm.to_string(),
            action,
            outcome: Outcome::Changed,
            state: None,
            notes: Vec::new(),
            took: begun.elapsed(),
        })
    }

    async fn send(&self, vm: &VmRef, calls: Vec<Call>, secrecy: Secrecy) -> Result<(), Error> {
        let modifiers = modifiers(&calls);
        let (target, all, calls) = (vm.clone(), calls.len(), Arc::new(calls));
        // A second attempt goes on where the first one failed: what was typed stays typed.
        let sent = Arc::new(AtomicUsize::new(0));
        let done = Arc::clone(&sent);
        let pressed = self.run(Work::on(vm, VmTaskType::Keys), move |hypervisor, _| {
            let (vm, calls, sent) = (target.clone(), Arc::clone(&calls), Arc::clone(&sent));
            async move {
                let keyboard = keyboard(hypervisor.as_ref())?;
                while let Some(call) = calls.get(sent.load(Ordering::Relaxed)) {
                    keyboard.press(&vm, &call.events, secrecy).await?;
                    sent.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(call.rest).await;
                }
                Ok(())
            }
        });
        let Err(error) = pressed.await else { return Ok(()) };
        let sent = done.load(Ordering::Relaxed);
        if may_hold(&error, sent) && !modifiers.is_empty() {
            self.release(vm, modifiers).await;
        }
        Err(match sent {
            0 => error,
            sent => error.hint(format!(
                "{sent} of {all} parts had arrived before; look at the screen first"
            )),
        })
    }

    /// Releases keys that an interrupted call may have left down; it is too late for more if that
    /// fails.
    async fn release(&self, vm: &VmRef, keys: Vec<KeyEvent>) {
        let target = vm.clone();
        let work = Work::on(vm, VmTaskType::Keys);
        let released = self.run_to_the_end(work, move |hypervisor, _| {
            let (vm, keys) = (target.clone(), keys.clone());
            async move { keyboard(hypervisor.as_ref())?.press(&vm, &keys, Secrecy::Open).await }
        });
        if let Err(error) = released.await {
            tracing::warn!(vm = %vm, %error, "keys may be held down");
        }
    }
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
    Error::new(ErrorKind::Usage, message)
        .hint("name the guest's layout with `--layout`, or leave them out")
}

/// One call, and how long to rest after it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Call {
    events: Vec<KeyEvent>,
    rest: Duration,
}

/// Packs whole strokes into calls.
fn calls(strokes: &[Stroke], longest: usize) -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    for stroke in strokes {
        let events: Vec<KeyEvent> = stroke.events().collect();
        match calls.last_mut() {
            Some(call) if call.events.len() + events.len() <= longest => call.events.extend(events),
            Some(_) | None => calls.push(Call { events, rest: Duration::ZERO }),
        }
    }
    calls
}

/// A stroke whose keys stay down for a while.
fn held(stroke: &Stroke, hold: Duration) -> Vec<Call> {
    if hold.is_zero() {
        return calls(std::slice::from_ref(stroke), usize::MAX);
    }
    let down = Call { events: stroke.down().collect(), rest: hold };
    vec![down, Call { events: stroke.up().collect(), rest: Duration::ZERO }]
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

/// Whether keys may be down after a failure: something arrived, or may have.
fn may_hold(error: &Error, sent: usize) -> bool {
    sent > 0
        || matches!(
            error.kind(),
            ErrorKind::OutcomeUnknown | ErrorKind::Canceled | ErrorKind::TimedOut
        )
}

fn keyboard(hypervisor: &dyn Hypervisor) -> Result<&dyn Keyboard, Error> {
    hypervisor.keyboard().ok_or_else(|| {
        let message = format!("{} gives its guests no keyboard", hypervisor.kind());
        Error::new(ErrorKind::Unsupported, message)
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::{calls, held, modifiers};
    use crate::keyboard::{Chord, Key, Layout, Motion, Stroke, strokes};

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
            let calls = calls(&strokes, longest);
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
