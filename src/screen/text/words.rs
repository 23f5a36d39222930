//! Makes words with boxes of the characters that were read.

use super::glyph::Glyph;
use super::lines::Proposal;

use crate::screen::area::{Area, fraction, rounded};
use crate::screen::reading::Word;

/// A gap between pieces of ink, and which character is the first one after it.
#[derive(Debug, Clone, Copy)]
struct Cut {
    start: i32,
    end: i32,
    glyph: usize,
}

/// Splits what was read into words, and finds the ink of each.
pub(super) fn words(line: &Proposal, glyphs: &[Glyph]) -> Vec<Word> {
    let mut cuts = cuts(line, glyphs);
    cuts.push(Cut { start: line.area.right, end: i32::MAX, glyph: glyphs.len() });
    let mut words = Vec::new();
    let (mut start, mut first) = (line.area.left, 0);
    for cut in cuts {
        let own = glyphs.get(first..cut.glyph).unwrap_or_default();
        let text: String =
            own.iter().map(|it| it.character).filter(|it| !it.is_whitespace()).collect();
        let text = mended(&text);
        let ink = line.pieces.iter().map(|it| it.area);
        let ink = ink.filter(|it| it.right > start && it.left < cut.start).reduce(Area::with);
        // A piece of ink that reaches over a cut is in both words, each with its part of it.
        let area = ink.map(|it| it.shared(Area::new(start, it.top, cut.start, it.bottom)));
        if let Some(area) = area.filter(|it| it.size() > 0 && !text.is_empty()) {
            words.push(Word { text, area: area.rect() });
        }
        (start, first) = (cut.end, cut.glyph);
    }
    words
}

/// Mends what the recogniser gets wrong in a known way.
fn mended(word: &str) -> String {
    // Two dots at the end of a word are three of which two touch.
    let is_cut_off = word.ends_with("..") && !word.ends_with("...") && word.len() > 2;
    let word = if is_cut_off { format!("{word}.") } else { word.to_owned() };
    // Programs' signs and numbers.
    word.replace('⇒', "=>").replace("0×", "0x")
}

/// Returns the gaps between the letters, from left to right.
fn gaps(line: &Proposal) -> Vec<(i32, i32)> {
    let mut gaps = Vec::new();
    let mut right = line.area.left;
    for piece in &line.pieces {
        if piece.area.left > right {
            gaps.push((right, piece.area.left));
        }
        right = right.max(piece.area.right);
    }
    gaps
}

/// Returns where words part: where a space was read, and at gaps that are as good as one.
fn cuts(line: &Proposal, glyphs: &[Glyph]) -> Vec<Cut> {
    let gaps = gaps(line);
    let mut cuts: Vec<Cut> = Vec::new();
    let between = |before: &Glyph, after: &Glyph| {
        let inner = gaps
            .iter()
            .filter(|(start, end)| fraction(*end) > before.x && fraction(*start) < after.x);
        inner.max_by_key(|(start, end)| end - start).copied()
    };
    for (index, around) in glyphs.windows(3).enumerate() {
        let [before, space, after] = around else { continue };
        if !space.character.is_whitespace() {
            continue;
        }
        let middle = rounded(space.x);
        let (start, end) = between(before, after).unwrap_or((middle, middle));
        if cuts.last().is_none_or(|it| it.end <= start) {
            cuts.push(Cut { start, end, glyph: index + 2 });
        }
    }
    // A gap is as good as a space if it is clearly wider than the spaces of its line. In a font of one
    // pitch narrow letters have wide gaps around them: there the distance of the middles tells.
    let narrowest = cuts.iter().map(|it| it.end - it.start).min();
    let least = narrowest.map_or(line.area.height(), |it| (it * 3 / 2).max(line.area.height() / 2));
    let usual = pitch(glyphs);
    for (index, around) in glyphs.windows(2).enumerate() {
        let [before, after] = around else { continue };
        if before.character.is_whitespace() || after.character.is_whitespace() {
            continue;
        }
        let Some((start, end)) = between(before, after) else { continue };
        let far = usual.map_or(f32::MAX, |usual| (after.x - before.x) / usual);
        let is_wide = end - start >= least && far > 1.7;
        let is_space = is_wide || end - start >= 3 && is_after_date(glyphs, index + 1);
        if is_space && !cuts.iter().any(|it| it.start == start) {
            cuts.push(Cut { start, end, glyph: index + 1 });
        }
    }
    cuts.sort_by_key(|it| it.start);
    cuts
}

/// Returns whether a time follows a date here: digits are as wide as the space between the two is
/// narrow, so that it is often missed.
fn is_after_date(glyphs: &[Glyph], place: usize) -> bool {
    let shape = |part: &[Glyph]| -> String {
        let sign = |it: &Glyph| if it.character.is_ascii_digit() { '9' } else { it.character };
        part.iter().map(sign).collect()
    };
    let (before, after) = glyphs.split_at(place.min(glyphs.len()));
    let date = shape(before.get(before.len().saturating_sub(10)..).unwrap_or_default());
    let time = shape(after.get(..after.len().min(5)).unwrap_or_default());
    let is_date = ["99.99.9999", "99/99/9999", "9999-99-99"].contains(&date.as_str());
    is_date && (time == "99:99" || time.starts_with("9:99"))
}

/// Returns the usual distance between the middles of neighbours.
fn pitch(glyphs: &[Glyph]) -> Option<f32> {
    let mut steps: Vec<f32> = glyphs
        .windows(2)
        .filter_map(|around| match around {
            [a, b] if !a.character.is_whitespace() && !b.character.is_whitespace() => {
                Some(b.x - a.x)
            }
            _ => None,
        })
        .collect();
    steps.sort_by(f32::total_cmp);
    steps.get(steps.len() / 2).copied()
}
