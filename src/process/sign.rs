use std::path::PathBuf;
use std::time::SystemTime;

/// By what is seen that a program has done its work, though it has not ended yet.
///
/// VBoxManage's own end takes 10 seconds now and then: two of its threads miss each other, and one
/// waits for a time-out (seen on 7.2.22, in 3 of 1,000 calls). Who knows the sign need not wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sign {
    /// Its progress on standard error stands at 100 %.
    Completion,
    /// It has written this file anew, which nobody else does meanwhile.
    Rewritten(PathBuf),
    /// This file has this text in it.
    Mentioned(PathBuf, String),
}

/// A sign that is looked out for.
#[derive(Debug)]
pub(super) struct Lookout<'a> {
    sign: &'a Sign,
    before: Option<(SystemTime, u64)>,
}

impl<'a> Lookout<'a> {
    /// Begins before the program does.
    pub(super) fn new(sign: &'a Sign) -> Self {
        let before = match sign {
            Sign::Rewritten(file) => stamp(file),
            Sign::Completion | Sign::Mentioned(..) => None,
        };
        Self { sign, before }
    }

    /// Tells whether the sign is there, given what the program printed on standard error.
    pub(super) fn is_seen(&self, stderr: &[u8]) -> bool {
        match self.sign {
            Sign::Completion => stderr.trim_ascii_end().ends_with(b"100%"),
            Sign::Rewritten(file) => stamp(file).is_some_and(|now| self.before != Some(now)),
            Sign::Mentioned(file, text) => {
                std::fs::read_to_string(file).is_ok_and(|content| content.contains(text))
            }
        }
    }
}

fn stamp(file: &PathBuf) -> Option<(SystemTime, u64)> {
    let metadata = std::fs::metadata(file).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Lookout, Sign};

    #[test]
    fn a_progress_is_complete_at_its_end_only() {
        let lookout = Lookout::new(&Sign::Completion);
        assert!(lookout.is_seen(b"0%...90%...100%\n"));
        assert!(!lookout.is_seen(b"0%...10%"));
        assert!(!lookout.is_seen(b"0%...100%\nVBoxManage: error: no\n"));
        assert!(!lookout.is_seen(b""));
    }

    #[test]
    fn a_file_is_rewritten_when_it_is_another_than_before() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("web.vbox");
        let sign = Sign::Rewritten(file.clone());
        let unborn = Lookout::new(&sign);
        assert!(!unborn.is_seen(b""));
        fs::write(&file, "one").unwrap();
        assert!(unborn.is_seen(b""));
        let lookout = Lookout::new(&sign);
        assert!(!lookout.is_seen(b""));
        fs::write(&file, "another").unwrap();
        assert!(lookout.is_seen(b""));
    }

    #[test]
    fn a_text_is_mentioned_where_it_stands() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("VirtualBox.xml");
        let sign = Sign::Mentioned(file.clone(), "{1}".into());
        let lookout = Lookout::new(&sign);
        assert!(!lookout.is_seen(b""));
        fs::write(&file, "uuid=\"{2}\"").unwrap();
        assert!(!lookout.is_seen(b""));
        fs::write(&file, "uuid=\"{2}\" uuid=\"{1}\"").unwrap();
        assert!(lookout.is_seen(b""));
    }
}
