//! Surfaces: the parts of a screen that have one colour, or nearly so, and room for text.
//!
//! Interfaces are painted: behind every text lies a surface, and what is on it is ink. Finding the
//! surfaces first keeps a button's caption apart from the text beside the button, whatever the
//! distance.

use super::area::{Area, signed};
use super::parts::{Plane, Run, join_rows, measure};
use crate::model::Frame;

/// Neighbours that differ no more than this in each colour are one surface: gradients, shadows.
const STEP: u8 = 3;

/// A surface has room for a square of this side: letters' strokes are thinner.
const THICK: u8 = 9;

/// What has straight edges needs room for a square of this side only: a button that its caption
/// fills.
const SLAB: u8 = 4;

/// One surface.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surface {
    /// The smallest rectangle around it.
    pub(super) area: Area,
    /// How many pixels it has, without the ink on it.
    pub(super) pixels: i64,
    /// Its colour, at one place.
    pub(super) colour: [u8; 3],
    /// Whether its edges are straight.
    pub(super) is_slab: bool,
}

/// The surfaces of a screen.
#[derive(Debug)]
pub(super) struct Surfaces {
    /// They have the numbers from 1.
    list: Vec<Surface>,
    /// Which surface is at a pixel; 0 is none.
    pub(super) at: Plane<u32>,
}

impl Surfaces {
    /// Finds the surfaces of a picture.
    pub(super) fn of(frame: &Frame) -> Self {
        let (width, height) = (
            i32::try_from(frame.size().width).unwrap_or_default(),
            i32::try_from(frame.size().height).unwrap_or_default(),
        );
        let pixels = frame.rgb().as_chunks::<3>().0;
        let colours = Plane { width, height, values: pixels.to_vec() };
        let mut runs = runs(&colours);
        let count = join_rows(&mut runs, 0, |upper, lower| {
            let (start, end) = (upper.start.max(lower.start), upper.end.min(lower.end) - 1);
            [start, i32::midpoint(start, end), end]
                .into_iter()
                .any(|x| is_near(colours.get(x, upper.row), colours.get(x, lower.row)))
        });
        let thickness = thickness(&runs, count, width, height);
        let parts = measure(&runs, count);
        let mut colour_of = vec![[0; 3]; count];
        for run in &runs {
            // The longest run would be the fairest; the last is cheaper and as good.
            if let Some(colour) = colour_of.get_mut(run.part) {
                *colour = colours.get(i32::midpoint(run.start, run.end), run.row);
            }
        }
        let slabs = edges(&runs, &parts);
        let mut list = Vec::new();
        let mut numbers = vec![0u32; count];
        for (part, number) in numbers.iter_mut().enumerate() {
            let (Some(&(area, pixels)), Some(&thick), Some(&colour)) =
                (parts.get(part), thickness.get(part), colour_of.get(part))
            else {
                continue;
            };
            let is_slab = slabs.get(part).is_some_and(|it| it.is_slab(area));
            if thick >= THICK
                || thick >= SLAB
                    && pixels >= 300
                    && is_slab
                    && area.width() >= 24
                    && area.height() >= 14
            {
                list.push(Surface { area, pixels, colour, is_slab });
                *number = u32::try_from(list.len()).unwrap_or_default();
            }
        }
        let mut at = Plane::new(width, height);
        for run in &runs {
            let number = numbers.get(run.part).copied().unwrap_or_default();
            at.fill(run.row, run.start, run.end, number);
        }
        Self { list, at }
    }

    /// Returns the surface with a number.
    pub(super) fn get(&self, number: u32) -> Option<&Surface> {
        self.list.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    /// Returns the surfaces with their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, &Surface)> {
        (1..).zip(&self.list)
    }
}

/// Returns whether two colours differ no more than a gradient's steps do.
fn is_near(a: [u8; 3], b: [u8; 3]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= STEP)
}

