use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Credentials, Secret};
use crate::keyboard::{Chord, Layout, Secrecy};
use crate::model::VmRef;

/// Keys to press in a VM.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct KeysRequest {
    /// Which VM.
    pub vm: VmRef,
    /// Which keys.
    pub keys: Keys,
}

/// What is pressed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
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
    /// A text that gets into the guest's clipboard over SSH, and the keys that paste it.
    Pasted {
        /// The text.
        text: Secret,
        /// What is pressed afterwards; the first chord pastes.
        chords: Vec<Chord>,
        /// Who puts it there.
        credentials: Credentials,
        /// How long to wait until the guest can be reached.
        reach_within: Duration,
    },
    /// Chords, one after the other.
    Chords {
        /// The chords.
        chords: Vec<Chord>,
        /// How long each is held.
        hold: Duration,
    },
}
