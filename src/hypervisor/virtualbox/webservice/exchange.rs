//! One question and its answer over HTTP/1.1, on a connection that stays open.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// How long an answer may be at most.
const LONGEST: u64 = 4 * 1024 * 1024;
/// How long its head may be at most.
const LONGEST_HEAD: u64 = 64 * 1024;

/// A connection to the web service.
#[derive(Debug)]
pub(super) struct Connection {
    stream: BufReader<TcpStream>,
    /// The server said that it closes it.
    is_over: bool,
}

/// What stands in the head of an answer.
#[derive(Debug, Default, PartialEq, Eq)]
struct Head {
    length: u64,
    is_last: bool,
}

impl Connection {
    /// Connects.
    pub(super) async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        // A question is small, and its answer is waited for.
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), is_over: false })
    }

    /// Returns whether another question can be asked on it.
    pub(super) fn is_open(&self) -> bool {
        !self.is_over
    }

    /// Asks, and returns the answer's body, whatever its status: a fault is an answer too.
    pub(super) async fn ask(&mut self, body: &str) -> io::Result<String> {
        self.is_over = true;
        let address = self.stream.get_ref().peer_addr()?;
        let request = format!(
            "POST / HTTP/1.1\r\nHost: {address}\r\nContent-Type: text/xml; charset=utf-8\r\n\
             SOAPAction: \"\"\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes()).await?;
        let head = self.read_head().await?;
        if head.length > LONGEST {
            return Err(io::Error::other("the answer is far too long"));
        }
        let mut answer = vec![0; usize::try_from(head.length).unwrap_or_default()];
        self.stream.read_exact(&mut answer).await?;
        // From here on nothing of this answer is left on the way.
        self.is_over = head.is_last;
        String::from_utf8(answer).map_err(io::Error::other)
    }

    async fn read_head(&mut self) -> io::Result<Head> {
        let mut head = Head::default();
        let mut room = (&mut self.stream).take(LONGEST_HEAD);
        let mut line = String::new();
        if room.read_line(&mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if !line.starts_with("HTTP/1.") {
            return Err(io::Error::other("what answers speaks no HTTP"));
        }
        loop {
            line.clear();
            if room.read_line(&mut line).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if line.trim().is_empty() {
                return Ok(head);
            }
            head.take_in(&line)?;
        }
    }
}

impl Head {
    fn take_in(&mut self, line: &str) -> io::Result<()> {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => self.length = value.parse().map_err(io::Error::other)?,
            "connection" => self.is_last = value.eq_ignore_ascii_case("close"),
            _ => {}
        }
        Ok(())
    }
}
