use std::fmt;

/// Returns a word as a person types it in a POSIX shell: quoted if it needs to be.
pub fn typed(word: impl fmt::Display) -> String {
    let word = word.to_string();
    let plain = |c: char| c.is_alphanumeric() || "-_./:=,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word;
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::typed;

    #[test]
    fn a_word_that_a_shell_would_change_is_quoted() {
        for plain in ["web", "my-vm_2.0", "/a/b.iso", "ssh,tcp,127.0.0.1,2222,,22", "日本"] {
            assert_eq!(typed(plain), plain);
        }
        assert_eq!(typed(""), "''");
        assert_eq!(typed("it's a vm"), r"'it'\''s a vm'");
        for changed in ["a b", "$HOME", "~", "a*", "{a,b}", "a\nb", "#x", "x;y"] {
            assert_eq!(typed(changed), format!("'{changed}'"));
        }
    }
}
