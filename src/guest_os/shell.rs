/// Quotes a word for a POSIX shell.
pub(super) fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn quotes_do_not_end_a_word() {
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted("$(a) \"b\""), "'$(a) \"b\"'");
    }
}
