//! Cuts icons off the lines that they stand beside: read as letters, they become an O, a Q or a +.

use super::glyph::Glyph;
use super::lines::Proposal;
use crate::screen::area::Area;
use crate::screen::ink::Ink;

/// A proposal without its icons, and where these are.
pub(super) fn cut(line: &Proposal) -> (Vec<Proposal>, Vec<Area>) {
    let clusters = clusters(&line.pieces);
    let mut icons = Vec::new();
    let mut rest = clusters.as_slice();
    while let [first, others @ ..] = rest {
        if !others.is_empty() && is_icon(first, others) {
            icons.push(around(first));
            rest = others;
        } else {
            break;
        }
    }
    while let [others @ .., last] = rest {
        if !others.is_empty() && is_icon(last, others) {
            icons.push(around(last));
            rest = others;
        } else {
            break;
        }
    }
    let kept = rest.iter().flatten().copied().collect();
    (Proposal::of(kept).into_iter().collect(), icons)
}

/// Returns whether a line that was read is a row of icons: signs alone, each as wide as it is high.
pub(super) fn is_row(line: &Proposal, glyphs: &[Glyph]) -> bool {
    let mut signs = glyphs.iter().map(|it| it.character).filter(|it| !it.is_whitespace());
    let is_signs = signs.clone().any(|it| !it.is_ascii()) && !signs.any(char::is_alphanumeric);
    is_signs && parts(line).len() >= 2
}

/// Returns the icons in a line of them, from left to right: shapes as wide as they are high, apart from
/// each other. Anything else is one.
pub(super) fn parts(line: &Proposal) -> Vec<Area> {
    let parts: Vec<Area> = clusters(&line.pieces).iter().map(|it| around(it)).collect();
    let is_squarish = |it: &Area| {
        let (width, height) = (it.width(), it.height());
        width >= 9 && height >= 9 && width * 2 > height && height * 2 > width
    };
    let is_apart = |(a, b): (&Area, &Area)| a.gap_across(*b) >= 8;
    let is_row =
        parts.iter().all(is_squarish) && parts.iter().zip(parts.iter().skip(1)).all(is_apart);
    if is_row && !parts.is_empty() { parts } else { vec![line.area] }
}

/// Joins pieces that stand over each other, or so near that they are one shape.
fn clusters(pieces: &[Ink]) -> Vec<Vec<Ink>> {
    let mut clusters: Vec<Vec<Ink>> = Vec::new();
    let mut right = i32::MIN;
    for piece in pieces {
        match clusters.last_mut() {
            Some(cluster) if piece.area.left < right + 2 => cluster.push(*piece),
            Some(_) | None => clusters.push(vec![*piece]),
        }
        right = right.max(piece.area.right);
    }
    clusters
}

fn around(cluster: &[Ink]) -> Area {
    let nothing = Area::new(0, 0, 0, 0);
    cluster.iter().map(|it| it.area).reduce(Area::with).unwrap_or(nothing)
}

/// Tells an icon at the end of a line from a letter: it is apart, squarish, and does not keep to the
/// heights that the letters keep to.
fn is_icon(cluster: &[Ink], others: &[Vec<Ink>]) -> bool {
    let icon = around(cluster);
    let Some(text) = others.iter().map(|it| around(it)).reduce(Area::with) else { return false };
    let gap = icon.gap_across(text);
    let (width, height) = (icon.width(), icon.height());
    let is_squarish = width * 2 >= height && width * 2 <= height * 3 && width >= 7;
    let is_apart = gap * 3 >= text.height() || gap >= 6;
    // What is no farther from its neighbour than words are from each other is a word.
    let spaces =
        others.iter().zip(others.iter().skip(1)).map(|(a, b)| around(a).gap_across(around(b)));
    // An icon's parts lie over each other, letters beside each other.
    let mut pairs = cluster.iter().zip(cluster.iter().skip(1));
    let is_spelled = pairs.any(|(a, b)| a.area.gap_across(b.area) >= 0);
    let is_word =
        is_spelled && gap * 2 < text.height() && spaces.filter(|it| *it + 1 >= gap).count() >= 2;
    if !is_squarish || !is_apart || is_word {
        return false;
    }
    if height * 4 >= text.height() * 5 {
        return true;
    }
    // Two strokes alike are a sign: `//`.
    if let [one, other] = cluster
        && one.area.width() == other.area.width()
        && one.area.height() == other.area.height()
    {
        return false;
    }
    // Letters begin and end where other letters do.
    let pieces = others.iter().flatten().count();
    let alike = |edge: fn(&Area) -> i32, leeway: i32| {
        let same = |it: &&Ink| (edge(&it.area) - edge(&icon)).abs() <= leeway;
        others.iter().flatten().filter(same).count()
    };
    let stands = alike(|it| it.bottom, 0) * 4 > pieces;
    let begins = alike(|it| it.top, 1) > 0;
    pieces >= 2 && (!stands || !begins && gap * 2 >= text.height())
}

#[cfg(test)]
mod tests {
    use super::{cut, is_row, parts};
    use crate::screen::area::{Area, fraction};
    use crate::screen::ink::Ink;
    use crate::screen::text::glyph::Glyph;
    use crate::screen::text::lines::Proposal;

    /// A line of shapes, each from the left to the right and from the top to the bottom.
    fn line(shapes: &[(i32, i32, i32, i32)]) -> Proposal {
        let piece = |(left, right, top, bottom): &(i32, i32, i32, i32)| Ink {
            area: Area::new(*left, *top, *right, *bottom),
            pixels: 20,
            paper: 1,
        };
        Proposal::of(shapes.iter().map(piece).collect()).unwrap()
    }

    fn read(text: &str) -> Vec<Glyph> {
        let glyph = |(place, character): (i32, char)| Glyph {
            character,
            x: fraction(place * 10),
            confidence: 0.9,
        };
        (0..).zip(text.chars()).map(glyph).collect()
    }

    #[test]
    fn an_icon_is_cut_off_and_a_short_word_is_not() {
        let word = [(20, 26, 4, 12), (27, 33, 4, 12), (34, 40, 4, 12)];
        let (kept, icons) = cut(&line(&[&[(0, 14, 0, 14)], &word[..]].concat()));
        assert_eq!(icons, [Area::new(0, 0, 14, 14)]);
        assert_eq!(kept[0].area.left, 20);
        // `git commit -m fix`: the spaces are all as wide.
        let git = [(0, 6, 4, 14), (7, 9, 2, 12), (10, 13, 4, 12)];
        let rest = [(17, 40, 4, 13), (44, 55, 4, 13), (59, 70, 4, 13), (74, 80, 4, 13)];
        let (kept, icons) = cut(&line(&[&git[..], &rest].concat()));
        assert!(icons.is_empty(), "{icons:?}");
        assert_eq!(kept[0].area.left, 0);
    }

    #[test]
    fn a_row_of_signs_is_a_row_of_icons() {
        let row = line(&[(0, 16, 0, 16), (32, 48, 0, 16), (64, 80, 1, 15)]);
        assert!(is_row(&row, &read("\u{d7} \u{2605}+")));
        assert!(!is_row(&row, &read("O \u{2605}+")) && !is_row(&row, &read("+ +")));
        assert_eq!(parts(&row).len(), 3);
        // The two sides of a ring are one thing.
        let ring = line(&[(0, 3, 0, 16), (13, 16, 0, 16)]);
        assert_eq!(parts(&ring), [ring.area]);
    }
}
