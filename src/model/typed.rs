use std::fmt;

/// Returns a word as a person types it in this host's shell: quoted if it needs to be.
pub fn typed(word: impl fmt::Display) -> String {
    let word = word.to_string();
    if cfg!(windows) { for_windows(&word) } else { for_posix(&word) }
}

/// Quotes for a POSIX shell.
fn for_posix(text: &str) -> String {
    if is_plain(text, "-_./:=,+@%") {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Quotes as Windows programs read their command line; `cmd` and PowerShell pass it on.
fn for_windows(text: &str) -> String {
    if is_plain(text, r"-_./:=+@~\") {
        return text.to_owned();
    }
    let mut quoted = String::from('"');
    let mut backslashes = 0;
    for c in text.chars() {
        match c {
            '\\' => backslashes += 1,
            // Only before a quote is a backslash more than itself.
            '"' => {
                quoted.extend(std::iter::repeat_n('\\', backslashes + 1));
                backslashes = 0;
            }
            _ => backslashes = 0,
        }
        quoted.push(c);
    }
    quoted.extend(std::iter::repeat_n('\\', backslashes));
    quoted.push('"');
    quoted
}

fn is_plain(text: &str, marks: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || marks.contains(c))
}

#[cfg(test)]
mod tests {
    use super::{for_posix, for_windows};

    #[test]
    fn a_posix_shell_reads_back_what_was_meant() {
        assert_eq!(for_posix("/usr/bin/VBoxManage"), "/usr/bin/VBoxManage");
        assert_eq!(for_posix("it's a vm"), r"'it'\''s a vm'");
        assert_eq!(for_posix(r"C:\vms"), r"'C:\vms'");
        assert_eq!(for_posix(""), "''");
        for plain in ["web", "my-vm_2.0", "ssh,tcp,127.0.0.1,2222,,22", "日本"] {
            assert_eq!(for_posix(plain), plain);
        }
        for changed in ["a b", "$HOME", "~", "a*", "{a,b}", "a\nb", "#x", "x;y"] {
            assert_eq!(for_posix(changed), format!("'{changed}'"));
        }
    }

    #[test]
    fn a_windows_program_reads_back_what_was_meant() {
        assert_eq!(for_windows(r"C:\vms\web.vdi"), r"C:\vms\web.vdi");
        assert_eq!(for_windows(r"C:\Program Files\"), r#""C:\Program Files\\""#);
        assert_eq!(for_windows(r#"say "yes""#), r#""say \"yes\"""#);
        assert_eq!(for_windows(r#"a\"b"#), r#""a\\\"b""#);
        assert_eq!(for_windows(""), "\"\"");
    }
}
