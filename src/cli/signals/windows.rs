use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tokio::signal::windows;

use super::Signal;

/// There is no such signal here.
#[cfg(feature = "serve")]
#[derive(Debug)]
pub(crate) struct Reloads;

#[cfg(feature = "serve")]
impl Reloads {
    pub(super) fn open(_reloads: &AtomicBool) -> io::Result<Self> {
        Ok(Self)
    }

    /// Waits for ever.
    pub(crate) async fn next(&mut self) {
        std::future::pending().await
    }
}

#[derive(Debug)]
pub(super) struct Source {
    interrupt: windows::CtrlC,
    interrupt_hard: windows::CtrlBreak,
    close: windows::CtrlClose,
    shutdown: windows::CtrlShutdown,
}

impl Source {
    pub(super) fn open(_reloads: Arc<AtomicBool>) -> io::Result<Self> {
        Ok(Self {
            interrupt: windows::ctrl_c()?,
            interrupt_hard: windows::ctrl_break()?,
            close: windows::ctrl_close()?,
            shutdown: windows::ctrl_shutdown()?,
        })
    }

    pub(super) async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.interrupt_hard.recv() => Signal::Interrupt,
            _ = self.close.recv() => Signal::Terminate,
            _ = self.shutdown.recv() => Signal::Terminate,
        }
    }
}
