use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Invalid, travels_as_text};

/// A folder of the host that a guest can use.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct SharedFolder {
    /// The name by which the guest knows it.
    pub name: ShareName,
    /// The folder.
    pub host_path: PathBuf,
    /// What the guest may do with it.
    pub access: ShareAccess,
    /// Where the Guest Additions mount it.
    pub mount: ShareMount,
    /// How long it is there.
    pub lifetime: ShareLifetime,
}

/// The name of a shared folder.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ShareName(String);

impl ShareName {
    /// Returns it as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ShareName {
    type Err = Invalid;

    /// Takes a name that guests of all kinds can mount, without blanks, quotes and slashes.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let refuse = |why: &str| Err(Invalid::new("name of a shared folder", text, why));
        let is_bad = |c: char| c.is_whitespace() || c.is_control() || "'\"/\\".contains(c);
        match text {
            "" => refuse("is empty"),
            _ if text.starts_with('-') => refuse("begins with `-`"),
            _ if text.contains(is_bad) => refuse("has a blank, a quote or a slash"),
            _ if 80 < text.len() => refuse("is longer than 80 bytes"),
            _ => Ok(Self(text.to_owned())),
        }
    }
}

impl fmt::Display for ShareName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

travels_as_text!(ShareName);

/// What a guest may do with a shared folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum ShareAccess {
    /// Read and write.
    ReadWrite,
    /// Read.
    ReadOnly,
}

/// Where a shared folder is mounted in the guest.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum ShareMount {
    /// Nowhere, until somebody in the guest mounts it.
    Never,
    /// Where the Guest Additions choose.
    Anywhere,
    /// At this path, or drive.
    At(String),
}

/// How long a shared folder is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum ShareLifetime {
    /// Until it is removed.
    Kept,
    /// Until the VM goes off: one that runs gets no other.
    UntilOff,
}

impl fmt::Display for ShareLifetime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Kept => "kept",
            Self::UntilOff => "until-off",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::ShareName;

    #[test]
    fn a_name_suits_guests_of_all_kinds() {
        for name in ["data", "my-data_2", "ü"] {
            assert_eq!(name.parse::<ShareName>().unwrap().as_str(), name);
        }
        let long = "x".repeat(81);
        for name in ["", "-x", "my data", "a/b", r"a\b", "it's", long.as_str()] {
            assert!(name.parse::<ShareName>().is_err(), "{name}");
        }
    }
}
