//! Ink: what lies on the surfaces. A piece of ink is a letter, some letters that touch, a frame, or
//! a part of an icon.

use super::area::{Area, signed};
use super::parts::{Run, join_rows};
use super::surfaces::Surfaces;

/// A piece of ink.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ink {
    pub(super) area: Area,
    /// How many pixels it has.
    pub(super) pixels: i64,
    /// The number of the surface that it lies on.
    pub(super) paper: u32,
}

/// Finds the pieces of ink on all surfaces.
pub(super) fn find(surfaces: &Surfaces) -> Vec<Ink> {
    let mut runs = Vec::new();
    for (row, numbers) in surfaces.at.rows() {
        let mut start = 0;
        for run in numbers.chunk_by(|a, b| (*a == 0) == (*b == 0)) {
            let end = start + signed(run.len());
            if run.first() == Some(&0) {
                runs.push(Run { row, start, end, part: 0 });
            }
            start = end;
        }
    }
    let count = join_rows(&mut runs, 1, |_, _| true);
    let nothing = Area::new(i32::MAX, i32::MAX, i32::MIN, i32::MIN);
    let mut pieces = vec![(Ink { area: nothing, pixels: 0, paper: 0 }, 0u32); count];
    for run in &runs {
        let Some((ink, votes)) = pieces.get_mut(run.part) else { continue };
        ink.area = ink.area.with(Area::new(run.start, run.row, run.end, run.row + 1));
        ink.pixels += i64::from(run.end - run.start);
        for x in [run.start - 1, run.end] {
            let paper = surfaces.at.get(x, run.row);
            // A majority vote (Boyer and Moore); 0 is the screen's edge.
            if paper == 0 {
                continue;
            }
            if *votes == 0 {
                ink.paper = paper;
            }
            *votes = if ink.paper == paper { *votes + 1 } else { *votes - 1 };
        }
    }
    pieces.into_iter().map(|(ink, _)| ink).collect()
}
