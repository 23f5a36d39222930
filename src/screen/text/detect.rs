//! The detector: a model that says where text is, whatever it lies on.

use std::sync::LazyLock;

use rten::{Model, ValueOrView};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;

use crate::error::{Error, ErrorKind};
use crate::model::Frame;
use crate::screen::area::{Area, fraction, rounded, unsigned};
use crate::screen::paint;
use crate::screen::parts::{Run, join_rows, measure};

static MODEL: LazyLock<Result<Model, String>> = LazyLock::new(|| {
    Model::load_static_slice(include_bytes!("../models/detector.onnx"))
        .map_err(|error| error.to_string())
});

/// Its input's sides are multiples of this.
const STEP: i32 = 32;

/// No more rows are looked at in one go: the model's memory grows with its input.
const TILE: i32 = 1088;

/// From this probability on, a pixel is text.
const LIKELY: f32 = 0.3;

/// Returns where text is in an area of a picture.
pub(super) fn detect(frame: &Frame, area: Area) -> Result<Vec<Area>, Error> {
    let mut found = Vec::new();
    let mut top = area.top;
    while top < area.bottom {
        let mut left = area.left;
        let bottom = (top + TILE).min(area.bottom);
        while left < area.right {
            let right = (left + 2 * TILE).min(area.right);
            found.extend(look(frame, Area::new(left, top, right, bottom))?);
            left = right;
        }
        top = bottom;
    }
    Ok(found)
}

fn look(frame: &Frame, area: Area) -> Result<Vec<Area>, Error> {
    let round = |it: i32| (it + STEP - 1) / STEP * STEP;
    let (width, height) = (round(area.width()), round(area.height()));
    let mut input = Vec::with_capacity(unsigned(3 * width * height));
    for channel in [2usize, 1, 0] {
        for y in 0..height {
            for x in 0..width {
                let (x, y) = (area.left + x, area.top + y);
                let inside = (x.min(area.right - 1), y.min(area.bottom - 1));
                let colour = paint::at(frame, inside.0, inside.1);
                let part = colour.get(channel).copied().unwrap_or_default();
                input.push(f32::from(part) / 127.5 - 1.0);
            }
        }
    }
    let model = MODEL.as_ref().map_err(|why| sick(why))?;
    let input = NdTensor::from_data([1, 3, unsigned(height), unsigned(width)], input);
    let output = model
        .run_one(ValueOrView::Value(input.into()), None)
        .map_err(|error| sick(&error.to_string()))?;
    let output: NdTensor<f32, 4> =
        output.try_into().map_err(|_error| sick("its answer has another shape"))?;
    let mut runs = Vec::new();
    for y in 0..height {
        let mut start = None;
        for x in 0..=width {
            let likely = x < width
                && output.get([0, 0, unsigned(y), unsigned(x)]).is_some_and(|it| *it > LIKELY);
            match (likely, start) {
                (true, None) => start = Some(x),
                (false, Some(begun)) => {
                    runs.push(Run { row: y, start: begun, end: x, part: 0 });
                    start = None;
                }
                (true, Some(_)) | (false, None) => {}
            }
        }
    }
    let count = join_rows(&mut runs, 1, |_, _| true);
    let parts = measure(&runs, count);
    let lines = parts.into_iter().filter(|(it, _)| it.height() >= 3 && it.width() >= 3);
    Ok(lines.map(|(it, _)| grown(it, area)).collect())
}

/// The model marks the core of a line; the line is larger by a share of its size.
fn grown(core: Area, around: Area) -> Area {
    let (width, height) = (fraction(core.width()), fraction(core.height()));
    let margin = rounded(width * height * 1.5 / (2.0 * (width + height)));
    let placed = Area::new(
        core.left + around.left,
        core.top + around.top,
        core.right + around.left,
        core.bottom + around.top,
    );
    placed.grown(margin, margin).shared(around)
}

fn sick(why: &str) -> Error {
    Error::new(ErrorKind::Internal, format!("the text detector failed: {why}"))
}
