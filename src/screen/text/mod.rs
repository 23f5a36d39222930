//! Reads the text on a screen: proposals, recognition, words.

mod crop;
mod detect;
mod glyph;
mod icons;
mod known;
mod lines;
mod missed;
mod reader;
mod recognise;
mod words;

pub(super) use reader::read;
