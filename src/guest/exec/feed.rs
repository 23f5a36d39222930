//! What goes into a command's standard input.

use std::io::{self, Read};
use std::thread;

use ssh2::{BlockDirections, Channel};
use tokio::sync::mpsc;

use super::running::Progress;
use crate::error::{self, Error};
use crate::guest::transport::Transport;

/// How much is read at once; what SSH servers take in one packet.
const PIECE: usize = 32 * 1024;

/// So many pieces are read ahead.
const AHEAD: usize = 2;

/// An input on its way to the guest. No more than a few pieces of it are in memory.
#[derive(Debug)]
pub(super) struct Feed {
    /// `None` once it has ended.
    pieces: Option<mpsc::Receiver<io::Result<Vec<u8>>>>,
    pending: Vec<u8>,
}

impl Feed {
    /// Begins to read. A thread of its own: nobody knows whether a read ever returns.
    pub(super) fn from(mut input: Box<dyn Read + Send>) -> io::Result<Self> {
        let (sender, receiver) = mpsc::channel(AHEAD);
        thread::Builder::new().name("guest input".to_owned()).spawn(move || {
            loop {
                let mut piece = vec![0; PIECE];
                let read = match input.read(&mut piece) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    read => read,
                };
                let piece = read.map(|count| {
                    piece.truncate(count);
                    piece
                });
                let is_last = piece.as_ref().map_or(true, Vec::is_empty);
                if sender.blocking_send(piece).is_err() || is_last {
                    return;
                }
            }
        })?;
        Ok(Self { pieces: Some(receiver), pending: Vec::new() })
    }

    /// Builds what never says anything and never ends.
    pub(super) fn none() -> Self {
        Self { pieces: None, pending: Vec::new() }
    }

    /// Stops reading: nobody wants it any more.
    pub(super) fn stop(&mut self) {
        *self = Self::none();
    }

    /// Waits for the next piece; for ever if there is none, or one is at hand.
    pub(super) async fn wait(&mut self) -> Next {
        match &mut self.pieces {
            Some(pieces) if self.pending.is_empty() => Next(pieces.recv().await),
            Some(_) | None => std::future::pending().await,
        }
    }

    /// Takes the piece that was waited for. When the input has ended, the guest is told.
    pub(super) async fn take(
        &mut self,
        Next(piece): Next,
        transport: &Transport,
        channel: &mut Channel,
    ) -> Result<(), Error> {
        let piece = piece.unwrap_or_else(|| Ok(Vec::new()));
        self.pending = piece.map_err(|e| error::io("read the command's standard input", e))?;
        if self.pending.is_empty() {
            self.stop();
            // A guest that has closed it first has what it wants.
            drop(transport.drive(|_| channel.send_eof()).await);
        }
        Ok(())
    }

    /// Gives the guest as much as it takes now.
    pub(super) async fn give(&mut self, transport: &Transport, channel: &Channel) -> Progress {
        let mut stream = channel.stream(0);
        while !self.pending.is_empty() {
            match io::Write::write(&mut stream, &self.pending) {
                Ok(0) => return Progress::None,
                Ok(count) => {
                    self.pending.drain(..count.min(self.pending.len()));
                    return Progress::Some;
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    // Half a packet is out: until the rest is, libssh2 can send nothing else.
                    match transport.directions() {
                        BlockDirections::Outbound | BlockDirections::Both => {
                            transport.send_again().await;
                        }
                        BlockDirections::Inbound | BlockDirections::None => return Progress::None,
                    }
                }
                // A command may end before its input does; a connection that broke is found out by
                // who reads.
                Err(_) => self.stop(),
            }
        }
        Progress::None
    }
}

/// A piece that came, or the end.
#[derive(Debug)]
pub(super) struct Next(Option<io::Result<Vec<u8>>>);
