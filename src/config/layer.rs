use std::fmt;
use std::path::PathBuf;

use serde_json::Value;

use super::Key;

/// Values that came from one place.
#[derive(Debug, Clone)]
pub struct Layer {
    /// The place.
    pub origin: Origin,
    /// The values, each one that its key accepts.
    pub values: Vec<(&'static Key, Value)>,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said anything.
    Default,
    /// A configuration file.
    File(FileRole, PathBuf),
    /// An environment variable, by name.
    Environment(String),
    /// A flag of the command line, such as `--vboxmanage`.
    Flag(String),
}

/// Why a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileRole {
    /// It is the user's own.
    User,
    /// It lies in the current folder.
    Project,
    /// It was named with `--config`.
    Named,
}

impl Origin {
    /// Returns the kind of place as one stable word.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::File(role, _) => role.as_str(),
            Self::Environment(_) => "environment",
            Self::Flag(_) => "flag",
        }
    }
}

impl FileRole {
    /// Returns its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Project => "project",
            Self::Named => "named",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.pad("default"),
            Self::File(_, path) => f.pad(&path.display().to_string()),
            Self::Environment(name) | Self::Flag(name) => f.pad(name),
        }
    }
}

impl fmt::Display for FileRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
