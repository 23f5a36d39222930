use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Who logs in to a guest, and by what.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
pub struct Credentials {
    /// The guest's user; `None` is the configured one.
    pub user: Option<String>,
    /// Its password.
    pub password: Option<Secret>,
    /// A private key file.
    pub identity: Option<PathBuf>,
}

/// A text that is never shown.
#[derive(Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret in.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the text, for the one place that must send it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
