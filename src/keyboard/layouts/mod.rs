//! What each key makes: the layouts of Windows, whose common part Linux shares.
//!
//! Of each key, in this order: what it makes alone, with Shift, with AltGr. A blank is nothing
//! that can be used, or a dead key: those stand in a list of their own.

mod de;
mod es;
mod fr;
mod uk;
mod us;

use super::Key;

/// What a key makes alone, with Shift, with AltGr.
pub(super) type Caps = (Key, &'static str);

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
    /// In the order of [`Caps`].
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
    pub(super) keys: &'static [Caps],
    pub(super) dead: &'static [Dead],
}

pub(super) use de::GERMAN;
pub(super) use es::SPANISH;
pub(super) use fr::FRENCH;
pub(super) use uk::UK;
pub(super) use us::US;
