use crate::model::{Frame, Size};

/// What a screen shows, as far as pixels tell.
#[derive(Debug, Clone, PartialEq)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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

/// Says what a screen shows.
pub fn analyse(frame: &Frame) -> ScreenAnalysis {
    ScreenAnalysis {
        size: frame.size(),
        kind: ScreenKind::Blank,
        confidence: 0.0,
        colours: 1,
        main_colour: [0; 3],
        main_share: 1.0,
    }
}
