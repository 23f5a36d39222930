use std::error::Error as StdError;
use std::io::Cursor;

use image::codecs::png::PngDecoder;
use image::{DynamicImage, ImageDecoder, Limits};

use crate::error::{Error, ErrorKind};
use crate::model::{Frame, Size};

/// The longest side: twice 8K, and far more than VirtualBox gives a screen.
const LONGEST_SIDE: u32 = 16_384;

/// The most memory that a picture may take, before and after its conversion.
const MOST_BYTES: u64 = 512 * 1024 * 1024;

/// Decodes a PNG, bounded in size: at most 16384 pixels a side and 512 MiB of memory.
///
/// Every colour type becomes three bytes a pixel; transparency is dropped. An animated PNG is
/// refused: a screen at one moment is one picture.
pub fn decode_png(png: &[u8]) -> Result<Frame, Error> {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_BYTES);
    let decoder = PngDecoder::with_limits(Cursor::new(png), limits)
        .map_err(|error| unreadable("is damaged, too large, or no PNG").caused_by(error))?;
    if decoder.is_apng().map_err(damaged)? {
        return Err(unreadable("is animated"));
    }
    let (width, height) = decoder.dimensions();
    let converted = u64::from(width) * u64::from(height) * 3;
    if decoder.total_bytes().max(converted) > MOST_BYTES {
        return Err(unreadable(&format!("is too large ({width}x{height} pixels)")));
    }
    let rgb = DynamicImage::from_decoder(decoder).map_err(damaged)?.into_rgb8();
    Frame::new(Size { width, height }, rgb.into_raw())
        .ok_or_else(|| unreadable("has not the pixels that it promises"))
}

fn unreadable(why: &str) -> Error {
    Error::new(ErrorKind::Unparseable, format!("the picture {why}"))
}

fn damaged(error: impl StdError + Send + Sync + 'static) -> Error {
    unreadable("is damaged").caused_by(error)
}

#[cfg(test)]
mod tests {
    use image::codecs::png::PngEncoder;
    use image::{ExtendedColorType, ImageEncoder};
    use proptest::prelude::*;

    use super::decode_png;
    use crate::error::ErrorKind;
    use crate::model::Size;

    fn png(pixels: &[u8], width: u32, height: u32, colour: ExtendedColorType) -> Vec<u8> {
        let mut png = Vec::new();
        PngEncoder::new(&mut png).write_image(pixels, width, height, colour).unwrap();
        png
    }

