use std::fmt;
use std::str::FromStr;

use crate::model::Invalid;

/// A product key of Windows, such as `AAAAA-BBBBB-CCCCC-DDDDD-EEEEE`. It is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct ProductKey(String);

impl ProductKey {
    /// Returns the text, for the one place that must have it.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProductKey {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let text = text.trim().to_ascii_uppercase();
        let groups: Vec<&str> = text.split('-').collect();
        let is_group =
            |group: &&str| group.len() == 5 && group.bytes().all(|it| it.is_ascii_alphanumeric());
        if groups.len() == 5 && groups.iter().all(is_group) {
            return Ok(Self(text));
        }
        let why = "is not of the form XXXXX-XXXXX-XXXXX-XXXXX-XXXXX";
        Err(Invalid::new("product key", "***", why))
    }
}

impl fmt::Debug for ProductKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
