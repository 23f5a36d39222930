//! Recognises text in a grid of cells, whatever the font.
//!
//! Nothing is read. What gives a text console away: a cell has at most two colours (its text and
//! what is behind it), and its glyph leaves the gaps to its neighbours free, in every cell of one
//! grid. Pictures and proportional, smoothed text have neither.

use std::collections::HashMap;
use std::collections::HashSet;

use super::compare::share;
use crate::model::Frame;

/// The cells of VGA's and EFI's text modes and of Linux's console fonts, width and height.
const CELLS: [(usize, usize); 11] = [
    (9, 16),
    (8, 16),
    (8, 8),
    (9, 8),
    (9, 14),
    (8, 14),
    (8, 19),
    (10, 18),
    (10, 20),
    (12, 22),
    (16, 32),
];

/// Fewer glyphs than these are no text: a lone cursor, a mark, a speck.
const FEWEST_GLYPHS: usize = 3;

/// The share of cells that must have two colours; the rest is room for a boot logo.
const TWO_COLOURED: f64 = 0.8;

/// The share of glyphs that must keep to their cells.
const KEPT_TO_CELL: f64 = 0.88;

/// A grid of this confidence need not be compared with others.
const CERTAIN: f64 = 0.95;

/// A grid must fit so much better than one that was tried before it: halves of cells fit too.
const CLEARLY: f64 = 0.04;

/// Shapes in smaller cells than this count in part: halves of letters are no evidence more.
const WHOLE_CELL: usize = 8 * 16;

/// A frame of at most 256 colours, one byte a pixel.
struct Plane {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// What one cell holds.
#[derive(Clone, Copy)]
enum Cell {
    /// One colour, or only straight edges, as of a line or a cursor: any program draws those.
    Plain,
    /// A shape of two colours, which sides it leaves free, and its pattern.
    Shape { left: bool, right: bool, above_or_below: bool, pattern: u64 },
    /// More than two colours.
    Colourful,
}

/// A grid of text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Grid {
    /// The width and height of its cells, in pixels.
    pub(super) cell: (usize, usize),
    /// Where its first cell begins.
    pub(super) origin: (usize, usize),
    /// How sure it is that there is one, 0.0 to 1.0.
    pub(super) confidence: f64,
}

/// Returns the grid that a frame's text is in; `None` if it is in none.
pub(super) fn grid(frame: &Frame) -> Option<Grid> {
    let plane = Plane::of(frame)?;
    let mut best: Option<Grid> = None;
    for (width, height) in CELLS {
        let centred = (plane.width % width / 2, plane.height % height / 2);
        let mut origins = vec![(0, 0), centred];
        origins.dedup();
        for origin in origins {
            let cell = (width, height);
            let Some(confidence) = plane.try_grid(cell, origin) else { continue };
            if best.is_none_or(|it| confidence > it.confidence + CLEARLY) {
                best = Some(Grid { cell, origin, confidence });
            }
            if confidence >= CERTAIN {
                return best;
            }
        }
    }
    best
}

impl Plane {
    /// Numbers the colours of a frame; `None` if it has more than any text console.
    fn of(frame: &Frame) -> Option<Self> {
        let mut numbers: HashMap<[u8; 3], u8> = HashMap::new();
        let mut pixels = Vec::with_capacity(frame.rgb().len() / 3);
        for run in frame.rgb().as_chunks::<3>().0.chunk_by(|a, b| a == b) {
            let next = u8::try_from(numbers.len());
            let number = match numbers.get(run.first()?) {
                Some(number) => *number,
                None => *numbers.entry(*run.first()?).or_insert(next.ok()?),
            };
            pixels.resize(pixels.len() + run.len(), number);
        }
        let width = usize::try_from(frame.size().width).ok()?;
        let height = usize::try_from(frame.size().height).ok()?;
        Some(Self { width, height, pixels })
    }

