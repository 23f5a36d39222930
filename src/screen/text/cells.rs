//! What stands in the cells of a text console.

use std::collections::HashMap;

use crate::model::Frame;
use crate::screen::area::{Area, signed};
use crate::screen::console::{Grid, pattern};
use crate::screen::paint::{self, Colour};

/// A cell with a shape in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub(super) column: i32,
    /// Where its ink is.
    pub(super) area: Area,
    /// Its first row of pixels and the one after its last: those of all cells beside it.
    pub(super) rows: (i32, i32),
    /// A number that equal shapes share.
    pub(super) shape: u64,
    /// Whether the shape is more than bars from edge to edge, as cursors and frames are.
    pub(super) outline: Outline,
    pub(super) ink: Colour,
    pub(super) paper: Colour,
}

/// How a shape keeps to its cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outline {
    /// It leaves room around itself, as letters do.
    Free,
    /// It goes from edge to edge.
    Spilling,
}

/// So many blank cells part what stands on one row: columns of a table, menus.
const APART: i32 = 3;

/// Returns the lines of a console: cells that stand together on a row.
pub(super) fn lines(frame: &Frame, grid: &Grid) -> Vec<Vec<Cell>> {
    let (width, height) = (signed(grid.cell.0), signed(grid.cell.1));
    let (left, top) = (signed(grid.origin.0), signed(grid.origin.1));
    let right = i32::try_from(frame.size().width).unwrap_or_default();
    let bottom = i32::try_from(frame.size().height).unwrap_or_default();
    let mut lines: Vec<Vec<Cell>> = Vec::new();
    for row in 0..(bottom - top) / height {
        let mut line: Vec<Cell> = Vec::new();
        for column in 0..(right - left) / width {
            let (x, y) = (left + column * width, top + row * height);
            let Some(cell) = look(frame, column, Area::new(x, y, x + width, y + height)) else {
                continue;
            };
            if line.last().is_some_and(|it| column - it.column > APART) {
                lines.push(std::mem::take(&mut line));
            }
            line.push(cell);
        }
        lines.push(line);
    }
    lines.retain(|it| !it.is_empty());
    lines
}

/// Looks at one cell; nothing if it is blank or a piece of a picture.
fn look(frame: &Frame, column: i32, area: Area) -> Option<Cell> {
    // The ninth column of VGA's cells is a gap, or repeats the eighth.
    let right = if area.width() == 9 { area.right - 1 } else { area.right };
    let pixels = || (area.top..area.bottom).flat_map(|y| (area.left..right).map(move |x| (x, y)));
    let mut counts: HashMap<Colour, usize> = HashMap::new();
    for (x, y) in pixels() {
        *counts.entry(paint::at(frame, x, y)).or_default() += 1;
        if counts.len() > 2 {
            return None;
        }
    }
    // Of the two colours the letter's is the rarer one.
    let mut colours: Vec<(Colour, usize)> = counts.into_iter().collect();
    colours.sort_by_key(|(colour, count)| (std::cmp::Reverse(*count), *colour));
    let &[(paper, _), (ink, _)] = colours.as_slice() else { return None };
    let inked = pixels().filter(|(x, y)| paint::at(frame, *x, *y) == ink);
    let bounds = inked.map(|(x, y)| Area::new(x, y, x + 1, y + 1)).reduce(Area::with)?;
    let spills = bounds.left == area.left && bounds.right == right
        || bounds.top == area.top && bounds.bottom == area.bottom;
    let outline = if spills { Outline::Spilling } else { Outline::Free };
    let shape = pattern(pixels().map(|(x, y)| paint::at(frame, x, y) == paper));
    let rows = (area.top, area.bottom);
    Some(Cell { column, area: bounds, rows, shape, outline, ink, paper })
}
