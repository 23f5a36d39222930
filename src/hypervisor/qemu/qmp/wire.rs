//! Lines of JSON, bounded in length.

use serde::Deserialize;
use serde_json::Value;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};

use crate::error;
use crate::error::{Error, ErrorKind};

/// The longest line that is read. The longest answer to what is asked here has a few kilobytes.
pub(super) const LONGEST_LINE: u64 = 1 << 20;

/// What QEMU says in one line.
#[derive(Debug)]
pub(super) enum Said {
    /// Hello: it is ready for a client.
    Greeting,
    /// It did what it was asked.
    Done(Value),
    /// It did not, and why, in its own words.
    Refused(String),
    /// Something happened that nobody asked for.
    Event,
}

#[derive(Debug, Deserialize)]
struct Line {
    #[serde(rename = "QMP")]
    greeting: Option<Value>,
    #[serde(rename = "return")]
    done: Option<Value>,
    error: Option<Refusal>,
    event: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Refusal {
    desc: String,
}

/// Reads one line; `None` if QEMU has closed the socket.
pub(super) async fn read(from: &mut (impl AsyncBufRead + Unpin)) -> Result<Option<Said>, Error> {
    let mut line = Vec::new();
    let read = from.take(LONGEST_LINE).read_until(b'\n', &mut line).await;
    read.map_err(|e| error::io("read QEMU's answer", e))?;
    if line.is_empty() {
        return Ok(None);
    }
    if line.last() != Some(&b'\n') {
        return Err(damaged("it ends in the middle of a line, or the line does not end"));
    }
    understand(&line).map(Some)
}

/// Understands one line.
pub(super) fn understand(line: &[u8]) -> Result<Said, Error> {
    let line: Line = serde_json::from_slice(line)
        .map_err(|e| damaged("it is not of QMP's shape").caused_by(e))?;
    match line {
        Line { greeting: Some(_), .. } => Ok(Said::Greeting),
        Line { error: Some(refusal), .. } => Ok(Said::Refused(refusal.desc)),
        Line { done: Some(value), .. } => Ok(Said::Done(value)),
        Line { event: Some(_), .. } => Ok(Said::Event),
        Line { .. } => Err(damaged("it is neither an answer nor an event")),
    }
}

fn damaged(why: &str) -> Error {
    Error::new(ErrorKind::Unparseable, format!("QEMU's answer cannot be understood: {why}"))
        .hint("another program may have QEMU's place at the socket: stop the VM with `--force`")
}
