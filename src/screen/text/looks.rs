//! How a line is looked at: once as cheaply as it can be read, and closer where that was not sure.

use super::crop::{Crop, View};
use super::glyph::Glyph;
use super::reader::How;
use crate::error::Error;
use crate::model::Frame;
use crate::screen::reading::Quality;

/// Half of the height that the recogniser was trained with: half the work, and most lines are read.
const QUICK: View = View { height: 24, stretch: 0.85 };

/// The whole height, for a line that was not read for sure at half of it.
const USUAL: View = View { height: 48, stretch: 0.85 };

/// The same where time does not matter.
const UNHURRIED: View = View { height: 48, stretch: 1.0 };

/// Wider still: narrow letters need room.
const CLOSE: View = View { height: 48, stretch: 1.2 };

/// A character that is less sure than this wants a second look; at half of the height wrong ones are
/// surer of themselves.
const UNSURE: f32 = 0.7;
const UNSURE_QUICKLY: f32 = 0.9;

/// Strokes that half of the height takes for others, however sure it is.
const THIN: [char; 4] = ['\\', '/', '|', '~'];

/// Letters so narrow that at half of the height two of them at a word's end pass for one.
const NARROW: [char; 5] = ['l', 'i', 'I', '1', '|'];

/// Returns how a line is shown to the recogniser first.
pub(super) fn first(quality: Quality) -> View {
    match quality {
        Quality::Standard => QUICK,
        Quality::Best => UNHURRIED,
    }
}

/// Reads a line once more, closer, if some of it is unsure.
pub(super) fn again(
    frame: &Frame,
    how: How<'_>,
    crop: &Crop,
    glyphs: Vec<Glyph>,
) -> Result<Vec<Glyph>, Error> {
    let is_below =
        |least: f32| glyphs.iter().any(|it| it.confidence < least && !it.character.is_whitespace());
    let (is_unsure, view) = match how.quality {
        Quality::Standard => {
            let is_thin = glyphs.iter().any(|it| THIN.contains(&it.character));
            (is_thin || ends_narrow(&glyphs) || is_below(UNSURE_QUICKLY), USUAL)
        }
        Quality::Best => (is_below(UNSURE), CLOSE),
    };
    if glyphs.len() < 3 || !is_unsure {
        return Ok(glyphs);
    }
    let closer = Crop::of(frame, crop.area, view);
    let seen = how.recogniser.read(&[&closer])?.pop().unwrap_or_default();
    let is_better = match how.quality {
        Quality::Standard => !seen.is_empty(),
        Quality::Best => !seen.is_empty() && doubt(&seen) < doubt(&glyphs),
    };
    Ok(if is_better { seen } else { glyphs })
}

/// Tells whether a word ends with a narrow letter.
fn ends_narrow(glyphs: &[Glyph]) -> bool {
    let next = glyphs.iter().skip(1).map(Some).chain([None]);
    glyphs.iter().zip(next).any(|(it, next)| {
        NARROW.contains(&it.character) && next.is_none_or(|next| next.character.is_whitespace())
    })
}

/// Returns how much doubt there is about a line's characters, all together.
fn doubt(glyphs: &[Glyph]) -> f32 {
    glyphs.iter().filter(|it| !it.character.is_whitespace()).map(|it| 1.0 - it.confidence).sum()
}
