use std::fmt;

use serde::{Deserialize, Serialize};

/// How files are copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize, Serialize)]
pub struct CopyOptions {
    /// What folders mean.
    pub recursion: Recursion,
    /// What is there already means.
    pub resumption: Resumption,
}

/// What a folder among the sources means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize, Serialize)]
pub enum Recursion {
    /// A failure.
    #[default]
    Refuse,
    /// It is copied with all that is in it.
    Descend,
}

/// What a copy that was broken off means to the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize, Serialize)]
pub enum Resumption {
    /// Nothing: all is copied anew, and a failure leaves nothing behind.
    #[default]
    Anew,
    /// What is there is compared and kept, and a failure leaves what has come.
    Continue,
}

/// How it was made sure that a file arrived as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum Check {
    /// The guest computed its SHA-256.
    GuestSum,
    /// It was read back, and its SHA-256 computed here.
    ReadBack,
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::GuestSum => "guest-sum",
            Self::ReadBack => "read-back",
        })
    }
}

/// What a copy came to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
pub struct Copied {
    /// How many files were copied.
    pub files: u64,
    /// How many folders were made or were there.
    pub folders: u64,
    /// How many bytes were sent.
    pub bytes: u64,
    /// How many bytes were there already (with [`Resumption::Continue`]).
    pub kept_bytes: u64,
    /// What was not copied because it is neither a file nor a folder, such as links in folders.
    pub skipped: Vec<String>,
    /// How files were compared; `None` if there was none.
    pub check: Option<Check>,
}
