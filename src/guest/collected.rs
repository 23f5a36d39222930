use std::io;
use std::sync::{Mutex, PoisonError};

use super::OutputSink;

/// More than this of what a program of ours prints in a guest is of no interest.
const MOST: usize = 64 * 1024;

/// Keeps what a short command of our own prints.
#[derive(Debug, Default)]
pub(super) struct Collected(Mutex<Vec<u8>>);

impl Collected {
    /// Returns what came on standard output.
    pub(super) fn stdout(&self) -> String {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&kept).into_owned()
    }
}

impl OutputSink for Collected {
    fn stdout(&self, bytes: &[u8]) -> io::Result<()> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = MOST.saturating_sub(kept.len());
        kept.extend(bytes.iter().take(room));
        Ok(())
    }

    fn stderr(&self, _bytes: &[u8]) -> io::Result<()> {
        Ok(())
    }
}
