/// Finds Enter, `~` and `.` in what is typed, which leaves a session whose guest hangs, as in ssh.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Escape {
    /// A line begins.
    #[default]
    LineBegin,
    /// A line began with `~`.
    Tilde,
    /// Somewhere else.
    InLine,
}

impl Escape {
    /// Goes on with what was typed; whether the session is to be left.
    pub(super) fn sees(&mut self, typed: &[u8]) -> bool {
        typed.iter().any(|byte| {
            *self = match (*self, byte) {
                (Self::Tilde, b'.') => return true,
                (_, b'\r' | b'\n') => Self::LineBegin,
                (Self::LineBegin, b'~') => Self::Tilde,
                (Self::LineBegin | Self::Tilde | Self::InLine, _) => Self::InLine,
            };
            false
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Escape;

    #[test]
    fn only_a_line_that_begins_so_leaves() {
        for leaves in ["~.", "ls\r~.", "~x\r\r~.", "~\r~."] {
            assert!(Escape::default().sees(leaves.as_bytes()), "{leaves:?}");
            let mut escape = Escape::default();
            assert!(leaves.bytes().any(|byte| escape.sees(&[byte])), "{leaves:?}, key by key");
        }
        for stays in ["", "a~.", "~a.", "~~.", "cd ~.", "~ ."] {
            assert!(!Escape::default().sees(stays.as_bytes()), "{stays:?}");
        }
    }
}
