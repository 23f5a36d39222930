/// Quotes an argument for this host's shell if it needs to be.
pub(crate) fn quoted(text: &str) -> String {
    if cfg!(windows) { for_windows(text) } else { for_posix(text) }
}

/// Quotes for a POSIX shell.
fn for_posix(text: &str) -> String {
    if is_plain(text, "-_./:=,+@%{}") {
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
