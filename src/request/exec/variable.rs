use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind};
use crate::request::Secret;

/// A variable for the environment of a command in a guest. Its value is never shown.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "(String, String)", into = "(String, String)")]
pub struct Variable {
    name: String,
    value: Secret,
}

impl Variable {
    /// Takes a name and a value, if a shell can set them.
    pub fn new(name: &str, value: &str) -> Result<Self, Error> {
        let mut letters = name.chars();
        let begins = letters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
        if !begins || !letters.all(|c| c.is_ascii_alphanumeric() || c == '_') {
            let message = format!("`{}` is no name for a variable", name.escape_debug());
            return Err(Error::new(ErrorKind::Usage, message)
                .hint("write letters, digits and `_`, no digit first, such as `KEY=value`"));
        }
        if value.contains('\0') {
            let message = format!("the value of `{name}` contains a NUL character");
            return Err(Error::new(ErrorKind::Usage, message));
        }
        Ok(Self { name: name.to_owned(), value: Secret::new(value) })
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the value, for the one place that must send it.
    pub fn reveal(&self) -> &str {
        self.value.reveal()
    }
}

impl TryFrom<(String, String)> for Variable {
    type Error = Error;

    fn try_from((name, value): (String, String)) -> Result<Self, Error> {
        Self::new(&name, &value)
    }
}

impl From<Variable> for (String, String) {
    fn from(Variable { name, value }: Variable) -> Self {
        (name, value.reveal().to_owned())
    }
}

impl FromStr for Variable {
    type Err = Error;

    /// Reads `NAME=VALUE`; what fails does not show the value.
    fn from_str(text: &str) -> Result<Self, Error> {
        match text.split_once('=') {
            Some((name, value)) => Self::new(name, value),
            None => {
                Err(Error::new(ErrorKind::Usage, "a variable has no value")
                    .hint("write `NAME=VALUE`"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Variable;

    #[test]
    fn only_names_that_every_shell_can_set_are_taken() {
        for good in ["A=1", "_x9=", "PATH=/bin:/usr/bin", "a=b=c"] {
            good.parse::<Variable>().unwrap();
        }
        for bad in ["=1", "9a=1", "a b=1", "a-b=1", "ü=1", "a;rm=1", "a\n=1", "a=\0"] {
            bad.parse::<Variable>().unwrap_err();
        }
    }

    proptest! {
        #[test]
        fn a_value_is_kept_and_never_shown(name in "[a-z_][a-z0-9_]{0,9}", value in "[A-Z]{12}") {
            let variable: Variable = format!("{name}={value}").parse().unwrap();
            prop_assert_eq!((variable.name(), variable.reveal()), (name.as_str(), value.as_str()));
            let shown = format!("{variable:?}");
            prop_assert!(!shown.contains(&value));
            for wrong in [value.clone(), format!("-{name}={value}"), format!("{name}={value}\0")] {
                let error = wrong.parse::<Variable>().unwrap_err();
                prop_assert!(!format!("{error:?}").contains(&value), "{:?}", error);
            }
        }
    }
}
