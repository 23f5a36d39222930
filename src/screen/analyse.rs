use serde::{Deserialize, Serialize};

use super::colours::Colours;
use super::compare::share;
use super::console;
use crate::model::{Frame, Size};

/// What a screen shows, as far as pixels tell.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub struct ScreenAnalysis {
    /// Its size.
    pub size: Size,
    /// What kind of screen it is.
    pub kind: ScreenKind,
    /// How sure that is, 0.0 to 1.0.
    pub confidence: f64,
    /// How many colours it has, counted up to 4096.
    pub colours: usize,
    /// The colour that covers most of it, red, green, blue.
    pub main_colour: [u8; 3],
    /// The share of it that has this colour.
    pub main_share: f64,
}

/// The kinds of screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum ScreenKind {
    /// One colour, or nearly so.
    Blank,
    /// Text in a grid of cells.
    TextConsole,
    /// Anything else: windows, pictures.
    Graphics,
}

impl ScreenKind {
    /// Returns its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::TextConsole => "text-console",
            Self::Graphics => "graphics",
        }
    }
}

/// From this share of one colour on, a screen without text is blank: a cursor or a pointer may be
/// on it.
const BLANK: f64 = 0.9995;

/// Says what a screen shows.
pub fn analyse(frame: &Frame) -> ScreenAnalysis {
    let colours = Colours::of(frame);
    let main_share = share(colours.main_pixels, frame.rgb().len() / 3);
    let (kind, confidence) = classify(frame, &colours, main_share);
    ScreenAnalysis {
        size: frame.size(),
        kind,
        confidence,
        colours: colours.count,
        main_colour: colours.main,
        main_share,
    }
}

fn classify(frame: &Frame, colours: &Colours, main_share: f64) -> (ScreenKind, f64) {
    if colours.count <= 1 {
        return (ScreenKind::Blank, 1.0);
    }
    if let Some(grid) = console::grid(frame) {
        return (ScreenKind::TextConsole, grid.confidence);
    }
    if main_share >= BLANK {
        return (ScreenKind::Blank, main_share);
    }
    // A console has few colours; the more there are, the surer it is none.
    let few = share(colours.count.min(256), 256);
    (ScreenKind::Graphics, 0.7 + 0.3 * few)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::{ScreenKind, analyse};
    use crate::model::{Frame, Size};
    use crate::screen::decode_png;

    fn screen(name: &str) -> Frame {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/screens");
        decode_png(&std::fs::read(folder.join(name)).unwrap()).unwrap()
    }

    fn painted(width: u32, height: u32, colour: impl Fn(u32, u32) -> [u8; 3]) -> Frame {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let rgb = places.flat_map(|(x, y)| colour(x, y)).collect();
        Frame::new(Size { width, height }, rgb).unwrap()
    }

    #[test]
    fn real_screens_are_what_a_person_calls_them() {
        for (name, kind) in [
            ("bios-logo.png", ScreenKind::Graphics),
            ("boot-text-720x400.png", ScreenKind::TextConsole),
            ("console-1024x768.png", ScreenKind::TextConsole),
            ("installer-1024x768.png", ScreenKind::Graphics),
        ] {
            let analysis = analyse(&screen(name));
            assert_eq!(analysis.kind, kind, "{name}: {analysis:?}");
            assert!(analysis.confidence > 0.7, "{name}: {analysis:?}");
        }
    }

    #[test]
    fn a_dialog_drawn_in_two_colours_is_no_console() {
        let dialog = screen("installer-1024x768.png");
        for limit in [60, 120, 180, 230] {
            let rgb = dialog.rgb().iter().map(|part| if *part > limit { 255 } else { 0 }).collect();
            let analysis = analyse(&Frame::new(dialog.size(), rgb).unwrap());
            assert_eq!(analysis.kind, ScreenKind::Graphics, "{limit}: {analysis:?}");
        }
    }

    #[test]
    fn a_console_of_other_colours_is_a_console() {
        let console = screen("console-1024x768.png");
        let rgb = console.rgb().as_chunks::<3>().0.iter();
        let rgb = rgb.flat_map(|pixel| if *pixel == [0; 3] { [0, 0, 170] } else { [255; 3] });
        let analysis = analyse(&Frame::new(console.size(), rgb.collect()).unwrap());
        assert_eq!(analysis.kind, ScreenKind::TextConsole);
        assert_eq!((analysis.colours, analysis.main_colour), (2, [0, 0, 170]));
    }

    #[test]
    fn a_black_screen_is_blank_with_and_without_a_cursor() {
        let black = painted(640, 480, |_, _| [0; 3]);
        assert_eq!(analyse(&black).kind, ScreenKind::Blank);
        let cursor = painted(640, 480, |x, y| {
            if (8..16).contains(&x) && (29..31).contains(&y) { [170; 3] } else { [0; 3] }
        });
        assert_eq!(analyse(&cursor).kind, ScreenKind::Blank);
    }

    #[test]
    fn flat_windows_of_two_colours_are_graphics() {
        let window = painted(640, 480, |x, y| {
            let inside = (100..500).contains(&x) && (75..333).contains(&y);
            if inside { [255; 3] } else { [0, 0, 128] }
        });
        assert_eq!(analyse(&window).kind, ScreenKind::Graphics);
    }

    #[test]
    fn many_colours_are_graphics() {
        let photo = painted(300, 200, |x, y| {
            ((x * 977) ^ (y * 3571)).to_le_bytes()[..3].try_into().unwrap()
        });
        let analysis = analyse(&photo);
        assert_eq!((analysis.kind, analysis.confidence), (ScreenKind::Graphics, 1.0));
    }

    #[test]
    fn a_screen_of_no_pixels_is_blank() {
        let nothing = painted(0, 0, |_, _| [0; 3]);
        assert_eq!(analyse(&nothing).kind, ScreenKind::Blank);
    }

    proptest! {
        #[test]
        fn any_frame_gets_shares_between_0_and_1(
            width in 0u32..70, height in 0u32..70, seed: u32, few in 1u32..5,
        ) {
            let frame = painted(width, height, |x, y| {
                let part = (x.wrapping_mul(seed) ^ y.wrapping_mul(seed.rotate_left(7))) % few;
                [part.to_le_bytes()[0]; 3]
            });
            let analysis = analyse(&frame);
            prop_assert!((0.0..=1.0).contains(&analysis.confidence));
            prop_assert!((0.0..=1.0).contains(&analysis.main_share));
        }
    }
}
