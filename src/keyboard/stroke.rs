//! Keys going down and up.

use serde::{Deserialize, Serialize};

use super::Key;

/// Which way a key moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Motion {
    /// It is pressed.
    Down,
    /// It is released.
    Up,
}

/// A key that moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyEvent {
    /// Which key.
    pub key: Key,
    /// Which way.
    pub motion: Motion,
}

/// Keys that go down one after the other and up in reverse.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub struct Stroke(Vec<Key>);

impl Stroke {
    /// Makes a stroke of keys, in the order in which they go down.
    pub fn new(keys: impl IntoIterator<Item = Key>) -> Self {
        Self(keys.into_iter().collect())
    }

    /// Returns its keys, in the order in which they go down.
    pub fn keys(&self) -> &[Key] {
        &self.0
    }

    /// Returns how the keys go down.
    pub fn down(&self) -> impl Iterator<Item = KeyEvent> {
        self.0.iter().map(|key| KeyEvent { key: *key, motion: Motion::Down })
    }

    /// Returns how the keys go up.
    pub fn up(&self) -> impl Iterator<Item = KeyEvent> {
        self.0.iter().rev().map(|key| KeyEvent { key: *key, motion: Motion::Up })
    }

    /// Returns the whole of it: down, then up.
    pub fn events(&self) -> impl Iterator<Item = KeyEvent> {
        self.down().chain(self.up())
    }
}

#[cfg(test)]
mod tests {
    use super::{Key, KeyEvent, Motion, Stroke};

    #[test]
    fn the_last_key_down_is_the_first_one_up() {
        let stroke = Stroke::new([Key::ControlLeft, Key::C]);
        let event = |key, motion| KeyEvent { key, motion };
        let events: Vec<_> = stroke.events().collect();
        assert_eq!(
            events,
            [
                event(Key::ControlLeft, Motion::Down),
                event(Key::C, Motion::Down),
                event(Key::C, Motion::Up),
                event(Key::ControlLeft, Motion::Up),
            ]
        );
    }
}
