use std::fmt;

/// A value from outside that cannot be what it was meant to be: what it was, and why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// What was being read, such as "VM name".
    pub what: &'static str,
    /// The offending text, shortened for display.
    pub value: String,
    /// Why it is refused, as a clause that follows the value.
    pub why: String,
}

impl Invalid {
    /// Describes a refused value; long ones are cut to 60 characters.
    pub fn new(what: &'static str, value: &str, why: impl Into<String>) -> Self {
        let mut shown: String = value.chars().take(60).collect();
        if shown.len() < value.len() {
            shown.push('…');
        }
        Self { what, value: shown, why: why.into() }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}` {}", self.what, self.value.escape_debug(), self.why)
    }
}

impl std::error::Error for Invalid {}
