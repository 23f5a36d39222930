//! Colours: how far apart, how bright, how colourful.

use super::area::Area;
use super::surfaces::Surfaces;
use crate::model::Frame;

/// A colour: red, green, blue.
pub(super) type Colour = [u8; 3];

/// Returns the colour of a pixel; what is outside is black.
pub(super) fn at(frame: &Frame, x: i32, y: i32) -> Colour {
    let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { return [0; 3] };
    if x >= frame.size().width || y >= frame.size().height {
        return [0; 3];
    }
    let place = u64::from(y) * u64::from(frame.size().width) + u64::from(x);
    let pixels = frame.rgb().as_chunks::<3>().0;
    usize::try_from(place).ok().and_then(|it| pixels.get(it)).copied().unwrap_or_default()
}

/// Returns how far apart two colours are: the largest difference of their parts.
pub(super) fn distance(a: Colour, b: Colour) -> u8 {
    a.iter().zip(b).map(|(a, b)| a.abs_diff(b)).max().unwrap_or_default()
}

/// Returns how far a colour is from grey.
pub(super) fn saturation(colour: Colour) -> u8 {
    let [red, green, blue] = colour;
    red.max(green).max(blue) - red.min(green).min(blue)
}

/// Returns the colour of the ink in an area: the one farthest from the paper's. Smoothing mixes the
/// two, so that the farthest is the purest.
pub(super) fn ink(frame: &Frame, surfaces: &Surfaces, area: Area, paper: Colour) -> Colour {
    let mut best = (0, paper);
    for y in area.top..area.bottom {
        for x in area.left..area.right {
            if surfaces.at.get(x, y) == 0 {
                let colour = at(frame, x, y);
                let far = distance(colour, paper);
                if far > best.0 {
                    best = (far, colour);
                }
            }
        }
    }
    best.1
}
