//! What happens, told to whoever listens: numbered, kept for a while, never silently left out.

mod changes;
mod happening;
mod hub;
mod interest;
mod sources;
mod wishes;

pub(super) use happening::{Happening, Kind};
pub(super) use hub::{Hub, Listening, Told};
pub(super) use interest::Interest;
pub(super) use sources::{tell_of, tell_of_work};
