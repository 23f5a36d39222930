//! What is on a screen: decode a picture, compare two, say what one shows. Pure.

mod analyse;
mod compare;
mod decode;

pub use analyse::{ScreenAnalysis, ScreenKind, analyse};
pub use compare::{changed_share, content_hash};
pub use decode::decode_png;
