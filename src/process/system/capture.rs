use std::convert::Infallible;
use std::future;
use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, ChildStderr, ChildStdout};
use tokio::time::timeout;

/// How many bytes a pipe's buffer begins with.
const FIRST_ROOM: usize = 8 * 1024;

/// Reads what a program prints on both pipes at once, up to a limit for both together.
#[derive(Debug)]
pub(super) struct Capture {
    stdout: Pipe<ChildStdout>,
    stderr: Pipe<ChildStderr>,
    limit: usize,
}

/// Why reading ended early.
#[derive(Debug)]
pub(super) enum Broken {
    /// More than the limit came.
    Flood,
    /// A pipe could not be read.
    Read(io::Error),
}

impl Capture {
    /// Takes the pipes of a program that was just started.
    pub(super) fn of(child: &mut Child, limit: usize) -> Self {
        Self {
            stdout: Pipe::new(child.stdout.take()),
            stderr: Pipe::new(child.stderr.take()),
            limit,
        }
    }

    /// Reads what is left in the pipes of a program that has ended: until they end, or nothing new
    /// comes for this long.
    pub(super) async fn read_rest(&mut self, quiet: Duration) -> Result<(), Broken> {
        while let Ok(read) = timeout(quiet, self.read_bounded()).await {
            if !read? {
                break;
            }
        }
        Ok(())
    }

    /// Reads until something goes wrong, and for ever if nothing does. Nothing is lost if it is
    /// dropped and called again.
    pub(super) async fn read_until_broken(&mut self) -> Broken {
        loop {
            match self.read_bounded().await {
                Ok(true) => {}
                Ok(false) => future::pending().await,
                Err(broken) => return broken,
            }
        }
    }

    /// Reads and throws away, forever: a program that is asked to end must not hang on a full pipe.
    pub(super) async fn discard(&mut self) -> Infallible {
        while let Ok(true) = self.read_some().await {
            self.stdout.bytes.clear();
            self.stderr.bytes.clear();
        }
        future::pending().await
    }

    /// Returns what came on standard output and on standard error.
    pub(super) fn bytes(&self) -> (&[u8], &[u8]) {
        (&self.stdout.bytes, &self.stderr.bytes)
    }

    async fn read_bounded(&mut self) -> Result<bool, Broken> {
        let read = self.read_some().await.map_err(Broken::Read)?;
        if self.stdout.bytes.len() + self.stderr.bytes.len() > self.limit {
            return Err(Broken::Flood);
        }
        Ok(read)
    }

    /// Reads what is there on one of the pipes; `false` if both have ended.
    async fn read_some(&mut self) -> io::Result<bool> {
        tokio::select! {
            read = self.stdout.read(), if self.stdout.is_open() => read.map(|()| true),
            read = self.stderr.read(), if self.stderr.is_open() => read.map(|()| true),
            else => Ok(false),
        }
    }
}

#[derive(Debug)]
struct Pipe<R> {
    /// `None` once it has ended.
    reader: Option<R>,
    bytes: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Pipe<R> {
    fn new(reader: Option<R>) -> Self {
        Self { reader, bytes: Vec::with_capacity(FIRST_ROOM) }
    }

    fn is_open(&self) -> bool {
        self.reader.is_some()
    }

    async fn read(&mut self) -> io::Result<()> {
        let Some(reader) = &mut self.reader else { return Ok(()) };
        if reader.read_buf(&mut self.bytes).await? == 0 {
            self.reader = None;
        }
        Ok(())
    }
}
