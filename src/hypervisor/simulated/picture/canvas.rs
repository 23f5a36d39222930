use image::{Rgb, RgbImage};

use super::font;
use crate::model::{Rect, Size};

/// A colour: red, green, blue.
pub(super) type Colour = [u8; 3];

/// How wide a letter's cell is.
pub(super) const CELL_WIDTH: u32 = 8;
/// How high a letter's cell is.
pub(super) const CELL_HEIGHT: u32 = 16;

/// A picture being drawn. What lies outside is not drawn.
#[derive(Debug)]
pub(super) struct Canvas(RgbImage);

impl Canvas {
    /// Begins a picture of one colour.
    pub(super) fn new(size: Size, colour: Colour) -> Self {
        Self(RgbImage::from_pixel(size.width, size.height, Rgb(colour)))
    }

    /// Returns the picture.
    pub(super) fn into_image(self) -> RgbImage {
        self.0
    }

    /// Fills a rectangle.
    pub(super) fn fill(&mut self, area: Rect, colour: Colour) {
        for y in area.y..area.y.saturating_add(area.height).min(self.0.height()) {
            for x in area.x..area.x.saturating_add(area.width).min(self.0.width()) {
                self.dot(x, y, colour);
            }
        }
    }

    /// Writes one line of text in cells of the given width, as much as fits.
    pub(super) fn text(&mut self, at: (u32, u32), cell: u32, text: &str, colour: Colour) {
        let columns = (at.0..self.0.width().saturating_sub(cell)).step_by(step(cell));
        for (x, letter) in columns.zip(text.chars()) {
            self.letter((x, at.1), letter, colour);
        }
    }

    /// Draws a letter: rows of five dots, each dot one wide and two high.
    fn letter(&mut self, at: (u32, u32), letter: char, colour: Colour) {
        for (row, bits) in (0u32..).zip(font::glyph(letter)) {
            for column in (0..font::WIDTH).filter(|column| bits >> (4 - column) & 1 == 1) {
                let (x, y) = (at.0 + 1 + column, at.1 + 1 + row * 2);
                self.dot(x, y, colour);
                self.dot(x, y + 1, colour);
            }
        }
    }

    fn dot(&mut self, x: u32, y: u32, colour: Colour) {
        if let Some(dot) = self.0.get_pixel_mut_checked(x, y) {
            *dot = Rgb(colour);
        }
    }
}

fn step(cell: u32) -> usize {
    usize::try_from(cell.max(1)).unwrap_or(1)
}
