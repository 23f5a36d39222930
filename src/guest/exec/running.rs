use std::io::{self, Read};
use std::sync::Arc;

use ssh2::Channel;
use tokio::sync::watch;

use super::announcement::{Announced, Listener};
use super::feed::Feed;
use super::hand_on::{Stream, hand_on};
use super::{ExecEnd, OutputSink, signal};
use crate::error::Error;
use crate::guest::failure;
use crate::guest::transport::Transport;
use crate::request::TerminalSize;

/// How much is read at once; what SSH servers send in one packet.
const PIECE: usize = 32 * 1024;

/// A command that runs in a guest. Dropping it closes its channel.
pub(super) struct Running<'a> {
    pub(super) transport: &'a Transport,
    pub(super) channel: Channel,
    /// Whether the guest was asked to run it.
    pub(super) is_sent: bool,
    /// `None` if nobody wants to hear any more.
    pub(super) sink: Option<Arc<dyn OutputSink>>,
    /// What takes the announcement out; `None` if there is none.
    pub(super) listener: Option<Listener>,
    pub(super) feed: Feed,
    pub(super) sizes: Option<watch::Receiver<TerminalSize>>,
    pub(super) buffer: Vec<u8>,
}

/// Whether there was something to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    Some,
    None,
}

impl<'a> Running<'a> {
    /// Begins with a channel on which nothing has been asked for yet, and nobody to talk to.
    pub(super) fn new(transport: &'a Transport, channel: Channel) -> Self {
        let (sink, listener, feed, sizes) = (None, None, Feed::none(), None);
        let (is_sent, buffer) = (false, vec![0; PIECE]);
        Self { transport, channel, is_sent, sink, listener, feed, sizes, buffer }
    }

    /// Carries the command's streams until it has ended.
    pub(super) async fn until_the_end(&mut self) -> Result<ExecEnd, Error> {
        loop {
            if let Some(end) = self.step().await? {
                return Ok(end);
            }
        }
    }

    /// Returns what was announced.
    pub(super) fn announced(&self) -> Option<Announced> {
        self.listener.as_ref().and_then(Listener::heard)
    }

    /// Carries what there is, or waits for something; `Some` once the command has ended.
    pub(super) async fn step(&mut self) -> Result<Option<ExecEnd>, Error> {
        let given = self.feed.give(self.transport, &self.channel).await;
        // The two share one window: whoever waits for one of them alone waits for ever once the
        // other has filled it.
        let out = self.carry(Stream::Stdout).await?;
        let err = self.carry(Stream::Stderr).await?;
        if self.channel.eof() && self.is_closed()? {
            if let Some(mut listener) = self.listener.take() {
                self.hand_on(Stream::Stdout, listener.rest()).await?;
                self.listener = Some(listener);
            }
            return self.end().map(Some);
        }
        if [given, out, err] == [Progress::None; 3] {
            self.wait().await?;
        }
        Ok(None)
    }

    /// Waits until there is something to carry.
    async fn wait(&mut self) -> Result<(), Error> {
        tokio::select! {
            ready = self.transport.ready() => ready.map_err(lost),
            next = self.feed.wait() => {
                self.feed.take(next, self.transport, &mut self.channel).await
            }
            size = next_size(&mut self.sizes) => {
                let (columns, rows) = (size.columns.into(), size.rows.into());
                let channel = &mut self.channel;
                let told = self.transport.drive(|_| {
                    channel.request_pty_size(columns, rows, None, None)
                });
                told.await.map_err(lost)
            }
        }
    }

    /// Whether the guest has closed the channel. It closes first: a command may live on after its
    /// last word, and to close before is to hang up on it, and never to hear of its exit code.
    fn is_closed(&mut self) -> Result<bool, Error> {
        match self.channel.wait_close() {
            Ok(()) => Ok(true),
            Err(error) if failure::would_block(&error) => Ok(false),
            Err(error) => Err(lost(error)),
        }
    }

    fn end(&self) -> Result<ExecEnd, Error> {
        let signal = self.channel.exit_signal().map_err(lost)?.exit_signal;
        let exit_code = match &signal {
            Some(name) => signal::exit_code(name),
            None => self.channel.exit_status().map_err(lost)?,
        };
        Ok(ExecEnd { exit_code, signal })
    }

    /// Hands on what has come on one stream.
    async fn carry(&mut self, stream: Stream) -> Result<Progress, Error> {
        let count = read(&self.channel, stream, &mut self.buffer)?;
        if count == 0 {
            return Ok(Progress::None);
        }
        let piece: Vec<u8> = self.buffer.iter().take(count).copied().collect();
        let piece = match (stream, &mut self.listener) {
            (Stream::Stdout, Some(listener)) => listener.hear(piece),
            (Stream::Stdout, None) | (Stream::Stderr, _) => piece,
        };
        self.hand_on(stream, piece).await?;
        Ok(Progress::Some)
    }

    /// Gives a piece to the sink, which may block.
    async fn hand_on(&self, stream: Stream, piece: Vec<u8>) -> Result<(), Error> {
        match &self.sink {
            Some(sink) if !piece.is_empty() => hand_on(sink, stream, piece).await,
            Some(_) | None => Ok(()),
        }
    }
}

/// Waits until the terminal has another size; for ever if it cannot have one.
async fn next_size(sizes: &mut Option<watch::Receiver<TerminalSize>>) -> TerminalSize {
    if let Some(sizes) = sizes
        && sizes.changed().await.is_ok()
    {
        return *sizes.borrow_and_update();
    }
    std::future::pending().await
}

pub(super) fn lost(error: ssh2::Error) -> Error {
    failure::lost("the command", error)
}

/// Reads what has come; 0 if nothing has.
fn read(channel: &Channel, stream: Stream, piece: &mut [u8]) -> Result<usize, Error> {
    let mut from = match stream {
        Stream::Stdout => channel.stream(0),
        Stream::Stderr => channel.stderr(),
    };
    match from.read(piece) {
        Ok(count) => Ok(count),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(0),
        Err(error) => Err(failure::lost("the command", error)),
    }
}
