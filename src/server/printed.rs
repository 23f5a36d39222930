use std::io;
use std::sync::{Mutex, PoisonError};

use crate::guest::OutputSink;
use crate::report::Captured;

/// So much of each stream is kept: a model reads it.
const MOST: usize = 64 * 1024;

/// Keeps the beginning of what a guest's command prints, and counts the rest.
#[derive(Debug, Default)]
pub(super) struct Printed {
    stdout: Mutex<Beginning>,
    stderr: Mutex<Beginning>,
}

#[derive(Debug, Default)]
struct Beginning {
    kept: Vec<u8>,
    left_out: usize,
}

impl Printed {
    /// Returns what was kept, each stream's end telling what is missing.
    pub(super) fn captured(&self) -> Captured {
        let whole =
            |of: &Mutex<Beginning>| of.lock().unwrap_or_else(PoisonError::into_inner).told();
        Captured { stdout: whole(&self.stdout), stderr: whole(&self.stderr) }
    }
}

impl OutputSink for Printed {
    fn stdout(&self, bytes: &[u8]) -> io::Result<()> {
        self.stdout.lock().unwrap_or_else(PoisonError::into_inner).add(bytes);
        Ok(())
    }

    fn stderr(&self, bytes: &[u8]) -> io::Result<()> {
        self.stderr.lock().unwrap_or_else(PoisonError::into_inner).add(bytes);
        Ok(())
    }
}

impl Beginning {
    fn add(&mut self, bytes: &[u8]) {
        let room = MOST.saturating_sub(self.kept.len()).min(bytes.len());
        let (kept, rest) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
        self.kept.extend_from_slice(kept);
        self.left_out += rest.len();
    }

    fn told(&self) -> Vec<u8> {
        let mut told = self.kept.clone();
        if self.left_out > 0 {
            told.extend(format!("\n[{} more bytes are left out]\n", self.left_out).into_bytes());
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{MOST, Printed};
    use crate::guest::OutputSink as _;

    #[test]
    fn a_flood_is_cut_and_said_to_be() {
        let printed = Printed::default();
        for _ in 0..=MOST {
            printed.stdout(b"ab").unwrap();
        }
        printed.stderr(b"oh").unwrap();
        let captured = printed.captured();
        let told = String::from_utf8(captured.stdout).unwrap();
        assert!(told.starts_with("abab"));
        assert!(told.ends_with(&format!("ab\n[{} more bytes are left out]\n", MOST + 2)), "{told}");
        assert_eq!(captured.stderr, b"oh");
    }

    proptest! {
        #[test]
        fn what_fits_is_kept_as_it_is(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..99), 0..9)) {
            let printed = Printed::default();
            for piece in &pieces {
                printed.stdout(piece).unwrap();
            }
            prop_assert_eq!(printed.captured().stdout, pieces.concat());
        }
    }
}
