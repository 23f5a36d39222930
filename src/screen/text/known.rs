//! Lines as they are remembered: by their pixels, and free of their place.

use sha2::{Digest, Sha256};

use super::glyph::Glyph;
use super::reader::How;
use crate::model::{Frame, hex};
use crate::screen::area::{Area, fraction, rounded, unsigned};
use crate::screen::memory::KnownLine;
use crate::screen::reading::Quality;

/// The way in which lines are prepared and looked at: what was read in another one is no use.
const WAY: &str = "looks-4";

/// Returns the key of a part of a picture: equal pixels have equal keys, wherever they are.
pub(super) fn key(frame: &Frame, area: Area, how: How<'_>) -> String {
    let mut hash = Sha256::new();
    hash.update(WAY);
    hash.update(&how.recogniser.name);
    hash.update(match how.quality {
        Quality::Standard => "standard",
        Quality::Best => "best",
    });
    hash.update(area.width().to_le_bytes());
    hash.update(area.height().to_le_bytes());
    let width = i32::try_from(frame.size().width).unwrap_or(i32::MAX);
    let height = i32::try_from(frame.size().height).unwrap_or(i32::MAX);
    // What reaches over the edge is another line than what ends there.
    hash.update(area.left.min(0).to_le_bytes());
    hash.update(area.top.min(0).to_le_bytes());
    let pixels = frame.rgb().as_chunks::<3>().0;
    for y in area.top.max(0)..area.bottom.min(height) {
        let start = unsigned(y) * unsigned(width);
        let row = start + unsigned(area.left)..start + unsigned(area.right.min(width));
        if let Some(row) = pixels.get(row) {
            hash.update(row.as_flattened());
        }
    }
    let mut key = hex(&hash.finalize());
    key.truncate(32);
    key
}

/// Returns what was read as it is kept.
pub(super) fn unplaced(glyphs: &[Glyph], area: Area) -> KnownLine {
    let width = fraction(area.width().max(1));
    let thousandths = |it: f32| u16::try_from(rounded(it * 1000.0)).unwrap_or_default();
    KnownLine {
        text: glyphs.iter().map(|it| it.character).collect(),
        places: glyphs.iter().map(|it| thousandths((it.x - fraction(area.left)) / width)).collect(),
        confidence: glyphs.iter().map(|it| thousandths(it.confidence)).collect(),
    }
}

/// Returns what was kept as it is read in an area.
pub(super) fn placed(line: &KnownLine, area: Area) -> Vec<Glyph> {
    let share = |it: &u16| f32::from(*it) / 1000.0;
    let characters = line.text.chars().zip(&line.places).zip(&line.confidence);
    characters
        .map(|((character, place), confidence)| Glyph {
            character,
            x: fraction(area.left) + share(place) * fraction(area.width()),
            confidence: share(confidence),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{key, placed, unplaced};
    use crate::model::{Frame, Size};
    use crate::screen::area::Area;
    use crate::screen::memory::KnownLine;
    use crate::screen::reading::Quality;
    use crate::screen::text::reader::How;
    use crate::screen::text::recognise::Recogniser;

    #[test]
    fn a_line_is_known_wherever_it_is_and_by_every_pixel() {
        let frame = |lit: usize| {
            let mut rgb = vec![0; 40 * 20 * 3];
            rgb[lit * 3] = 200;
            Frame::new(Size { width: 40, height: 20 }, rgb).unwrap()
        };
        let recogniser = Recogniser::latin().unwrap();
        let key =
            |frame: &Frame, area: Area, quality| key(frame, area, How { quality, recogniser });
        let here = key(&frame(2 * 40 + 3), Area::new(0, 0, 10, 8), Quality::Standard);
        assert_eq!(key(&frame(12 * 40 + 23), Area::new(20, 10, 30, 18), Quality::Standard), here);
        assert_ne!(key(&frame(2 * 40 + 4), Area::new(0, 0, 10, 8), Quality::Standard), here);
        assert_ne!(key(&frame(2 * 40 + 3), Area::new(0, 0, 10, 9), Quality::Standard), here);
    }

    #[test]
    fn what_is_kept_is_what_was_read() {
        let line =
            KnownLine { text: "Ok".to_owned(), places: vec![250, 750], confidence: vec![990, 500] };
        let area = Area::new(100, 0, 300, 20);
        let glyphs = placed(&line, area);
        assert!((glyphs[0].x - 150.0).abs() < 0.01 && glyphs[1].character == 'k', "{glyphs:?}");
        assert_eq!(unplaced(&glyphs, area), line);
    }
}
