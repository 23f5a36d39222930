use std::error::Error as StdError;
use std::fmt;

/// Everything that is wrong with a file, a line each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems<P>(pub Vec<P>);

impl<P> From<Vec<P>> for Problems<P> {
    fn from(all: Vec<P>) -> Self {
        Self(all)
    }
}

impl<P: fmt::Display> fmt::Display for Problems<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl<P: fmt::Debug + fmt::Display> StdError for Problems<P> {}

/// Returns a key of a file as it can be shown: one of more than `longest` characters is cut.
pub(crate) fn shown_key(key: &str, longest: usize) -> String {
    let mut shown: String = key.chars().take(longest).flat_map(char::escape_debug).collect();
    if longest < key.chars().count() {
        shown.push('…');
    }
    shown
}

/// Writes what is wrong, and what was probably meant.
pub(crate) fn write_why(
    f: &mut fmt::Formatter<'_>,
    why: &str,
    nearest: Option<&str>,
) -> fmt::Result {
    f.write_str(why)?;
    match nearest {
        Some(nearest) => write!(f, ", did you mean `{nearest}`?"),
        None => Ok(()),
    }
}
