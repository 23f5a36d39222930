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
use crate::error::{self, Error, ErrorKind};

/// What asks the program to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// `kill`, a shutdown, a closed window.
    Terminate,
}

impl Signal {
    /// Returns the exit code that tells of it.
    pub(crate) fn exit_code(self) -> u8 {
        match self {
            Self::Interrupt => 130,
            Self::Terminate => 143,
        }
    }
}

/// How long canceling may take before it is told how to end at once.
const QUIETLY: Duration = Duration::from_millis(500);

/// Tells when the program is asked to end.
#[derive(Debug, Clone)]
pub(crate) struct Signals {
    seen: watch::Receiver<Option<Signal>>,
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
        let (sender, seen) = watch::channel(None);
        tokio::spawn(async move {
            let first = source.next().await;
            sender.send_replace(Some(first));
            let second = tokio::select! {
                second = source.next() => second,
                () = tokio::time::sleep(QUIETLY) => {
                    console.hold_still();
                    console.talk("canceling; once more to end at once\n");
                    source.next().await
                }
            };
            end_at_once(second);
        });
        Ok(Self { seen, reloads })
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
