//! What the shell of a guest is told, and what it answers. Pure.

use crate::error::{Error, ErrorKind};

/// Quotes a word for a POSIX shell.
pub(super) fn quoted(word: &str) -> String {
    // A word that begins with a dash is no option.
    let word = if word.starts_with('-') { format!("./{word}") } else { word.to_owned() };
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Returns the last line that was said.
pub(super) fn one_line(said: &[u8]) -> String {
    let text = String::from_utf8_lossy(said);
    text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default().trim().to_owned()
}

/// Builds the failure of a step, by what a shell in the locale C said last.
pub(super) fn refused(said: &str) -> Error {
    const KINDS: [(&str, ErrorKind, &str); 3] = [
        ("No space left", ErrorKind::DiskFull, "make room in the guest"),
        ("Permission denied", ErrorKind::PermissionDenied, "choose another place or user"),
        ("No such file", ErrorKind::NotFound, "check the path"),
    ];
    let known = KINDS.iter().find(|(text, ..)| said.contains(text));
    let (kind, hint) = known
        .map_or((ErrorKind::Io, "look at the file in the guest"), |(_, kind, hint)| (*kind, *hint));
    Error::new(kind, format!("the guest would not do it: {said}")).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::{one_line, quoted, refused};
    use crate::error::ErrorKind;

    #[test]
    fn a_word_stays_one_word() {
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted("-rf"), "'./-rf'");
    }

    #[test]
    fn a_refusal_is_told_by_its_kind() {
        let said = one_line(b"x\nmv: can't rename '/a': Permission denied\n\n");
        assert_eq!(refused(&said).kind(), ErrorKind::PermissionDenied);
        assert_eq!(refused("cp: write: No space left on device").kind(), ErrorKind::DiskFull);
        assert_eq!(refused("").kind(), ErrorKind::Io);
    }
}
