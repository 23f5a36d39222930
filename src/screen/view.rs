//! A part of a picture, larger or smaller; and pictures with boxes drawn into them.

use std::io::Cursor;

use image::imageops::{self, FilterType};
use image::{ImageFormat, RgbImage};

use crate::error::{Error, ErrorKind};
use crate::model::{Frame, Rect, Size};

/// Cuts a part out; `None` if it is not wholly in the picture, or empty.
pub fn crop(frame: &Frame, part: Rect) -> Option<Frame> {
    let size = frame.size();
    let fits = part.x.checked_add(part.width)? <= size.width
        && part.y.checked_add(part.height)? <= size.height
        && part.width > 0
        && part.height > 0;
    if !fits {
        return None;
    }
    let whole = image_of(frame)?;
    framed(&imageops::crop_imm(&whole, part.x, part.y, part.width, part.height).to_image())
}

/// Makes a picture of another size; `None` if that has no pixels.
pub fn resize(frame: &Frame, size: Size) -> Option<Frame> {
    if size.width == 0 || size.height == 0 {
        return None;
    }
    let whole = image_of(frame)?;
    framed(&imageops::resize(&whole, size.width, size.height, FilterType::Triangle))
}

/// Draws red lines around parts of a picture.
pub fn outline(frame: &Frame, parts: &[Rect]) -> Option<Frame> {
    let mut whole = image_of(frame)?;
    let (width, height) = whole.dimensions();
    for part in parts {
        // Just outside the part, where there is room.
        let (left, top) = (part.x.saturating_sub(1), part.y.saturating_sub(1));
        let right = part.x.saturating_add(part.width).min(width.saturating_sub(1));
        let bottom = part.y.saturating_add(part.height).min(height.saturating_sub(1));
        let across = (left..=right).flat_map(|x| [(x, top), (x, bottom)]);
        let down = (top..=bottom).flat_map(|y| [(left, y), (right, y)]);
        for (x, y) in across.chain(down) {
            if let Some(pixel) = whole.get_pixel_mut_checked(x, y) {
                pixel.0 = [255, 0, 0];
            }
        }
    }
    framed(&whole)
}

/// Counts what is encoded in this thread: unchanged pictures cost nothing.
#[cfg(test)]
pub(crate) mod encoded {
    use std::cell::Cell;

    thread_local! {
        pub(crate) static PICTURES: Cell<usize> = const { Cell::new(0) };
    }
}

/// Encodes a picture as PNG.
pub fn encode_png(frame: &Frame) -> Result<Vec<u8>, Error> {
    #[cfg(test)]
    encoded::PICTURES.with(|it| it.set(it.get() + 1));
    let failed = || Error::new(ErrorKind::Internal, "cannot encode a picture");
    let mut png = Cursor::new(Vec::new());
    let whole = image_of(frame).ok_or_else(failed)?;
    whole.write_to(&mut png, ImageFormat::Png).map_err(|e| failed().caused_by(e))?;
    Ok(png.into_inner())
}

fn image_of(frame: &Frame) -> Option<RgbImage> {
    RgbImage::from_raw(frame.size().width, frame.size().height, frame.rgb().to_vec())
}

fn framed(image: &RgbImage) -> Option<Frame> {
    let (width, height) = image.dimensions();
    Frame::new(Size { width, height }, image.as_raw().clone())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{crop, encode_png, outline, resize};
    use crate::model::{Frame, Rect, Size};
    use crate::screen::decode_png;

    /// Each pixel has its place as its colour.
    fn places(width: u8, height: u8) -> Frame {
        let pixels = (0..height).flat_map(|y| (0..width).flat_map(move |x| [x, y, 0]));
        let size = Size { width: width.into(), height: height.into() };
        Frame::new(size, pixels.collect()).unwrap()
    }

    #[test]
    fn a_part_begins_where_it_was_said_to() {
        let part = crop(&places(10, 8), Rect { x: 3, y: 2, width: 4, height: 5 }).unwrap();
        assert_eq!(part.size(), Size { width: 4, height: 5 });
        assert_eq!(part.pixels().next(), Some([3, 2, 0]));
        assert_eq!(part.pixels().last(), Some([6, 6, 0]));
        for (x, width) in [(7, 4), (0, 0), (u32::MAX, 1)] {
            assert!(crop(&places(10, 8), Rect { x, y: 0, width, height: 1 }).is_none());
        }
    }

    #[test]
    fn a_line_is_drawn_around_a_part_and_never_over_it() {
        let part = Rect { x: 3, y: 3, width: 2, height: 2 };
        let drawn = outline(&places(10, 8), &[part]).unwrap();
        let red = |x: usize, y: usize| drawn.pixels().nth(y * 10 + x) == Some([255, 0, 0]);
        assert!(red(2, 2) && red(5, 5) && red(2, 5) && !red(3, 3) && !red(4, 4));
        assert!(outline(&places(2, 2), &[Rect { x: 0, y: 0, width: 2, height: 2 }]).is_some());
    }

    proptest! {
        #[test]
        fn a_picture_survives_its_encoding_and_has_the_size_that_was_said(
            width in 1u8..20, height in 1u8..20, new_width in 1u32..40, new_height in 1u32..40,
        ) {
            let frame = places(width, height);
            prop_assert_eq!(&decode_png(&encode_png(&frame).unwrap()).unwrap(), &frame);
            let size = Size { width: new_width, height: new_height };
            prop_assert_eq!(resize(&frame, size).unwrap().size(), size);
        }
    }
}
