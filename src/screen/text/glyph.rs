/// A character that was read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Glyph {
    pub(crate) character: char,
    /// Where its middle is, in pixels of the screen.
    pub(crate) x: f32,
    pub(crate) confidence: f32,
}
