use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::model::Invalid;

/// What can be waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum WaitCondition {
    /// The VM runs.
    Running,
    /// The VM is off (or saved).
    PowerOff,
    /// The guest has reported an address.
    Ip,
    /// The guest's SSH server shows its banner.
    Ssh,
    /// The Guest Additions' services are up.
    Additions,
    /// The screen has not changed for a while.
    ScreenStable,
    /// The screen is another one than before.
    ScreenChanged,
    /// The screen says something.
    Text,
    /// There is no such VM.
    Gone,
}

impl WaitCondition {
    /// Every condition.
    pub const ALL: [Self; 9] = [
        Self::Running,
        Self::PowerOff,
        Self::Ip,
        Self::Ssh,
        Self::Additions,
        Self::ScreenStable,
        Self::ScreenChanged,
        Self::Text,
        Self::Gone,
    ];

    /// The conditions that a start can lead to.
    pub const OF_A_START: [Self; 6] =
        [Self::Running, Self::PowerOff, Self::Ip, Self::Ssh, Self::Additions, Self::ScreenStable];

    /// Returns its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::PowerOff => "poweroff",
            Self::Ip => "ip",
            Self::Ssh => "ssh",
            Self::Additions => "additions",
            Self::ScreenStable => "screen-stable",
            Self::ScreenChanged => "screen-changed",
            Self::Text => "text",
            Self::Gone => "gone",
        }
    }
}

impl FromStr for WaitCondition {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::ALL.into_iter().find(|it| it.as_str() == text).ok_or_else(|| {
            let words = Self::ALL.map(Self::as_str).join(", ");
            Invalid::new("condition", text, format!("is not one of {words}"))
        })
    }
}
