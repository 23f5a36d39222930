//! Icons: small pictures that are no text and no control.

use super::scene::Scene;
use crate::screen::area::Area;

/// The largest icon.
const LARGEST: i32 = 96;

/// Finds the icons of a screen, apart from what is known to be something else.
pub(super) fn find(scene: &Scene<'_>, others: &[Area]) -> Vec<Area> {
    let texts: Vec<Area> = scene.texts.iter().map(|it| it.area).collect();
    let is_free = |area: Area| {
        !others.iter().any(|it| it.shared(area).size() * 2 > area.size())
            && !texts.iter().any(|it| it.shared(area).size() * 2 > area.size())
    };
    let ink = scene.ink.iter().filter(|it| it.paper != 0).map(|it| it.area);
    let shapes = scene.surfaces.iter().map(|(_, it)| it.area);
    let mut pieces: Vec<Area> = ink
        .chain(shapes)
        .chain(scene.pictures.iter().copied())
        .filter(|it| it.width() <= LARGEST && it.height() <= LARGEST)
        .filter(|it| it.size() >= 6 && is_free(*it))
        .collect();
    pieces.sort_by_key(|it| (it.left, it.top));
    let mut icons = join(pieces, &texts);
    icons.retain(|it| {
        let (width, height) = (it.width(), it.height());
        let (low, high) = (width.min(height), width.max(height));
        low >= 5 && high >= 8 && high <= low * 3 && high <= LARGEST && is_free(*it)
    });
    icons
}

/// Joins pieces that are nearer to each other than icons are.
fn join(mut pieces: Vec<Area>, texts: &[Area]) -> Vec<Area> {
    loop {
        let count = pieces.len();
        let mut joined: Vec<Area> = Vec::with_capacity(count);
        for piece in pieces {
            let near = joined.iter_mut().rev().take(400).find(|it| {
                let both = it.with(piece);
                it.grown(3, 3).shared(piece).size() > 0
                    && both.width() <= LARGEST
                    && both.height() <= LARGEST
                    && !texts.iter().any(|text| text.shared(both).size() > 0)
            });
            match near {
                Some(known) => *known = known.with(piece),
                None => joined.push(piece),
            }
        }
        if joined.len() == count {
            return joined;
        }
        pieces = joined;
    }
}
