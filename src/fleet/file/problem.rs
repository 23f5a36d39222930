use std::fmt;

use crate::error::{Error, ErrorKind, shown_key, write_why};

/// One thing that is wrong with a file of VMs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where, such as `vms.web.memory`; empty if the file as a whole is wrong.
    pub path: String,
    /// What is wrong, as a sentence that follows the place.
    pub why: String,
    /// What was probably meant.
    pub nearest: Option<String>,
}

impl Problem {
    /// Describes what is wrong at a place; a long one is cut.
    pub(in crate::fleet) fn at(path: &str, why: impl Into<String>) -> Self {
        Self { path: shown_key(path, 120), why: why.into(), nearest: None }
    }

    /// Adds what was probably meant.
    pub(super) fn near(mut self, nearest: Option<String>) -> Self {
        self.nearest = nearest;
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "`{}`: ", self.path)?;
        }
        write_why(f, &self.why, self.nearest.as_deref())
    }
}

/// Everything that is wrong with a file of VMs.
pub type Problems = crate::error::Problems<Problem>;

impl Problems {
    /// Builds the failure of a file that is wrong in itself.
    pub fn wrong(self, file: &str) -> Error {
        self.into_error(ErrorKind::Config, file)
            .hint("run `vm-cli config schema --vms` to see every key")
    }

    /// Builds the failure of a file that asks for what is not there.
    pub fn impossible(self, file: &str) -> Error {
        self.into_error(ErrorKind::NotFound, file)
            .hint("run `vm-cli list` and `vm-cli snapshot list NAME` to see what is there")
    }

    fn into_error(self, kind: ErrorKind, file: &str) -> Error {
        let message = match self.0.len() {
            1 => format!("`{file}` has a problem"),
            many => format!("`{file}` has {many} problems"),
        };
        Error::new(kind, message).caused_by(self)
    }
}
