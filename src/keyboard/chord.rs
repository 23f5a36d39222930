//! Keys that people write together: `ctrl+alt+del`.

use serde::{Deserialize, Serialize};

use super::{Key, Layout, Stroke};
use crate::model::Invalid;

/// Keys that are pressed together, as they were written.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub struct Chord {
    written: String,
    stroke: Stroke,
}

impl Chord {
    /// Reads a chord. A single character means the key that makes it in this layout, with Shift or
    /// AltGr if it needs them.
    ///
    /// # Errors
    ///
    /// Names the part that is no key.
    pub fn parse(written: &str, layout: Layout) -> Result<Self, Invalid> {
        let mut keys = Vec::new();
        for part in parts(written) {
            let found = key(part, layout);
            let found = found.ok_or_else(|| {
                let why = match part {
                    "" => "has a `+` without a key".to_owned(),
                    part => format!("holds `{part}`, which is no key"),
                };
                Invalid::new("chord", written, why)
            })?;
            for key in found {
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
        // What is held goes down before what it changes, however it was written.
        let (held, hit): (Vec<Key>, Vec<Key>) = keys.into_iter().partition(|key| key.is_modifier());
        Ok(Self { written: written.to_owned(), stroke: Stroke::new(held.into_iter().chain(hit)) })
    }

    /// Returns how it was written.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// Returns its keys.
    pub fn stroke(&self) -> &Stroke {
        &self.stroke
    }
}

/// Takes a chord apart; `+` at the end is the key itself.
fn parts(written: &str) -> Vec<&str> {
    match written.strip_suffix('+') {
        Some("") => vec!["+"],
        Some(rest) => match rest.strip_suffix('+') {
            Some(held) => held.split('+').chain(["+"]).collect(),
            None => written.split('+').collect(),
        },
        None => written.split('+').collect(),
    }
}

fn key(part: &str, layout: Layout) -> Option<Vec<Key>> {
    let mut characters = part.chars();
    if let (Some(character), None) = (characters.next(), characters.next()) {
        let small = character.to_lowercase().next().filter(|_| character.is_ascii());
        return Some(layout.direct(small.unwrap_or(character))?.keys().to_vec());
    }
    Key::named(&part.to_lowercase()).map(|key| vec![key])
}

#[cfg(test)]
mod tests {
    use super::Chord;
    use crate::keyboard::{Key, Layout};

    fn keys(written: &str, layout: Layout) -> Result<Vec<Key>, String> {
        let chord = Chord::parse(written, layout).map_err(|error| error.to_string())?;
        Ok(chord.stroke().keys().to_vec())
    }

    #[test]
    fn chords_are_read_as_people_write_them() {
        use Key::{AltLeft, ControlLeft, Delete, Equal, F4, MetaLeft, Q, R, ShiftLeft};
        for (written, layout, expected) in [
            ("ctrl+alt+del", Layout::Us, vec![ControlLeft, AltLeft, Delete]),
            ("Alt+F4", Layout::Us, vec![AltLeft, F4]),
            ("win+R", Layout::Us, vec![MetaLeft, R]),
            ("ctrl+a", Layout::Fr, vec![ControlLeft, Q]),
            ("ctrl++", Layout::Us, vec![ControlLeft, ShiftLeft, Equal]),
            ("+", Layout::De, vec![Key::BracketRight]),
            ("a+shift", Layout::Us, vec![ShiftLeft, Key::A]),
            ("shift", Layout::Us, vec![ShiftLeft]),
            ("shift+shift+a", Layout::Us, vec![ShiftLeft, Key::A]),
        ] {
            assert_eq!(keys(written, layout).unwrap(), expected, "{written}");
        }
    }

    #[test]
    fn what_is_no_key_is_named() {
        for (written, why) in [
            ("ctrl+foo", "`foo`, which is no key"),
            ("", "a `+` without a key"),
            ("ctrl+", "a `+` without a key"),
            ("ä", "`ä`, which is no key"),
        ] {
            let error = keys(written, Layout::Us).unwrap_err();
            assert!(error.contains(why), "{written}: {error}");
        }
    }
}
