//! A picture with numbered boxes around its elements, as people and agents like them.

use super::reading::{Element, ElementKind};
use crate::model::{Frame, Rect, Size};

/// Digits of 3x5 pixels, drawn twice as large: the rows of each, three bits a row.
const DIGITS: [[u8; 5]; 10] = [
    [7, 5, 5, 5, 7],
    [2, 6, 2, 2, 7],
    [7, 1, 7, 4, 7],
    [7, 1, 3, 1, 7],
    [5, 5, 7, 1, 1],
    [7, 4, 7, 1, 7],
    [7, 4, 7, 5, 7],
    [7, 1, 1, 2, 2],
    [7, 5, 7, 5, 7],
    [7, 5, 7, 1, 7],
];

/// How many pixels of the picture a pixel of a digit takes.
const SCALE: u32 = 2;

/// Draws a box with its number around every element that is no plain text.
pub fn annotate(frame: &Frame, elements: &[Element]) -> Option<Frame> {
    let mut canvas = Canvas { size: frame.size(), rgb: frame.rgb().to_vec() };
    for (number, element) in (1u32..).zip(elements) {
        if element.kind == ElementKind::Text {
            continue;
        }
        let colour = colour(element.kind);
        canvas.outline(element.area, colour);
        canvas.label(element.area, number, colour);
    }
    Frame::new(canvas.size, canvas.rgb)
}

fn colour(kind: ElementKind) -> [u8; 3] {
    match kind {
        ElementKind::Window | ElementKind::Dialog => [130, 60, 20],
        ElementKind::TitleBar => [90, 90, 90],
        ElementKind::Menu => [130, 0, 130],
        ElementKind::Button => [215, 0, 0],
        ElementKind::Field => [0, 60, 220],
        ElementKind::CheckBox | ElementKind::RadioButton => [220, 0, 160],
        ElementKind::Link => [0, 120, 140],
        ElementKind::Icon => [0, 130, 0],
        ElementKind::Text => [160, 140, 0],
    }
}

struct Canvas {
    size: Size,
    rgb: Vec<u8>,
}

impl Canvas {
    fn dot(&mut self, x: u32, y: u32, colour: [u8; 3]) {
        if x >= self.size.width || y >= self.size.height {
            return;
        }
        let place = u64::from(y) * u64::from(self.size.width) + u64::from(x);
        let pixels = self.rgb.as_chunks_mut::<3>().0;
        if let Some(pixel) = usize::try_from(place).ok().and_then(|it| pixels.get_mut(it)) {
            *pixel = colour;
        }
    }

    fn fill(&mut self, area: Rect, colour: [u8; 3]) {
        for y in area.y..area.y.saturating_add(area.height).min(self.size.height) {
            for x in area.x..area.x.saturating_add(area.width).min(self.size.width) {
                self.dot(x, y, colour);
            }
        }
    }

    fn outline(&mut self, area: Rect, colour: [u8; 3]) {
        let (left, top) = (area.x.saturating_sub(1), area.y.saturating_sub(1));
        let (width, height) = (area.width + 2, area.height + 2);
        let (right, bottom) = (left + width - 1, top + height - 1);
        self.fill(Rect { x: left, y: top, width, height: 1 }, colour);
        self.fill(Rect { x: left, y: bottom, width, height: 1 }, colour);
        self.fill(Rect { x: left, y: top, width: 1, height }, colour);
        self.fill(Rect { x: right, y: top, width: 1, height }, colour);
    }

    /// Writes a number on a ground of its own at a box's top left corner, above it if there is room.
    fn label(&mut self, area: Rect, number: u32, colour: [u8; 3]) {
        let digits: Vec<u32> =
            number.to_string().chars().filter_map(|it| it.to_digit(10)).collect();
        let count = u32::try_from(digits.len()).unwrap_or(1);
        let (width, height) = ((count * 4 + 1) * SCALE, 7 * SCALE);
        let y = area.y.checked_sub(height).unwrap_or(area.y);
        self.fill(Rect { x: area.x, y, width, height }, colour);
        for (place, digit) in (0u32..).zip(digits) {
            let rows = usize::try_from(digit).ok().and_then(|it| DIGITS.get(it));
            for (row, bits) in (0u32..).zip(rows.into_iter().flatten()) {
                for column in (0u32..3).filter(|column| bits >> (2 - column) & 1 == 1) {
                    let x = area.x + (place * 4 + 1 + column) * SCALE;
                    let dot = Rect { x, y: y + (row + 1) * SCALE, width: SCALE, height: SCALE };
                    self.fill(dot, [255; 3]);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::annotate;
    use crate::model::{Frame, Rect, Size};
    use crate::screen::{Element, ElementKind};

    #[test]
    fn boxes_at_the_edge_and_beyond_do_no_harm_and_the_inside_stays() {
        let size = Size { width: 40, height: 30 };
        let frame = Frame::new(size, vec![9; 40 * 30 * 3]).unwrap();
        let element = |x, y, width, height| {
            Element::sample(ElementKind::Button, Rect { x, y, width, height })
        };
        let elements = [element(0, 0, 40, 30), element(38, 28, 9, 9), element(10, 20, 12, 6)];
        let drawn = annotate(&frame, &elements).unwrap();
        let pixel = |x: usize, y: usize| drawn.pixels().nth(y * 40 + x).unwrap();
        assert_eq!(pixel(16, 23), [9; 3], "what is in a box stays as it was");
        assert_eq!(pixel(16, 19), [215, 0, 0], "a line lies just outside");
    }
}
