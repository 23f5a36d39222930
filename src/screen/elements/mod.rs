//! Finds what a person would point at: from rectangles, rings and text, without a model.

mod assemble;
mod choices;
mod controls;
mod icons;
mod links;
mod scene;
mod windows;

pub(super) use assemble::find;
pub(super) use scene::{Scene, Text};
