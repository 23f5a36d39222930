//! Cuts icons off the lines that they stand beside: read as letters, they become an O, a Q or a +.

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
    if !is_squarish || !is_apart {
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
