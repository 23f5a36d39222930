use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use super::console::Console;
use crate::guest::OutputSink;
use crate::orchestrator::BatchOutput;
use crate::report::Captured;

/// Hands on what a guest's command prints, as it comes.
#[derive(Debug)]
pub(crate) struct Streaming(pub(crate) Arc<Console>);

impl OutputSink for Streaming {
    fn stdout(&self, bytes: &[u8]) -> io::Result<()> {
        self.0.hold_still();
        self.0.data(bytes)
    }

    fn stderr(&self, bytes: &[u8]) -> io::Result<()> {
        self.0.hold_still();
        self.0.talk_bytes(bytes)
    }
}

/// Keeps what a guest's command prints, to be shown as a whole.
#[derive(Debug, Default)]
pub(crate) struct Keeping(Mutex<Captured>);

/// More than this, and a guest's command is printing into a JSON document by mistake.
const MOST: usize = 64 * 1024 * 1024;

impl Keeping {
    /// Takes what was printed so far.
    pub(crate) fn take(&self) -> Captured {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn add(&self, bytes: &[u8], to: impl FnOnce(&mut Captured) -> &mut Vec<u8>) -> io::Result<()> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if MOST < kept.stdout.len() + kept.stderr.len() + bytes.len() {
            let why = "the command printed more than 64 MiB: leave out `--json` to stream it";
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
        }
        to(&mut kept).extend_from_slice(bytes);
        Ok(())
    }
}

impl OutputSink for Keeping {
    fn stdout(&self, bytes: &[u8]) -> io::Result<()> {
        self.add(bytes, |kept| &mut kept.stdout)
    }

    fn stderr(&self, bytes: &[u8]) -> io::Result<()> {
        self.add(bytes, |kept| &mut kept.stderr)
    }
}

/// Of several VMs: keeps what each one's command prints.
#[derive(Debug, Default)]
pub(crate) struct KeepingAll(Mutex<BTreeMap<usize, Arc<Keeping>>>);

impl KeepingAll {
    /// Takes what was printed, one for each of so many VMs.
    pub(crate) fn take(&self, count: usize) -> Vec<Captured> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let one = |place| kept.remove(&place).map(|kept| kept.take()).unwrap_or_default();
        (0..count).map(one).collect()
    }
}

impl BatchOutput for KeepingAll {
    fn sink(&self, place: usize, _vm: &str) -> Arc<dyn OutputSink> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.entry(place).or_default().clone()
    }
}

/// Of several VMs on which no command is run: nothing comes.
#[derive(Debug)]
pub(crate) struct Silent;

impl BatchOutput for Silent {
    fn sink(&self, _place: usize, _vm: &str) -> Arc<dyn OutputSink> {
        Arc::new(Keeping::default())
    }
}
