//! What is on a screen: decode a picture, compare two, say what one shows. Pure.

mod analyse;
mod annotate;
#[cfg(feature = "ocr")]
mod area;
mod audit;
mod colours;
mod compare;
mod console;
mod decode;
mod differences;
#[cfg(feature = "ocr")]
mod elements;
mod groups;
#[cfg(feature = "ocr")]
mod ink;
mod matching;
mod memory;
#[cfg(feature = "ocr")]
mod paint;
#[cfg(feature = "ocr")]
mod parts;
#[cfg(feature = "ocr")]
mod pipeline;
mod read;
mod reading;
mod regions;
#[cfg(feature = "ocr")]
mod state;
mod stillness;
#[cfg(feature = "ocr")]
mod surfaces;
#[cfg(feature = "ocr")]
mod text;
mod view;
mod wcag;

pub use analyse::{ScreenAnalysis, ScreenKind, analyse};
pub use annotate::annotate;
pub use audit::{Finding, FindingKind, audit};
pub use compare::{changed_share, content_hash};
pub use decode::decode_png;
pub use differences::{Difference, DifferenceKind, differences};
pub use groups::{Group, GroupKind, groups};
pub use matching::{Match, missing, nearest, seek};
pub use memory::{KnownLine, LineMemory, ShortMemory};
pub use read::{read, read_by};
pub use reading::{
    Checked, Colouring, Element, ElementKind, Enabled, Focused, Line, Quality, Reading,
    ScreenState, StateGuess, Word,
};
pub use regions::changed_regions;
pub use stillness::{Stillness, differs};
#[cfg(test)]
pub(crate) use view::encoded;
pub use view::{crop, encode_png, outline, resize};
