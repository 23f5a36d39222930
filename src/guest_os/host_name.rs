use std::fmt;
use std::str::FromStr;

use crate::model::Invalid;

/// What a guest is called on its network: a name of DNS (RFC 1123) that is one of NetBIOS too, so
/// that Windows takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostName(String);

impl HostName {
    /// Windows' names have no more characters.
    const LONGEST: usize = 15;

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for HostName {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let refuse = |why| Err(Invalid::new("host name", text, why));
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
        match text {
            "" => refuse("is empty"),
            _ if Self::LONGEST < text.len() => refuse("has more than 15 characters"),
            _ if !text.chars().all(fits) => refuse("has other characters than a-z, 0-9 and `-`"),
            _ if text.starts_with('-') || text.ends_with('-') => {
                refuse("begins or ends with a `-`")
            }
            _ if text.bytes().all(|byte| byte.is_ascii_digit()) => refuse("is a number"),
            _ => Ok(Self(text.to_owned())),
        }
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
