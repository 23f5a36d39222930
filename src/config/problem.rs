use std::error::Error as StdError;
use std::fmt;

use super::Origin;
use crate::error::Error;
use crate::error::ErrorKind;
use crate::error::shown_key;
use crate::error::write_why;

/// One thing that is wrong: where, what and what was probably meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, environment variable or flag that says it.
    pub origin: Origin,
    /// The key or section in it; `None` if the file as a whole is wrong.
    pub key: Option<String>,
    /// What is wrong, as a clause that follows the key.
    pub why: String,
    /// The valid key or word that is nearest.
    pub nearest: Option<String>,
}

impl Problem {
    /// Describes what is wrong with a place as a whole.
    pub(super) fn whole(origin: &Origin, why: impl Into<String>) -> Self {
        Self { origin: origin.clone(), key: None, why: why.into(), nearest: None }
    }

    /// Describes what is wrong with a key; a long one is cut.
    pub(super) fn with(origin: &Origin, key: &str, why: impl Into<String>) -> Self {
        Self { key: Some(shown_key(key, 80)), ..Self::whole(origin, why) }
    }

    /// Adds what was probably meant.
    pub(super) fn near(mut self, nearest: Option<String>) -> Self {
        self.nearest = nearest;
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.origin)?;
        if let Some(key) = &self.key {
            write!(f, "`{key}` ")?;
        }
        write_why(f, &self.why, self.nearest.as_deref())
    }
}

/// Everything that is wrong with a configuration.
pub type Problems = crate::error::Problems<Problem>;

impl Problems {
    /// Returns the problems that a failed load is about.
    pub fn of(error: &Error) -> &[Problem] {
        let cause = error.source().and_then(|cause| cause.downcast_ref::<Self>());
        cause.map_or(&[], |Self(problems)| problems)
    }

    /// Builds the failure that they are, with all of them as its cause.
    pub(super) fn into_error(self) -> Error {
        let message = match self.0.len() {
            1 => "the configuration has a problem".to_owned(),
            many => format!("the configuration has {many} problems"),
        };
        Error::new(ErrorKind::Config, message)
            .hint("run `vm-cli config schema` to see every key")
            .caused_by(self)
    }
}