    /// Looks at every cell of a grid.
    fn try_grid(&self, cell: (usize, usize), origin: (usize, usize)) -> Option<f64> {
        let mut tally = Tally::default();
        let band_size = self.width.checked_mul(cell.1).filter(|size| *size > 0)?;
        let first = self.width.checked_mul(origin.1)?;
        for band in self.pixels.get(first..)?.chunks_exact(band_size) {
            for x in (origin.0..self.width).step_by(cell.0) {
                let rows =
                    || band.chunks_exact(self.width).filter_map(|row| row.get(x..x + cell.0));
                tally.add(look(rows));
            }
        }
        tally.judge(cell)
    }
}

/// What the cells of a grid hold.
#[derive(Default)]
struct Tally {
    shapes: usize,
    free_left: usize,
    free_right: usize,
    /// Shapes that fill their cells, each once: shades and frames repeat a few of them.
    spilling: HashSet<u64>,
    colourful: usize,
}

impl Tally {
    fn add(&mut self, cell: Cell) {
        match cell {
            Cell::Plain => {}
            Cell::Colourful => self.colourful += 1,
            Cell::Shape { left: false, right: false, pattern, .. }
            | Cell::Shape { above_or_below: false, pattern, .. } => {
                self.spilling.insert(pattern);
            }
            Cell::Shape { left, right, .. } => {
                self.shapes += 1;
                self.free_left += usize::from(left);
                self.free_right += usize::from(right);
            }
        }
    }

    fn judge(&self, cell: (usize, usize)) -> Option<f64> {
        let two_coloured = self.shapes + self.spilling.len();
        let kept = share(self.free_left.max(self.free_right), two_coloured);
        let fits = self.shapes >= FEWEST_GLYPHS
            && share(two_coloured, two_coloured + self.colourful) >= TWO_COLOURED
            && kept >= KEPT_TO_CELL;
        // Three shapes may keep to a grid by chance, thirty do not.
        let letters = self.shapes * WHOLE_CELL.min(cell.0 * cell.1) / WHOLE_CELL;
        let certainty = 1.0 - share(1, letters + 1);
        fits.then_some(kept * certainty)
    }
}

/// Looks at the rows of one cell.
fn look<'a, Rows: Iterator<Item = &'a [u8]>>(rows: impl Fn() -> Rows) -> Cell {
    let Some(first) = rows().next().and_then(|row| row.first()).copied() else {
        return Cell::Plain;
    };
    let Some(second) = rows().flatten().copied().find(|pixel| *pixel != first) else {
        return Cell::Plain;
    };
    let (mut straight_down, mut straight_across) = (true, true);
    for row in rows() {
        if row.iter().any(|pixel| *pixel != first && *pixel != second) {
            return Cell::Colourful;
        }
        straight_down &= rows().next() == Some(row);
        straight_across &= row.iter().all(|pixel| row.first() == Some(pixel));
    }
    if straight_down || straight_across {
        return Cell::Plain;
    }
    let majority = rows().flatten().map(|pixel| if *pixel == first { 1 } else { -1 }).sum::<i32>();
    let behind = if majority >= 0 { first } else { second };
    let free = |row: &[u8]| row.iter().all(|pixel| *pixel == behind);
    Cell::Shape {
        left: rows().all(|row| row.first() == Some(&behind)),
        right: rows().all(|row| row.last() == Some(&behind)),
        above_or_below: rows().next().is_some_and(free) || rows().last().is_some_and(free),
        pattern: pattern(rows().flatten().map(|pixel| *pixel == behind)),
    }
}

/// Returns a number that equal shapes share (FNV-1a).
pub(super) fn pattern(pixels: impl Iterator<Item = bool>) -> u64 {
    pixels.fold(0xCBF2_9CE4_8422_2325, |hash, pixel| {
        (hash ^ u64::from(pixel)).wrapping_mul(0x0100_0000_01B3)
    })
}
