//! What is on a screen: decode a picture, compare two, say what one shows. Pure.

mod analyse;
mod colours;
mod compare;
mod console;
mod decode;
mod regions;
mod stillness;
mod view;

pub use analyse::{ScreenAnalysis, ScreenKind, analyse};
pub use compare::{changed_share, content_hash};
pub use decode::decode_png;
pub use regions::changed_regions;
pub use stillness::{Stillness, differs};
pub use view::{crop, encode_png, outline, resize};
