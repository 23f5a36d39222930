use std::fmt;
use std::str::FromStr;

use crate::model::Invalid;

/// A language and the country where it is spoken, such as `en-US`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locale {
    language: String,
    country: String,
}

impl Locale {
    /// Returns its name on Linux, such as `en_US.UTF-8`.
    pub(super) fn posix(&self) -> String {
        format!("{}_{}.UTF-8", self.language, self.country)
    }
}

impl FromStr for Locale {
    type Err = Invalid;

    /// Reads `en-US`, `en_US` and `en_US.UTF-8`.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let refuse = || Invalid::new("locale", text, "is not of the form `en-US`");
        let name = text.strip_suffix(".UTF-8").unwrap_or(text);
        let (language, country) = name.split_once(['-', '_']).ok_or_else(refuse)?;
        let is_language = (2..=3).contains(&language.len())
            && language.bytes().all(|byte| byte.is_ascii_lowercase());
        let is_country =
            country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
        if !is_language || !is_country {
            return Err(refuse());
        }
        Ok(Self { language: language.to_owned(), country: country.to_owned() })
    }
}

/// Its name on Windows, such as `en-US`.
impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.language, self.country)
    }
}
