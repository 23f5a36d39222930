//! Links: text in a colour of its own, or underlined.

use super::scene::{Scene, Text};
use crate::screen::paint::{distance, saturation};

/// Returns whether a text is a link.
pub(super) fn is_link(scene: &Scene<'_>, text: &Text, usual_height: i32) -> bool {
    // Headings are large and often blue.
    if letter_height(text) * 4 > usual_height * 5 {
        return is_underlined(scene, text);
    }
    let [red, green, blue] = text.ink;
    // Teal too, in which green is a little stronger.
    let is_green = u16::from(green) * 9 > u16::from(blue) * 10;
    let is_blue = blue > red && !is_green && saturation(text.ink) > 70;
    let stands_out = saturation(text.paper_colour) < 70;
    is_blue && stands_out && !is_colourful(scene, text.paper)
        || is_underlined(scene, text) && text.said.chars().count() > 2
}

/// Returns how high a text's capital letters are; what reaches below its line does not count.
pub(super) fn letter_height(text: &Text) -> i32 {
    let height = text.area.height();
    if text.said.contains(['g', 'j', 'p', 'q', 'y', ',', ';', '(', 'Q', '_']) {
        height * 4 / 5
    } else {
        height
    }
}

/// Returns whether text on a surface has colours of many kinds, as programs' sources have.
fn is_colourful(scene: &Scene<'_>, paper: u32) -> bool {
    let mut hues: Vec<[bool; 3]> = scene
        .texts_on(paper)
        .filter(|it| saturation(it.ink) > 60)
        .map(|it| it.ink.map(|part| part > 128))
        .collect();
    hues.sort_unstable();
    hues.dedup();
    hues.len() >= 3
}

/// Returns whether there is a line of the letters' colour below them, without a gap.
fn is_underlined(scene: &Scene<'_>, text: &Text) -> bool {
    let area = text.area;
    (area.bottom - 4..area.bottom + 3).any(|y| {
        (area.left + 1..area.right - 1).all(|x| {
            distance(scene.colour(x, y), text.ink) < 60
                && distance(scene.colour(x, y), text.paper_colour) > 40
        })
    })
}
