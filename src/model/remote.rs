use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Invalid;

/// What a remote display speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum RemoteProtocol {
    /// VNC.
    Vnc,
    /// RDP.
    Rdp,
}

impl RemoteProtocol {
    /// Returns its word, as a URL begins with it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Vnc => "vnc",
            Self::Rdp => "rdp",
        }
    }
}

impl FromStr for RemoteProtocol {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        match text {
            "vnc" => Ok(Self::Vnc),
            "rdp" => Ok(Self::Rdp),
            _ => Err(Invalid::new("protocol", text, "is neither vnc nor rdp")),
        }
    }
}

impl fmt::Display for RemoteProtocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
