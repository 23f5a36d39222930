//! What the recogniser sees of a line.

use crate::model::Frame;
use crate::screen::area::{Area, fraction, rounded, unsigned};

/// The height that the recogniser was trained with, to which widths are told.
const TRAINED: i32 = 48;

/// How a line is shown to the recogniser, whose work is proportional to both.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct View {
    /// In pixels.
    pub(super) height: i32,
    /// How wide, as a share of the width that it would have at the height of training.
    pub(super) stretch: f32,
}

/// A piece of a picture, made as high as the recogniser is to see it.
#[derive(Debug, Clone)]
pub(super) struct Crop {
    /// What it shows.
    pub(super) area: Area,
    /// Its size; it holds three planes (blue, green, red) of `height` rows.
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) values: Vec<f32>,
}

impl Crop {
    /// Cuts an area out; it may reach over the picture's edge, whose pixels then go on.
    pub(super) fn of(frame: &Frame, area: Area, view: View) -> Self {
        let wish = fraction(area.width()) * fraction(TRAINED) / fraction(area.height().max(1));
        let width = rounded(wish * view.stretch).clamp(8, 3200);
        let height = view.height;
        let columns = weights(area.left, area.width(), width);
        let rows = weights(area.top, area.height(), height);
        let mut values = vec![0.0; unsigned(3 * width * height)];
        let across: Vec<Vec<[f32; 3]>> =
            (area.top..area.bottom).map(|y| squeeze(frame, y, &columns)).collect();
        let plane = unsigned(width * height);
        for (row, (first, shares)) in rows.iter().enumerate() {
            let lines = across.iter().skip(unsigned(first - area.top));
            let weighed: Vec<_> = lines.zip(shares).collect();
            for x in 0..unsigned(width) {
                let mut colour = [0.0; 3];
                for (line, share) in &weighed {
                    let Some(pixel) = line.get(x) else { continue };
                    for (sum, part) in colour.iter_mut().zip(pixel) {
                        *sum += part * **share;
                    }
                }
                for (channel, part) in colour.iter().rev().enumerate() {
                    let at = channel * plane + row * unsigned(width) + x;
                    if let Some(value) = values.get_mut(at) {
                        *value = part / 127.5 - 1.0;
                    }
                }
            }
        }
        Self { area, width, height, values }
    }
}

/// Squeezes or stretches one row of a picture.
fn squeeze(frame: &Frame, y: i32, columns: &[(i32, Vec<f32>)]) -> Vec<[f32; 3]> {
    let size = frame.size();
    let (right, bottom) = (signed32(size.width) - 1, signed32(size.height) - 1);
    let start = unsigned(y.clamp(0, bottom)) * unsigned(right + 1);
    let pixels = frame.rgb().as_chunks::<3>().0;
    let row = pixels.get(start..start + unsigned(right + 1)).unwrap_or_default();
    let mean = |(first, shares): &(i32, Vec<f32>)| {
        let mut sum = [0.0; 3];
        for (x, share) in (*first..).zip(shares) {
            let pixel = row.get(unsigned(x.clamp(0, right))).copied().unwrap_or_default();
            for (sum, part) in sum.iter_mut().zip(pixel) {
                *sum += f32::from(part) * share;
            }
        }
        sum
    };
    columns.iter().map(mean).collect()
}

fn signed32(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX / 4)
}

/// Returns for each new place the first old one and the shares of the old ones from there (a triangle
/// filter: bilinear when it grows, the mean when it shrinks).
fn weights(start: i32, old: i32, new: i32) -> Vec<(i32, Vec<f32>)> {
    let scale = fraction(old) / fraction(new.max(1));
    let reach = scale.max(1.0);
    (0..new)
        .map(|place| {
            let centre = (fraction(place) + 0.5) * scale - 0.5;
            let first = rounded((centre - reach).ceil()).max(0);
            let last = rounded((centre + reach).floor()).min(old - 1).max(first);
            let shares: Vec<f32> = (first..=last)
                .map(|it| (1.0 - (fraction(it) - centre).abs() / reach).max(0.0))
                .collect();
            let sum: f32 = shares.iter().sum();
            let even =
                if sum > 0.0 { shares.iter().map(|it| it / sum).collect() } else { vec![1.0] };
            (start + first, even)
        })
        .collect()
}
