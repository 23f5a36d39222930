use serde::{Deserialize, Serialize};

use super::Position;

/// A width and a height in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub struct Size {
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
}

/// A rectangle in pixels of the screenshot, the origin at the top left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub struct Rect {
    /// The left edge.
    pub x: u32,
    /// The top edge.
    pub y: u32,
    /// The width.
    pub width: u32,
    /// The height.
    pub height: u32,
}

impl Rect {
    /// Returns the pixel in its middle.
    pub fn centre(self) -> Position {
        Position { x: self.x + self.width / 2, y: self.y + self.height / 2 }
    }
}

/// One of a VM's monitors, counted from 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub struct Monitor(pub u32);

impl std::fmt::Display for Monitor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A decoded screen: three bytes (red, green, blue) a pixel, row by row.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    size: Size,
    rgb: Vec<u8>,
}

impl Frame {
    /// Builds a frame; `None` if the bytes are not `width * height * 3`.
    pub fn new(size: Size, rgb: Vec<u8>) -> Option<Self> {
        let pixels = u64::from(size.width) * u64::from(size.height);
        let bytes = u64::try_from(rgb.len()).ok()?;
        (pixels.checked_mul(3)? == bytes).then_some(Self { size, rgb })
    }

    /// Returns the size.
    pub fn size(&self) -> Size {
        self.size
    }

    /// Returns the bytes, three a pixel, row by row.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// Returns the pixels, row by row.
    pub fn pixels(&self) -> impl Iterator<Item = [u8; 3]> + '_ {
        self.rgb.as_chunks::<3>().0.iter().copied()
    }
}

impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frame({}x{})", self.size.width, self.size.height)
    }
}
