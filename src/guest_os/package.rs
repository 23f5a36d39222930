use std::fmt;
use std::str::FromStr;

use crate::model::Invalid;

/// The name of a package of a Linux distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageName(String);

impl FromStr for PackageName {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let refuse = |why| Err(Invalid::new("package", text, why));
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_');
        match text.chars().next() {
            None => refuse("is empty"),
            Some(first) if !first.is_ascii_alphanumeric() => {
                refuse("does not begin with a letter or a digit")
            }
            Some(_) if !text.chars().all(fits) => {
                refuse("has other characters than letters, digits, `+`, `-`, `.` and `_`")
            }
            Some(_) => Ok(Self(text.to_owned())),
        }
    }
}

impl fmt::Display for PackageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
