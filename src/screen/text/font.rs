//! Characters by their shapes: the fonts of text modes, in which nothing needs to be guessed.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::screen::console::pattern;

/// A character and its sixteen rows of eight pixels, for each of `fonts/vga.txt`.
static CHARACTERS: LazyLock<HashMap<u64, char>> = LazyLock::new(|| {
    let shapes = include_str!("../fonts/vga.txt").lines().filter_map(|line| {
        let (character, rows) = line.split_once(' ')?;
        let rows = u128::from_str_radix(rows, 16).ok()?;
        let is_paper = (0..128).map(|it| rows >> (127 - it) & 1 == 0);
        Some((pattern(is_paper), character.chars().next()?))
    });
    shapes.collect()
});

/// Returns the character of a shape of 8x16 pixels.
pub(super) fn character(shape: u64) -> Option<char> {
    CHARACTERS.get(&shape).copied()
}

/// Returns whether a character draws frames and bars rather than to say something.
pub(super) fn is_drawing(character: char) -> bool {
    ('\u{2500}'..='\u{25ff}').contains(&character)
}

#[cfg(test)]
mod tests {
    use super::{CHARACTERS, character, is_drawing};
    use crate::screen::console::pattern;

    #[test]
    fn every_printable_character_of_ascii_has_a_shape() {
        let known: Vec<char> = CHARACTERS.values().copied().collect();
        for wanted in '!'..='~' {
            assert!(known.contains(&wanted), "{wanted}");
        }
        assert!(known.contains(&'é') && known.contains(&'Я'));
    }

    #[test]
    fn a_shape_has_one_character() {
        // A bar of eight pixels in the fourteenth row.
        let underline = (0..16).flat_map(|row| [row != 13; 8]);
        assert_eq!(character(pattern(underline)), Some('_'));
        assert_eq!(character(pattern([true; 128].into_iter())), None);
        assert!(is_drawing('│') && is_drawing('█') && !is_drawing('|'));
    }
}
