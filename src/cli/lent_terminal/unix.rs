use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Tells when the terminal may have another size.
#[derive(Debug)]
pub(super) struct Resizes(Signal);

impl Resizes {
    pub(super) fn listen() -> io::Result<Self> {
        signal(SignalKind::window_change()).map(Self)
    }

    pub(super) async fn next(&mut self) {
        self.0.recv().await;
    }
}
