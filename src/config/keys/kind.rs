use serde_json::Value;
use serde_json::json;

/// What a key's value may be, and what it is when nobody says anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A whole number.
    Integer {
        /// The smallest.
        min: u64,
        /// The largest.
        max: u64,
        /// The default.
        default: u64,
    },
    /// `true` or `false`.
    Switch {
        /// The default.
        default: bool,
    },
    /// One of some words.
    Word {
        /// The words.
        words: &'static [&'static str],
        /// The default.
        default: &'static str,
    },
    /// A text.
    Text {
        /// What it must look like.
        shape: Shape,
        /// The default.
        default: &'static str,
    },
    /// A file or folder; `null`, the default, is none.
    Path,
    /// The first and the last of some ports.
    Ports {
        /// The default.
        default: (u16, u16),
    },
    /// `true`, `false` (the default) or an amount of memory in MiB.
    Balloon {
        /// The largest amount.
        max: u64,
    },
}

/// What a text must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Anything that a program takes for a value and not for an option.
    Plain,
    /// How a network adapter is attached, such as `nat` or `bridged:eth0`.
    Network,
}

/// Builds the kind of a whole number.
pub(super) const fn integer(min: u64, max: u64, default: u64) -> Kind {
    Kind::Integer { min, max, default }
}

/// Builds the kind of something that is on unless it is switched off.
pub(super) const fn on() -> Kind {
    Kind::Switch { default: true }
}

/// Builds the kind of something that is off unless it is switched on.
pub(super) const fn off() -> Kind {
    Kind::Switch { default: false }
}

/// Builds the kind of a choice.
pub(super) const fn word(words: &'static [&'static str], default: &'static str) -> Kind {
    Kind::Word { words, default }
}

/// Builds the kind of some ports.
pub(super) const fn ports(first: u16, last: u16) -> Kind {
    Kind::Ports { default: (first, last) }
}

impl Kind {
    /// Returns the default as it stands in the sample file.
    pub fn default(&self) -> Value {
        match *self {
            Self::Integer { default, .. } => json!(default),
            Self::Switch { default } => json!(default),
            Self::Word { default, .. } | Self::Text { default, .. } => json!(default),
            Self::Path => Value::Null,
            Self::Ports { default: (first, last) } => json!([first, last]),
            Self::Balloon { .. } => json!(false),
        }
    }

    /// Returns the words of a choice; none for every other kind.
    pub fn words(&self) -> &'static [&'static str] {
        match self {
            Self::Word { words, .. } => words,
            Self::Integer { .. }
            | Self::Switch { .. }
            | Self::Text { .. }
            | Self::Path
            | Self::Ports { .. }
            | Self::Balloon { .. } => &[],
        }
    }
}
