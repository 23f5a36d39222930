//! The line that our part of a command line prints before the command begins: it tells by which
//! number the command can be ended, or why it did not begin.

/// How the line begins.
pub(super) const MARK: &str = "vm-cli:";

/// A line that is longer is not ours.
const LONGEST: usize = 40;

/// What was announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Announced {
    /// The command began, as a process of this number.
    Began(u32),
    /// The folder in which it should run is not there.
    NoFolder,
    /// Nobody sits at the guest's screen.
    NoDesktop,
}

impl Announced {
    /// Returns the word in the line.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Began(_) => "began",
            Self::NoFolder => "no-folder",
            Self::NoDesktop => "no-desktop",
        }
    }

    fn parse(line: &[u8]) -> Option<Self> {
        let text = str::from_utf8(line.trim_ascii_end()).ok()?.strip_prefix(MARK)?;
        match text.split_once(' ') {
            Some(("began", number)) => number.parse().ok().map(Self::Began),
            Some(_) => None,
            None => [Self::NoFolder, Self::NoDesktop].into_iter().find(|it| it.word() == text),
        }
    }
}

/// Takes the announcement out of what is printed. What a user's start-up files print may come
/// before it.
#[derive(Debug, Default)]
pub(super) struct Listener {
    heard: Option<Announced>,
    kept: Vec<u8>,
}

impl Listener {
    /// Returns what was announced.
    pub(super) fn heard(&self) -> Option<Announced> {
        self.heard
    }

    /// Takes what was printed, and returns what is to be handed on.
    pub(super) fn hear(&mut self, piece: Vec<u8>) -> Vec<u8> {
        if self.heard.is_some() {
            return piece;
        }
        self.kept.extend(piece);
        let mut passed = Vec::new();
        while let Some(begin) = begin(&self.kept) {
            passed.extend(self.kept.drain(..begin));
            let end = self.kept.iter().take(LONGEST).position(|byte| *byte == b'\n');
            let Some(end) = end else {
                if self.kept.len() < LONGEST {
                    return passed;
                }
                passed.extend(self.kept.drain(..1));
                continue;
            };
            let line: Vec<u8> = self.kept.drain(..=end).collect();
            self.heard = Announced::parse(&line);
            if self.heard.is_some() {
                break;
            }
            passed.extend(line);
        }
        passed.append(&mut self.kept);
        passed
    }

    /// Returns what was kept back, when nothing more comes.
    pub(super) fn rest(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.kept)
    }
}

/// Finds where the mark begins, or may begin once more has come.
fn begin(bytes: &[u8]) -> Option<usize> {
    let mark = MARK.as_bytes();
    (0..bytes.len()).find(|at| {
        let rest = bytes.get(*at..).unwrap_or_default();
        rest.iter().zip(mark).all(|(byte, expected)| byte == expected)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Announced, Listener};

    fn heard(pieces: &[&[u8]]) -> (Option<Announced>, String) {
        let (mut listener, mut passed) = (Listener::default(), Vec::new());
        for piece in pieces {
            passed.extend(listener.hear(piece.to_vec()));
        }
        passed.extend(listener.rest());
        (listener.heard(), String::from_utf8(passed).unwrap())
    }

    #[test]
    fn why_a_command_did_not_begin_is_told() {
        for (line, what) in [
            ("vm-cli:no-folder\n", Announced::NoFolder),
            ("vm-cli:no-desktop\r\n", Announced::NoDesktop),
            ("vm-cli:began 72\r\n", Announced::Began(72)),
        ] {
            assert_eq!(heard(&[line.as_bytes()]), (Some(what), String::new()));
        }
    }

    #[test]
    fn what_only_looks_like_it_is_handed_on() {
        for text in ["vm-cli", "vm-cli:", "vm-cli:began x\n", "vm-cli:x\n", "vm-vm-cli:\nvm-cli: 7"]
        {
            assert_eq!(heard(&[text.as_bytes()]), (None, text.to_owned()));
        }
        let long = format!("vm-cli:{}\n", "9".repeat(80));
        assert_eq!(heard(&[long.as_bytes()]), (None, long));
    }

    proptest! {
        #[test]
        fn however_it_is_cut_the_line_is_taken_out_and_nothing_else(
            before in "[vm\\-cli:a\n]{0,20}",
            after in "[vm\\-cli:b \n]{0,20}",
            pid in any::<u32>(),
            cuts in proptest::collection::vec(0usize..80, 0..5),
        ) {
            let text = format!("{before}vm-cli:began {pid}\n{after}");
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(text.len())).collect();
            cuts.extend([0, text.len()]);
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> =
                cuts.windows(2).map(|pair| &text.as_bytes()[pair[0]..pair[1]]).collect();
            let (announced, passed) = heard(&pieces);
            prop_assert_eq!(announced, Some(Announced::Began(pid)));
            prop_assert_eq!(passed, format!("{before}{after}"));
        }
    }
}
