//! Finds the text that rules miss: on pictures, on patterns, and everywhere if time does not matter.

use super::detect::detect;
use super::lines::Proposal;
use crate::error::Error;
use crate::model::Frame;
use crate::screen::area::{Area, ratio};
use crate::screen::ink::Ink;
use crate::screen::paint::{self, Colour, distance};
use crate::screen::reading::Quality;
use crate::screen::surfaces::Surfaces;

/// Pieces of ink that are at least so wide and high are pictures, in which text may lie.
const PICTURE: (i32, i32) = (96, 48);

/// Where time matters no more pixels than these are given to the detector: a second's work.
const MOST: i64 = 500_000;

/// Ink differs this much from what is behind it.
const VISIBLE: u8 = 56;

/// Returns lines that the others do not hold.
pub(super) fn find(
    frame: &Frame,
    surfaces: &Surfaces,
    ink: &[Ink],
    others: &[Proposal],
    quality: Quality,
) -> Result<Vec<Proposal>, Error> {
    let areas = match quality {
        Quality::Standard => pictures(ink),
        Quality::Best => vec![Area::new(0, 0, surfaces.at.width, surfaces.at.height)],
    };
    let mut found: Vec<Proposal> = Vec::new();
    for area in areas {
        for line in detect(frame, area)? {
            let covered: i64 =
                others.iter().chain(&found).map(|it| it.area.grown(0, 2).shared(line).size()).sum();
            if ratio(covered, line.size()) < 0.35 {
                found.extend(proposal(frame, surfaces, line));
            }
        }
    }
    Ok(found)
}

/// Returns the pictures on a screen, the smallest first, as many as there is time for.
fn pictures(ink: &[Ink]) -> Vec<Area> {
    let is_picture = |it: &&Ink| {
        it.area.width() >= PICTURE.0
            && it.area.height() >= PICTURE.1
            && ratio(it.pixels, it.area.size()) > 0.35
    };
    let mut areas: Vec<Area> = ink.iter().filter(is_picture).map(|it| it.area).collect();
    areas.sort_by_key(|it| it.size());
    let mut left = MOST;
    areas.retain(|it| {
        left -= it.size();
        left >= 0
    });
    areas
}

/// Makes a proposal of what lies in an area: its pieces are the columns that differ from its edge.
fn proposal(frame: &Frame, surfaces: &Surfaces, area: Area) -> Option<Proposal> {
    let behind = edge_colour(frame, area);
    let differs = |x: i32, y: i32| distance(paint::at(frame, x, y), behind) > VISIBLE;
    let rows: Vec<i32> = (area.top..area.bottom)
        .filter(|y| (area.left..area.right).any(|x| differs(x, *y)))
        .collect();
    let (top, bottom) = (*rows.first()?, rows.last()? + 1);
    let (x, y) = (area.left, i32::midpoint(top, bottom));
    let paper = surfaces.at.get(x, y);
    let mut pieces: Vec<Ink> = Vec::new();
    for x in area.left..area.right {
        let inked = i64::try_from((top..bottom).filter(|y| differs(x, *y)).count()).unwrap_or(0);
        if inked == 0 {
            continue;
        }
        match pieces.last_mut() {
            Some(piece) if piece.area.right == x => {
                piece.area.right = x + 1;
                piece.pixels += inked;
            }
            Some(_) | None => {
                pieces.push(Ink { area: Area::new(x, top, x + 1, bottom), pixels: inked, paper });
            }
        }
    }
    Proposal::of(pieces)
}

/// Returns the usual colour along the edge of an area.
fn edge_colour(frame: &Frame, area: Area) -> Colour {
    let across = (area.left..area.right).flat_map(|x| [(x, area.top), (x, area.bottom - 1)]);
    let down = (area.top..area.bottom).flat_map(|y| [(area.left, y), (area.right - 1, y)]);
    let places: Vec<Colour> = across.chain(down).map(|(x, y)| paint::at(frame, x, y)).collect();
    let median = |part: fn(&Colour) -> u8| {
        let mut parts: Vec<u8> = places.iter().map(part).collect();
        parts.sort_unstable();
        parts.get(parts.len() / 2).copied().unwrap_or_default()
    };
    [median(|it| it[0]), median(|it| it[1]), median(|it| it[2])]
}
