//! What each key makes: the layouts of Windows, whose common part Linux shares.
//!
//! A table shows the keyboard as it lies on the desk: four rows, and of each what its keys make
//! alone, with Shift, with AltGr. A blank is nothing that can be used, or a dead key: those stand
//! in a list of their own.

mod de;
mod es;
mod fr;
mod uk;
mod us;

use super::Key;

/// The keys of each row, from the left. The one beside Enter ends the third row, the one beside
/// the left Shift begins the fourth; a US keyboard lacks it.
const ROWS: [&[Key]; 4] = [
    &[
        Key::Backquote,
        Key::Digit1,
        Key::Digit2,
        Key::Digit3,
        Key::Digit4,
        Key::Digit5,
        Key::Digit6,
        Key::Digit7,
        Key::Digit8,
        Key::Digit9,
        Key::Digit0,
        Key::Minus,
        Key::Equal,
    ],
    &[
        Key::Q,
        Key::W,
        Key::E,
        Key::R,
        Key::T,
        Key::Y,
        Key::U,
        Key::I,
        Key::O,
        Key::P,
        Key::BracketLeft,
        Key::BracketRight,
    ],
    &[
        Key::A,
        Key::S,
        Key::D,
        Key::F,
        Key::G,
        Key::H,
        Key::J,
        Key::K,
        Key::L,
        Key::Semicolon,
        Key::Quote,
        Key::Backslash,
    ],
    &[
        Key::IntlBackslash,
        Key::Z,
        Key::X,
        Key::C,
        Key::V,
        Key::B,
        Key::N,
        Key::M,
        Key::Comma,
        Key::Period,
        Key::Slash,
    ],
];

/// A dead key: its accent, and where it is.
pub(super) type Dead = (char, Key, Level);

/// What is held while a key is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Plain,
    Shift,
    AltGr,
}

impl Level {
    /// In the order of the tables.
    pub(super) const ALL: [Self; 3] = [Self::Plain, Self::Shift, Self::AltGr];

    /// Returns the keys that are held.
    pub(super) fn held(self) -> &'static [Key] {
        match self {
            Self::Plain => &[],
            Self::Shift => &[Key::ShiftLeft],
            Self::AltGr => &[Key::AltRight],
        }
    }
}

/// One layout.
pub(super) struct Table {
    rows: [[&'static str; 3]; 4],
    pub(super) dead: &'static [Dead],
}

impl Table {
    /// Returns every key with what it makes at each level.
    pub(super) fn caps(&self) -> impl Iterator<Item = (Key, Level, char)> {
        self.rows.iter().zip(ROWS).flat_map(|(row, keys)| {
            Level::ALL.into_iter().zip(row).flat_map(move |(level, made)| {
                let made = keys.iter().zip(made.chars()).filter(|(_, made)| *made != ' ');
                made.map(move |(key, made)| (*key, level, made))
            })
        })
    }
}

pub(super) use de::GERMAN;
pub(super) use es::SPANISH;
pub(super) use fr::FRENCH;
pub(super) use uk::UK;
pub(super) use us::US;

#[cfg(test)]
mod tests {
    use super::{FRENCH, GERMAN, ROWS, SPANISH, UK, US};

    #[test]
    fn every_row_says_something_of_each_of_its_keys() {
        for table in [&US, &UK, &GERMAN, &FRENCH, &SPANISH] {
            for (row, keys) in table.rows.iter().zip(ROWS) {
                for made in row {
                    assert_eq!(made.chars().count(), keys.len(), "{made}");
                }
            }
        }
    }
}
