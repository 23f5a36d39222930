//! The strokes of a text.

use std::fmt;

use super::{Layout, Stroke};

/// Characters that a layout cannot make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untypable {
    /// The layout.
    pub layout: Layout,
    /// The characters, each once, in the order of the text.
    pub characters: Vec<char>,
}

impl fmt::Display for Untypable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} layout cannot make ", self.layout)?;
        for (number, character) in self.characters.iter().enumerate() {
            let comma = if number == 0 { "" } else { ", " };
            let code = u32::from(*character);
            if character.is_control() {
                write!(f, "{comma}U+{code:04X}")?;
            } else {
                write!(f, "{comma}`{character}` (U+{code:04X})")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Untypable {}

/// Returns the strokes that type a text. A line's end is Enter, however it is written.
///
/// # Errors
///
/// [`Untypable`] names every character that the layout cannot make.
pub fn strokes(text: &str, layout: Layout) -> Result<Vec<Stroke>, Untypable> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut all = Vec::with_capacity(text.len());
    let mut characters = Vec::new();
    for character in text.chars() {
        match layout.strokes_of(character) {
            Some(strokes) => all.extend(strokes),
            None if characters.contains(&character) => {}
            None => characters.push(character),
        }
    }
    if characters.is_empty() { Ok(all) } else { Err(Untypable { layout, characters }) }
}

#[cfg(test)]
mod tests {
    use super::{Layout, strokes};
    use crate::keyboard::{Key, Stroke};

    #[test]
    fn lines_end_with_enter_however_they_are_written() {
        let enter = Stroke::new([Key::Enter]);
        assert_eq!(strokes("\n\r\n\r", Layout::Us).unwrap(), [enter.clone(), enter.clone(), enter]);
    }

    #[test]
    fn what_cannot_be_typed_is_named_once() {
        let error = strokes("a中b€中\u{7}", Layout::Us).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the us layout cannot make `中` (U+4E2D), `€` (U+20AC), U+0007"
        );
    }
}
