//! The recogniser: a model that reads a line of text.

use std::sync::LazyLock;

use rten::{Model, ValueOrView};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, NdTensorView};

use super::crop::Crop;
use super::glyph::Glyph;
use crate::error::{Error, ErrorKind};
use crate::screen::area::{fraction, signed, unsigned};

/// A step of the recogniser is so many columns of its input.
const STEP: i32 = 8;

/// The name of the one that is built in.
const LATIN: &str = "ppocr6-latin";

/// A model that reads lines, and what it knows.
pub(in crate::screen) struct Recogniser {
    pub(super) model: Model,
    /// In the order of its classes: nothing, these, a space.
    pub(super) characters: Vec<char>,
    /// Tells it from all others: what one has read is of no use to another.
    pub(super) name: String,
}

static BUILT_IN: LazyLock<Result<Recogniser, String>> = LazyLock::new(|| {
    let model = Model::load_static_slice(include_bytes!("../models/recogniser-latin.onnx"))
        .map_err(|error| error.to_string())?;
    let characters = characters(include_str!("../models/latin.txt"));
    Ok(Recogniser { model, characters, name: LATIN.to_owned() })
});

impl Recogniser {
    /// Returns the one that is built in: it reads Latin letters.
    pub(in crate::screen) fn latin() -> Result<&'static Self, Error> {
        BUILT_IN.as_ref().map_err(|why| sick(why))
    }

    /// Reads crops, which have one height and should have much the same width: the narrower ones are
    /// filled up.
    pub(super) fn read(&self, crops: &[&Crop]) -> Result<Vec<Vec<Glyph>>, Error> {
        let Some(height) = crops.first().map(|it| it.height) else { return Ok(Vec::new()) };
        let widest = crops.iter().map(|it| it.width).max().unwrap_or_default();
        let width = (widest + STEP - 1) / STEP * STEP;
        let mut input = Vec::with_capacity(crops.len() * unsigned(3 * height * width));
        for crop in crops {
            for row in crop.values.chunks(unsigned(crop.width)) {
                input.extend_from_slice(row);
                // What comes after a line is what its last column shows: no edge, nothing to read.
                let last = row.last().copied().unwrap_or_default();
                input.extend(std::iter::repeat_n(last, unsigned(width - crop.width)));
            }
        }
        let shape = [crops.len(), 3, unsigned(height), unsigned(width)];
        let input = NdTensor::from_data(shape, input);
        let output = self
            .model
            .run_one(ValueOrView::Value(input.into()), None)
            .map_err(|error| sick(&error.to_string()))?;
        let output: NdTensor<f32, 3> =
            output.try_into().map_err(|_error| sick("its answer has another shape"))?;
        Ok(crops
            .iter()
            .enumerate()
            .map(|(index, crop)| {
                let scale = fraction(crop.area.width()) / fraction(crop.width);
                let end = fraction(crop.area.right);
                let mut glyphs = decode(&output.slice([index]), &self.characters);
                for glyph in &mut glyphs {
                    glyph.x = fraction(crop.area.left) + glyph.x * scale;
                }
                glyphs.retain(|it| it.x < end);
                glyphs
            })
            .collect())
    }
}

/// Returns the characters of an alphabet, one a line.
pub(super) fn characters(alphabet: &str) -> Vec<char> {
    // Two characters that are one class are rare, and the first tells it.
    alphabet.lines().map(|line| line.chars().next().unwrap_or(' ')).collect()
}

/// Takes the likeliest class of each step, and what is said again and again only once.
fn decode(steps: &NdTensorView<'_, f32, 2>, characters: &[char]) -> Vec<Glyph> {
    let mut glyphs: Vec<Glyph> = Vec::new();
    let mut before = 0;
    let mut since = 0;
    for step in 0..steps.size(0) {
        let (mut best, mut likely) = (0, f32::MIN);
        for (class, share) in steps.slice([step]).iter().enumerate() {
            if *share > likely {
                (best, likely) = (class, *share);
            }
        }
        if best != before {
            since = step;
        }
        if best != 0 {
            let middle = fraction(signed(since) + signed(step) + 1) / 2.0 * fraction(STEP);
            match glyphs.last_mut() {
                Some(last) if best == before => {
                    last.x = middle;
                    last.confidence = last.confidence.max(likely);
                }
                Some(_) | None => {
                    let character = characters.get(best - 1).copied().unwrap_or(' ');
                    glyphs.push(Glyph { character, x: middle, confidence: likely });
                }
            }
        }
        before = best;
    }
    glyphs
}

fn sick(why: &str) -> Error {
    Error::new(ErrorKind::Internal, format!("the text recogniser failed: {why}"))
}
