//! Reads the text on a screen: proposals, recognition, words.

mod cells;
mod crop;
mod detect;
mod font;
mod glyph;
mod icons;
mod known;
mod lines;
mod looks;
mod missed;
mod opened;
mod reader;
mod recognise;
mod typed;
mod words;

pub(super) use reader::{How, read};
pub(super) use recognise::Recogniser;