fn runs(colours: &Plane<[u8; 3]>) -> Vec<Run> {
    let mut runs = Vec::new();
    for (row, pixels) in colours.rows() {
        let mut start = 0;
        for run in pixels.chunk_by(|a, b| is_near(*a, *b)) {
            let end = start + signed(run.len());
            runs.push(Run { row, start, end, part: 0 });
            start = end;
        }
    }
    runs
}

/// An edge may be ragged by so many pixels: a bevel's light and dark sides meet at a slant, and one of
/// them may have the colour of what they surround.
const MITRE: i32 = 1;

/// How much of a part lies along the edges of its area.
#[derive(Debug, Clone, Copy, Default)]
struct Edges {
    left: i32,
    right: i32,
    top: i32,
    bottom: i32,
}

impl Edges {
    /// Returns whether the part is an area with straight edges: a letter is none.
    fn is_slab(self, area: Area) -> bool {
        let most = |edge: i32, whole: i32| edge * 2 >= whole;
        most(self.top, area.width())
            && most(self.bottom, area.width())
            && most(self.left, area.height())
            && most(self.right, area.height())
    }
}

/// Measures the edges of every part; corners may be round.
fn edges(runs: &[Run], parts: &[(Area, i64)]) -> Vec<Edges> {
    let mut edges = vec![Edges::default(); parts.len()];
    for run in runs {
        let (Some(edge), Some((area, _))) = (edges.get_mut(run.part), parts.get(run.part)) else {
            continue;
        };
        edge.left += i32::from(run.start - area.left <= MITRE);
        edge.right += i32::from(area.right - run.end <= MITRE);
        if run.row - area.top <= MITRE {
            edge.top = edge.top.max(run.end - run.start);
        }
        if area.bottom - 1 - run.row <= MITRE {
            edge.bottom = edge.bottom.max(run.end - run.start);
        }
    }
    edges
}

/// Returns the side of the largest square in each part, counted up to [`THICK`].
fn thickness(runs: &[Run], count: usize, width: i32, height: i32) -> Vec<u8> {
    let mut thickest = vec![0u8; count];
    let mut part_at: Plane<u32> = Plane::new(width, 1);
    let mut side_at: Plane<u8> = Plane::new(width, 1);
    let mut rows = runs.chunk_by(|a, b| a.row == b.row);
    for _ in 0..height {
        let Some(row) = rows.next() else { break };
        for run in row {
            let part = u32::try_from(run.part + 1).unwrap_or_default();
            let mut best = thickest.get(run.part).copied().unwrap_or_default();
            // What stood above the pixel to the left: its square limits this one's.
            let mut above_left = 0;
            let mut left = 0;
            for x in run.start..run.end {
                let is_same = part_at.get(x, 0) == part;
                let above = if is_same { side_at.get(x, 0) } else { 0 };
                let side = left.min(above).min(above_left).saturating_add(1).min(THICK);
                side_at.fill(0, x, x + 1, side);
                best = best.max(side);
                above_left = above;
                left = side;
            }
            part_at.fill(0, run.start, run.end, part);
            if let Some(thick) = thickest.get_mut(run.part) {
                *thick = best;
            }
        }
    }
    thickest
}

#[cfg(test)]
mod tests {
    use super::Surfaces;
    use crate::model::{Frame, Size};

    #[test]
    fn a_field_is_a_slab_though_its_bevel_slants() {
        // White with a dark left and top; the white of its right and bottom goes under the dark.
        let pixel = |x: u32, y: u32| match (x, y) {
            (20..80, 10..30) if y == 29 && x > 20 || x > 21 && y > 11 => [255; 3],
            (20..80, 10..30) => [128; 3],
            _ => [192; 3],
        };
        let pixels = (0..40).flat_map(|y| (0..100).flat_map(move |x| pixel(x, y)));
        let frame = Frame::new(Size { width: 100, height: 40 }, pixels.collect()).unwrap();
        let surfaces = Surfaces::of(&frame);
        let field = surfaces.iter().map(|(_, it)| it).find(|it| it.colour == [255; 3]).unwrap();
        assert!(field.is_slab, "{field:?}");
        assert_eq!((field.area.left, field.area.right), (21, 80));
    }
}
