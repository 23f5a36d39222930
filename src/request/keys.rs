use std::time::Duration;

use super::Secret;
use crate::keyboard::{Chord, Layout, Secrecy};
use crate::model::VmRef;

/// Keys to press in a VM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeysRequest {
    /// Which VM.
    pub vm: VmRef,
    /// Which keys.
    pub keys: Keys,
}

/// What is pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keys {
    /// The keys that make a text.
    Text {
        /// The text.
        text: Secret,
        /// Whether others may read it.
        secrecy: Secrecy,
        /// What the guest's system makes of the keys.
        layout: Layout,
    },
    /// Chords, one after the other.
    Chords {
        /// The chords.
        chords: Vec<Chord>,
        /// How long each is held.
        hold: Duration,
    },
}