    /// Replaces the width and height in the header, and mends its checksum.
    fn with_size(mut png: Vec<u8>, width: u32, height: u32) -> Vec<u8> {
        png[16..20].copy_from_slice(&width.to_be_bytes());
        png[20..24].copy_from_slice(&height.to_be_bytes());
        let sum = crc32(&png[12..29]);
        png[29..33].copy_from_slice(&sum.to_be_bytes());
        png
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
                if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 }
            })
        })
    }

    #[test]
    fn every_colour_type_becomes_three_bytes_a_pixel() {
        for (pixels, colour, expected) in [
            (vec![7, 9], ExtendedColorType::L8, [7, 7, 7, 9, 9, 9]),
            (vec![7, 255, 9, 0], ExtendedColorType::La8, [7, 7, 7, 9, 9, 9]),
            (vec![1, 2, 3, 4, 5, 6], ExtendedColorType::Rgb8, [1, 2, 3, 4, 5, 6]),
            (vec![1, 2, 3, 255, 4, 5, 6, 0], ExtendedColorType::Rgba8, [1, 2, 3, 4, 5, 6]),
        ] {
            let frame = decode_png(&png(&pixels, 2, 1, colour)).unwrap();
            assert_eq!(frame.size(), Size { width: 2, height: 1 });
            assert_eq!(frame.rgb(), expected, "{colour:?}");
        }
        let deep = [200u16, 100, 50].map(|part| part * 257).map(u16::to_ne_bytes).concat();
        let frame = decode_png(&png(&deep, 1, 1, ExtendedColorType::Rgb16)).unwrap();
        assert_eq!(frame.rgb(), [200, 100, 50]);
    }

    #[test]
    fn a_picture_that_would_fill_the_memory_is_refused_by_its_header() {
        let small = png(&[0; 3], 1, 1, ExtendedColorType::Rgb8);
        assert_eq!(decode_png(&with_size(small.clone(), 1, 1)).unwrap().rgb(), [0; 3]);
        for (width, height) in [(16_385, 1), (1, 16_385), (16_384, 16_384), (u32::MAX, u32::MAX)] {
            let error = decode_png(&with_size(small.clone(), width, height)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unparseable);
            let line = error.to_string();
            assert!(line.contains("too large") || line.contains("damaged"), "{line}");
        }
    }

    #[test]
    fn what_is_no_whole_png_is_refused() {
        let whole = png(&[8; 300], 10, 10, ExtendedColorType::Rgb8);
        let jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, b'J', b'F', b'I', b'F', 0];
        for bytes in [&[][..], &jpeg, b"not a picture", &whole[..whole.len() / 2], &whole[..33]] {
            assert_eq!(decode_png(bytes).unwrap_err().kind(), ErrorKind::Unparseable);
        }
    }

    #[test]
    fn an_animated_png_is_refused() {
        let still = png(&[8; 3], 1, 1, ExtendedColorType::Rgb8);
        let mut control = b"acTL".to_vec();
        control.extend([0, 0, 0, 1, 0, 0, 0, 0]);
        let sum = crc32(&control);
        let mut moving = still[..33].to_vec();
        moving.extend([0, 0, 0, 8]);
        moving.extend(control);
        moving.extend(sum.to_be_bytes());
        moving.extend(&still[33..]);
        assert_eq!(decode_png(&moving).unwrap_err().to_string(), "the picture is animated");
    }

    /// A PNG of a header, the chunks before the pixels, and packed rows.
    fn raw_png(header: [u8; 13], before: &[(&[u8; 4], &[u8])], rows: &[u8]) -> Vec<u8> {
        // Stored blocks of zlib need no compressor; the checksum is Adler's.
        let (a, b) = rows.iter().fold((1u32, 0u32), |(a, b), byte| {
            let a = (a + u32::from(*byte)) % 65_521;
            (a, (b + a) % 65_521)
        });
        let length = u16::try_from(rows.len()).unwrap();
        let mut packed = vec![0x78, 1, 1];
        packed.extend(length.to_le_bytes());
        packed.extend((!length).to_le_bytes());
        packed.extend(rows);
        packed.extend((b << 16 | a).to_be_bytes());
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        let chunks = [&[(b"IHDR", &header[..])], before, &[(b"IDAT", &packed), (b"IEND", &[])]];
        for (name, content) in chunks.concat() {
            png.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
            let whole = [&name[..], content].concat();
            png.extend(&whole);
            png.extend(crc32(&whole).to_be_bytes());
        }
        png
    }

    #[test]
    fn palettes_and_interlaced_pictures_are_decoded() {
        let palette: (&[u8; 4], &[u8]) = (b"PLTE", &[9, 8, 7, 1, 2, 3]);
        // Two pixels of one bit: the second colour, then the first.
        let header = [0, 0, 0, 2, 0, 0, 0, 1, 1, 3, 0, 0, 0];
        let frame = decode_png(&raw_png(header, &[palette], &[0, 0b1000_0000])).unwrap();
        assert_eq!(frame.rgb(), [1, 2, 3, 9, 8, 7]);
        let missing = decode_png(&raw_png(header, &[], &[0, 0b1000_0000])).unwrap_err();
        assert_eq!(missing.kind(), ErrorKind::Unparseable);
        // Adam7: a picture of 2x2 has one pixel in its first pass, one in the sixth, two in the last.
        let header = [0, 0, 0, 2, 0, 0, 0, 2, 8, 0, 0, 0, 1];
        let frame = decode_png(&raw_png(header, &[], &[0, 10, 0, 20, 0, 30, 40])).unwrap();
        assert_eq!(frame.rgb(), [10, 10, 10, 20, 20, 20, 30, 30, 30, 40, 40, 40]);
    }

    #[test]
    fn other_formats_are_refused_whatever_their_name() {
        let gif =
            b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
        let bmp = b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0";
        for bytes in [&gif[..], bmp, b"RIFF\x1a\0\0\0WEBPVP8L", b"%PDF-1.7", b"<svg/>"] {
            assert_eq!(decode_png(bytes).unwrap_err().kind(), ErrorKind::Unparseable);
        }
    }

    proptest! {
        #[test]
        fn any_header_and_any_pixels_are_decoded_or_refused(
            header: [u8; 13], small: bool, rows in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            let mut header = header;
            if small {
                let size = [0, 0, 0, header[3] % 12, 0, 0, 0, header[7] % 12];
                header[..8].copy_from_slice(&size);
                header[8] = 1 << (header[8] % 5);
                header[9] %= 7;
                header[10..12].fill(0);
                header[12] %= 2;
            }
            let palette: (&[u8; 4], &[u8]) = (b"PLTE", &[7; 768]);
            match decode_png(&raw_png(header, &[palette], &rows)) {
                Ok(frame) => prop_assert!(!frame.rgb().is_empty()),
                Err(error) => prop_assert_eq!(error.kind(), ErrorKind::Unparseable),
            }
        }

        #[test]
        fn any_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let signed = [&b"\x89PNG\r\n\x1a\n"[..], &bytes].concat();
            prop_assert!(decode_png(&bytes).is_err());
            prop_assert!(decode_png(&signed).is_err());
        }

        #[test]
        fn damage_anywhere_never_panics(at in 0usize..400, byte: u8, cut in 0usize..400) {
            let mut bytes = png(&[8; 300], 10, 10, ExtendedColorType::Rgb8);
            let place = at % bytes.len();
            bytes[place] = byte;
            bytes.truncate(cut.max(1));
            if let Ok(frame) = decode_png(&bytes) {
                prop_assert!(!frame.rgb().is_empty());
            }
        }
    }
}
