//! Ctrl-C and its like: the first cancels, the second ends the program at once.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(all(unix, feature = "serve"))]
pub(crate) use unix::Reloads;
#[cfg(unix)]
use unix::Source;
#[cfg(all(windows, feature = "serve"))]
pub(crate) use windows::Reloads;
#[cfg(windows)]
use windows::Source;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use tokio::sync::watch;

use super::console::Console;
use super::lent_terminal::give_back;
use super::reader;
use crate::error::{self, Error, ErrorKind};

/// What asks the program to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// `kill`, a shutdown, a closed window.
    Terminate,
    /// Nobody reads what is told any more: `vm-cli watch … --json | head -1`.
    ReaderGone,
}

impl Signal {
    /// Returns the exit code that tells of it.
    pub(crate) fn exit_code(self) -> u8 {
        match self {
            Self::Interrupt => 130,
            Self::Terminate => 143,
            Self::ReaderGone => 0,
        }
    }
}

/// How long canceling may take before it is told how to end at once.
const QUIETLY: Duration = Duration::from_millis(500);

/// How often it is asked whether somebody still reads.
const READER_POLL: Duration = Duration::from_millis(250);

/// Tells when the program is asked to end.
#[derive(Debug, Clone)]
pub(crate) struct Signals {
    seen: watch::Receiver<Option<Signal>>,
    ask: watch::Sender<Option<Signal>>,
    console: Arc<Console>,
    /// Whether SIGHUP asks for another configuration, instead of the end.
    #[cfg_attr(not(feature = "serve"), expect(dead_code, reason = "only the server reloads"))]
    reloads: Arc<AtomicBool>,
}

impl Signals {
    /// Begins to listen.
    pub(crate) fn listen(console: Arc<Console>) -> Result<Self, Error> {
        let reloads = Arc::new(AtomicBool::new(false));
        let mut source =
            Source::open(Arc::clone(&reloads)).map_err(|e| error::io("listen for Ctrl-C", e))?;
        let (ask, seen) = watch::channel(None);
        let asked = ask.clone();
        let talking = Arc::clone(&console);
        tokio::spawn(async move {
            let first = source.next().await;
            asked.send_replace(Some(first));
            let second = tokio::select! {
                second = source.next() => second,
                () = tokio::time::sleep(QUIETLY) => {
                    talking.hold_still();
                    talking.talk("canceling; once more to end at once\n");
                    source.next().await
                }
            };
            end_at_once(second);
        });
        Ok(Self { seen, ask, console, reloads })
    }

    /// Takes a standard output that nobody reads any more for a signal too: for what tells until it
    /// is ended, and may long have nothing to tell.
    pub(crate) fn end_with_the_reader(&self) {
        let ask = self.ask.clone();
        let console = Arc::clone(&self.console);
        tokio::spawn(async move {
            while !(console.is_reader_gone() || reader::is_gone()) {
                tokio::time::sleep(READER_POLL).await;
            }
            ask.send_if_modified(|seen| {
                let is_first = seen.is_none();
                seen.get_or_insert(Signal::ReaderGone);
                is_first
            });
        });
    }

    /// Waits for something, until the program is asked to end.
    pub(crate) async fn or<T>(&mut self, work: impl Future<Output = T>) -> Result<T, Error> {
        tokio::select! {
            biased;
            _ = self.wait() => Err(Error::new(ErrorKind::Canceled, "canceled")),
            done = work => Ok(done),
        }
    }

    /// Waits until the program is asked to end.
    pub(crate) async fn wait(&mut self) -> Signal {
        match self.seen.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(signal)) => *signal,
            Ok(None) | Err(_) => std::future::pending().await,
        }
    }

    /// Returns the signal that came, if one did.
    pub(crate) fn seen(&self) -> Option<Signal> {
        *self.seen.borrow()
    }

    /// Lets SIGHUP ask for another configuration from now on.
    #[cfg(feature = "serve")]
    pub(crate) fn reloads(&self) -> Result<Reloads, Error> {
        Reloads::open(&self.reloads).map_err(|e| error::io("listen for SIGHUP", e))
    }
}

#[expect(clippy::exit, reason = "the person has asked twice: nothing is waited for")]
fn end_at_once(signal: Signal) {
    give_back();
    std::process::exit(signal.exit_code().into());
}
