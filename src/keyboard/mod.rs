//! Keys, what layouts make of them, and which keys a text or a chord needs.
//!
//! A [`Key`] is a place on the keyboard, as the guest's hardware sees it; a [`Layout`] is what the
//! guest's system makes of it. Nothing here knows how a hypervisor sends a key.

mod accents;
mod chord;
mod key;
mod layout;
mod layouts;
mod secrecy;
mod stroke;
mod text;

pub use chord::Chord;
pub use key::Key;
pub use layout::Layout;
pub use secrecy::Secrecy;
pub use stroke::{KeyEvent, Motion, Stroke};
pub use text::{Untypable, strokes};
