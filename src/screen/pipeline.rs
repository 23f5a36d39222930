//! The whole way from a picture to what is on it.

use std::path::Path;

use super::area::Area;
use super::elements::{self, Scene, Text};
use super::ink;
use super::memory::LineMemory;
use super::reading::{Element, ElementKind, Line, Quality, Reading};
use super::state;
use super::surfaces::Surfaces;
use super::text::{self, How, Recogniser};
use crate::error::{Error, ErrorKind};
use crate::model::{Frame, Size};

/// The most pixels that are read, a screen of 4096x4096: the worst of pictures, where every pixel
/// differs from its neighbours, takes 80 bytes of memory for each.
const MOST_PIXELS: u64 = 4096 * 4096;

/// Reads a screen by the recogniser in a folder, or else by the one for Latin letters.
pub(super) fn read(
    frame: &Frame,
    quality: Quality,
    recogniser: Option<&Path>,
    memory: &mut dyn LineMemory,
) -> Result<Reading, Error> {
    match recogniser {
        None => read_by(frame, How { quality, recogniser: Recogniser::latin()? }, memory),
        Some(folder) => {
            read_by(frame, How { quality, recogniser: &Recogniser::open(folder)? }, memory)
        }
    }
}

fn read_by(frame: &Frame, how: How<'_>, memory: &mut dyn LineMemory) -> Result<Reading, Error> {
    let Size { width, height } = frame.size();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        let message = format!("a picture of {width}x{height} pixels is too large to be read");
        return Err(Error::new(ErrorKind::Unsupported, message)
            .hint("scale it down, or cut out what matters: at most 16 million pixels are read"));
    }
    let surfaces = Surfaces::of(frame);
    let ink = ink::find(&surfaces);
    let found = text::read(frame, &surfaces, &ink, how, memory)?;
    let texts = found.lines.iter().map(|(line, paper)| Text {
        area: Area::from(line.area),
        said: line.text(),
        paper: *paper,
        ink: line.colours.ink,
        paper_colour: line.colours.paper,
    });
    let texts = texts.collect();
    let scene = Scene { frame, surfaces: &surfaces, ink: &ink, texts, pictures: found.pictures };
    let elements = elements::find(&scene);
    let mut lines: Vec<_> = found.lines.into_iter().map(|(line, _)| line).collect();
    lines.sort_by_key(|it| place_of(it, &elements));
    let state = state::guess(frame, &lines, &elements);
    Ok(Reading { size: frame.size(), state, lines, elements })
}

/// Returns the place among the elements of the one that a line is in: lines are read in that order.
fn place_of(line: &Line, elements: &[Element]) -> usize {
    let area = Area::from(line.area);
    let is_around = |it: &Element| {
        let is_window = matches!(it.kind, ElementKind::Window | ElementKind::Dialog);
        !is_window && Area::from(it.area).shared(area).size() * 2 > area.size()
    };
    // A check box is beside its label.
    let by_text = |it: &Element| it.text == line.text() && it.area.y.abs_diff(line.area.y) < 12;
    let own = elements.iter().position(is_around);
    own.or_else(|| elements.iter().position(by_text)).unwrap_or(elements.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::error::ErrorKind;
    use crate::model::{Frame, Size};
    use crate::screen::area::Area;
    use crate::screen::read;
    use crate::screen::{Quality, ShortMemory, decode_png, encode_png};

    fn painted(width: u32, height: u32, patches: &[(u32, u32, u32, u32, u8)]) -> Frame {
        let mut rgb = vec![200; usize::try_from(width * height * 3).unwrap()];
        for (left, top, wide, high, shade) in patches {
            for y in *top..(top + high).min(height) {
                for x in *left..(left + wide).min(width) {
                    let at = usize::try_from((y * width + x) * 3).unwrap();
                    rgb[at..at + 3].copy_from_slice(&[*shade, shade.wrapping_mul(3), *shade]);
                }
            }
        }
        Frame::new(Size { width, height }, rgb).unwrap()
    }

    #[test]
    fn the_smallest_and_the_oddest_pictures_are_read() {
        for (width, height) in [(1, 1), (1, 300), (300, 1), (9, 9), (2, 2)] {
            let reading =
                read(&painted(width, height, &[]), Quality::Best, &mut ShortMemory::default());
            assert!(reading.unwrap().lines.is_empty(), "{width}x{height}");
        }
    }

    #[test]
    fn a_picture_that_would_take_too_much_memory_is_refused() {
        let frame = painted(8192, 2049, &[]);
        let error = read(&frame, Quality::Standard, &mut ShortMemory::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.to_string().contains("8192x2049"), "{error}");
    }

    #[test]
    fn a_picture_of_nothing_but_specks_is_read_in_no_time() {
        // Every third pixel, and letters' size of chance: what a rule may take for text.
        let specks: Vec<_> = (0..90)
            .flat_map(|y| (0..120).map(move |x| (x * 3, y * 3, 1 + (x * y) % 2, 1, 0)))
            .collect();
        let frame = painted(360, 270, &specks);
        let reading = read(&frame, Quality::Standard, &mut ShortMemory::default()).unwrap();
        assert!(reading.lines.len() < 400, "{}", reading.lines.len());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn whatever_is_painted_is_read_and_everything_found_is_on_the_screen(
            width in 1u32..90, height in 1u32..70,
            patches in prop::collection::vec((0u32..90, 0u32..70, 1u32..40, 1u32..30, any::<u8>()), 0..14),
        ) {
            let frame = painted(width, height, &patches);
            let frame = decode_png(&encode_png(&frame).unwrap()).unwrap();
            let mut memory = ShortMemory::default();
            let reading = read(&frame, Quality::Standard, &mut memory).unwrap();
            let screen = Area::new(0, 0, i32::try_from(width).unwrap(), i32::try_from(height).unwrap());
            for line in &reading.lines {
                prop_assert!(!line.words.is_empty());
                prop_assert!(screen.grown(8, 8).holds(Area::from(line.area)), "{:?}", line);
            }
            for (place, element) in reading.elements.iter().enumerate() {
                prop_assert!(screen.grown(16, 16).holds(Area::from(element.area)), "{:?}", element);
                prop_assert!(element.parent != Some(place));
            }
            // What is remembered is read the same.
            prop_assert_eq!(read(&frame, Quality::Standard, &mut memory).unwrap(), reading);
        }
    }
}
