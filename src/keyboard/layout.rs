//! What the guest's system makes of the keys.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::accents;
use super::layouts::{FRENCH, GERMAN, Level, SPANISH, Table, UK, US};
use super::{Key, Stroke};
use crate::model::Invalid;

/// A keyboard layout, as Windows has it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum Layout {
    /// United States.
    #[default]
    Us,
    /// United Kingdom.
    Uk,
    /// Germany.
    De,
    /// France.
    Fr,
    /// Spain.
    Es,
}

impl Layout {
    /// Every layout.
    pub const ALL: [Self; 5] = [Self::Us, Self::Uk, Self::De, Self::Fr, Self::Es];

    /// Returns the word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Us => "us",
            Self::Uk => "uk",
            Self::De => "de",
            Self::Fr => "fr",
            Self::Es => "es",
        }
    }

    fn table(self) -> &'static Table {
        match self {
            Self::Us => &US,
            Self::Uk => &UK,
            Self::De => &GERMAN,
            Self::Fr => &FRENCH,
            Self::Es => &SPANISH,
        }
    }

    /// Returns the strokes that make a character; `None` if this layout cannot make it.
    pub fn strokes_of(self, character: char) -> Option<Vec<Stroke>> {
        match character {
            ' ' => return Some(vec![Stroke::new([Key::Space])]),
            '\n' => return Some(vec![Stroke::new([Key::Enter])]),
            '\t' => return Some(vec![Stroke::new([Key::Tab])]),
            _ => {}
        }
        if let Some(stroke) = self.direct(character) {
            return Some(vec![stroke]);
        }
        if let Some(accent) = self.dead(character) {
            return Some(vec![accent, Stroke::new([Key::Space])]);
        }
        accents::decompose(character)
            .find_map(|(accent, letter)| Some(vec![self.dead(accent)?, self.direct(letter)?]))
    }

    /// Returns the character that a stroke makes, if it makes one without a dead key.
    pub fn made_by(self, stroke: &Stroke) -> Option<char> {
        let (key, held) = stroke.keys().split_last()?;
        if (*key, held.is_empty()) == (Key::Space, true) {
            return Some(' ');
        }
        let mut caps = self.table().caps();
        let made = caps.find(|(it, level, _)| it == key && level.held() == held)?;
        Some(made.2)
    }

    /// Returns the key that makes a character, and what is held with it.
    pub(super) fn direct(self, character: char) -> Option<Stroke> {
        let (key, level, _) = self.table().caps().find(|(_, _, made)| *made == character)?;
        Some(stroke(key, level))
    }

    fn dead(self, accent: char) -> Option<Stroke> {
        let dead = self.table().dead.iter().find(|(it, _, _)| *it == accent)?;
        Some(stroke(dead.1, dead.2))
    }
}

fn stroke(key: Key, level: Level) -> Stroke {
    Stroke::new(level.held().iter().copied().chain([key]))
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Layout {
    type Err = Invalid;

    fn from_str(word: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|layout| layout.as_str() == word);
        known.ok_or_else(|| Invalid::new("layout", word, "is not one of us, uk, de, fr, es"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::Layout;
    use crate::keyboard::{Key, Stroke};

    fn typed(layout: Layout, character: char) -> Vec<Vec<Key>> {
        let strokes = layout.strokes_of(character).unwrap_or_default();
        strokes.iter().map(|stroke| stroke.keys().to_vec()).collect()
    }

    #[test]
    fn every_layout_makes_every_character_of_ascii() {
        for layout in Layout::ALL {
            for character in ' '..='~' {
                assert!(layout.strokes_of(character).is_some(), "{layout}: {character:?}");
            }
        }
    }

    #[test]
    fn no_two_characters_have_the_same_strokes() {
        for layout in Layout::ALL {
            let mut seen = HashSet::<Vec<Stroke>>::new();
            for character in (' '..='\u{17f}').chain(['€']) {
                if let Some(strokes) = layout.strokes_of(character) {
                    assert!(seen.insert(strokes), "{layout}: {character:?}");
                }
            }
        }
    }

    #[test]
    fn letters_and_marks_are_where_the_layout_has_them() {
        use Key::{AltRight, BracketLeft, Digit7, Equal, Q, Quote, ShiftLeft, Space, Y};
        for (layout, character, keys) in [
            (Layout::Us, 'y', vec![vec![Y]]),
            (Layout::De, 'z', vec![vec![Y]]),
            (Layout::De, '@', vec![vec![AltRight, Q]]),
            (Layout::De, 'é', vec![vec![Equal], vec![Key::E]]),
            (Layout::De, '`', vec![vec![ShiftLeft, Equal], vec![Space]]),
            (Layout::Fr, 'A', vec![vec![ShiftLeft, Q]]),
            (Layout::Fr, 'ê', vec![vec![BracketLeft], vec![Key::E]]),
            (Layout::Fr, '7', vec![vec![ShiftLeft, Digit7]]),
            (Layout::Es, 'Ü', vec![vec![ShiftLeft, Quote], vec![ShiftLeft, Key::U]]),
            (Layout::Uk, '@', vec![vec![ShiftLeft, Quote]]),
        ] {
            assert_eq!(typed(layout, character), keys, "{layout}: {character:?}");
        }
        assert_eq!(Layout::Us.strokes_of('ä'), None);
        assert_eq!(Layout::De.strokes_of('中'), None);
    }
}
