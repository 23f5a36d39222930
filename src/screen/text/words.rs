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
        let (start, end) = space_between(&gaps, before, space, after).unwrap_or((middle, middle));
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

/// Returns the gap that a space is: of the wide ones the nearest, for a narrow letter has two.
fn space_between(
    gaps: &[(i32, i32)],
    before: &Glyph,
    space: &Glyph,
    after: &Glyph,
) -> Option<(i32, i32)> {
    let inner = || {
        let after_first = gaps.iter().filter(|(_, end)| fraction(*end) > before.x);
        after_first.filter(|(start, _)| fraction(*start) < after.x)
    };
    let widest = inner().map(|(start, end)| end - start).max()?;
    let far = |(start, end): &(i32, i32)| (fraction(start + end) / 2.0 - space.x).abs();
    let wide = inner().filter(|(start, end)| (end - start) * 4 >= widest * 3);
    wide.min_by(|a, b| far(a).total_cmp(&far(b))).copied()
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

#[cfg(test)]
mod tests {
    use super::words;
    use crate::screen::area::{Area, fraction};
    use crate::screen::ink::Ink;
    use crate::screen::text::glyph::Glyph;
    use crate::screen::text::lines::Proposal;

    /// A line of letters, each with its left and right edge; a space has none.
    fn line(letters: &[(char, i32, i32)]) -> (Proposal, Vec<Glyph>) {
        let inked = letters.iter().filter(|(character, ..)| *character != ' ');
        let piece = |(_, left, right): &(char, i32, i32)| Ink {
            area: Area::new(*left, 0, *right, 12),
            pixels: 20,
            paper: 1,
        };
        let glyphs = letters.iter().map(|(character, left, right)| Glyph {
            character: *character,
            x: fraction(left + right) / 2.0,
            confidence: 1.0,
        });
        (Proposal::of(inked.map(piece).collect()).unwrap(), glyphs.collect())
    }

    #[test]
    fn both_spaces_around_a_narrow_letter_are_kept() {
        // As told of a real line: the narrow letter is told behind its place.
        let letters = [
            ('n', 330, 337),
            (' ', 340, 342),
            ('I', 343, 345),
            (' ', 349, 351),
            ('s', 351, 358),
            ('i', 359, 361),
        ];
        let (line, mut glyphs) = line(&letters);
        for (glyph, x) in glyphs.iter_mut().zip([332.0, 341.0, 346.0, 350.0, 357.0, 360.0]) {
            glyph.x = x;
        }
        let read: Vec<String> = words(&line, &glyphs).into_iter().map(|it| it.text).collect();
        assert_eq!(read, ["n", "I", "si"]);
    }

    #[test]
    fn narrow_letters_of_one_pitch_keep_their_gaps() {
        let letters =
            [('a', 0, 7), (' ', 8, 16), ('f', 16, 23), ('i', 27, 29), ('l', 35, 37), ('e', 40, 47)];
        let (line, glyphs) = line(&letters);
        let read: Vec<String> = words(&line, &glyphs).into_iter().map(|it| it.text).collect();
        assert_eq!(read, ["a", "file"]);
    }
}
