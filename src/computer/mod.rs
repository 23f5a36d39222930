//! What models do with a computer, as one set of actions, and how the tool calls of vendors read.
//! Pure: no call is made here.

mod action;
mod anthropic;
mod fields;
mod gemini;
mod names;
mod openai;

pub use action::{Action, Dialect};
