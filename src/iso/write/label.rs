use std::str::FromStr;

use super::hierarchy::Spelling;
use crate::model::Invalid;

/// The name of a disc, by which systems find it: such as `CIDATA`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label(String);

impl Label {
    /// Joliet has room for no more.
    const LONGEST: usize = 16;

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the bytes as they stand on a disc.
    pub(super) fn spelled(&self, spelling: Spelling) -> Vec<u8> {
        spelling.bytes(&self.0)
    }
}

impl FromStr for Label {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let refuse = |why| Err(Invalid::new("disc label", text, why));
        let fits = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        match text.len() {
            0 => refuse("is empty"),
            length if Self::LONGEST < length => refuse("is longer than 16 characters"),
            _ if !text.chars().all(fits) => refuse("has other characters than A-Z, 0-9 and _"),
            _ => Ok(Self(text.to_owned())),
        }
    }
}
