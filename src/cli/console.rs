use std::io::{self, BufRead, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{MultiProgress, ProgressDrawTarget};

/// Our streams: data goes to standard output, everything else to standard error. The only place
/// that prints; moving progress lines step aside for it.
#[derive(Debug)]
pub(crate) struct Console {
    bars: Option<MultiProgress>,
    reader_gone: AtomicBool,
}

/// Whether progress lines move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Motion {
    /// They are redrawn in place.
    Moving,
    /// Nothing is redrawn.
    Still,
}

impl Console {
    /// Builds the streams.
    pub(crate) fn new(motion: Motion) -> Self {
        let bars = match motion {
            Motion::Moving => Some(MultiProgress::new()),
            Motion::Still => None,
        };
        Self { bars, reader_gone: AtomicBool::new(false) }
    }

    /// Writes data to standard output.
    pub(crate) fn data(&self, bytes: &[u8]) -> io::Result<()> {
        let written = self.aside(|| {
            let mut stdout = io::stdout().lock();
            stdout.write_all(bytes).and_then(|()| stdout.flush())
        });
        if written.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
            self.reader_gone.store(true, Ordering::Relaxed);
        }
        written
    }

    /// Writes a message to standard error. If nobody takes it, there is nobody to tell.
    pub(crate) fn talk(&self, text: &str) {
        drop(self.talk_bytes(text.as_bytes()));
    }

    /// Writes bytes to standard error.
    pub(crate) fn talk_bytes(&self, bytes: &[u8]) -> io::Result<()> {
        self.aside(|| {
            let mut stderr = io::stderr().lock();
            stderr.write_all(bytes).and_then(|()| stderr.flush())
        })
    }

    /// Asks a question and returns the answer, one line; empty if there was none.
    pub(crate) fn ask(&self, question: &str) -> String {
        self.talk(question);
        let mut answer = String::new();
        match io::stdin().lock().read_line(&mut answer) {
            Ok(_) if answer.ends_with('\n') => {}
            // The input ended (Ctrl-D), and with it the line that the question stands on.
            Ok(_) | Err(_) => self.talk("\n"),
        }
        answer.trim().to_owned()
    }

    /// Returns whether the program that read our data ended: that is no failure of ours.
    pub(crate) fn is_reader_gone(&self) -> bool {
        self.reader_gone.load(Ordering::Relaxed)
    }

    /// Returns where moving progress lines are drawn, if they are.
    pub(crate) fn bars(&self) -> Option<&MultiProgress> {
        self.bars.as_ref()
    }

    /// Ends moving progress lines for good, because something else takes the terminal.
    pub(crate) fn hold_still(&self) {
        if let Some(bars) = &self.bars {
            drop(bars.clear());
            bars.set_draw_target(ProgressDrawTarget::hidden());
        }
    }

    fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.bars {
            Some(bars) => bars.suspend(write),
            None => write(),
        }
    }
}
