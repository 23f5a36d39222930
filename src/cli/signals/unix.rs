use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::signal::unix;
use tokio::signal::unix::SignalKind;

use super::Signal;

#[derive(Debug)]
pub(super) struct Source {
    interrupt: unix::Signal,
    terminate: unix::Signal,
    hangup: unix::Signal,
    reloads: Arc<AtomicBool>,
}

/// Hears of each SIGHUP, which ends nothing any more.
#[cfg(feature = "serve")]
#[derive(Debug)]
pub(crate) struct Reloads(unix::Signal);

impl Source {
    pub(super) fn open(reloads: Arc<AtomicBool>) -> io::Result<Self> {
        Ok(Self {
            interrupt: unix::signal(SignalKind::interrupt())?,
            terminate: unix::signal(SignalKind::terminate())?,
            hangup: unix::signal(SignalKind::hangup())?,
            reloads,
        })
    }

    pub(super) async fn next(&mut self) -> Signal {
        loop {
            return tokio::select! {
                _ = self.interrupt.recv() => Signal::Interrupt,
                _ = self.terminate.recv() => Signal::Terminate,
                _ = self.hangup.recv() => {
                    if self.reloads.load(Ordering::Relaxed) {
                        continue;
                    }
                    Signal::Terminate
                }
            };
        }
    }
}

#[cfg(feature = "serve")]
impl Reloads {
    pub(super) fn open(reloads: &AtomicBool) -> io::Result<Self> {
        let hangup = unix::signal(SignalKind::hangup())?;
        reloads.store(true, Ordering::Relaxed);
        Ok(Self(hangup))
    }

    /// Waits for the next one.
    pub(crate) async fn next(&mut self) {
        self.0.recv().await;
    }
}
