use std::mem;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind};

/// A head is no longer, in bytes.
const MOST_HEAD: usize = 16 * 1024 * 1024;

/// No more bytes follow a head.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// One line of JSON, and how many bytes follow it.
#[derive(Deserialize, Serialize)]
struct Framed<T> {
    bytes: usize,
    told: T,
}

/// Writes something and the bytes that belong to it: a line of JSON, then the bytes.
pub fn framed(told: &impl Serialize, bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let framed = Framed { bytes: bytes.len(), told };
    let mut whole = serde_json::to_vec(&framed).map_err(|e| {
        Error::new(ErrorKind::Unsupported, "this cannot be asked of a server").caused_by(e)
    })?;
    whole.push(b'\n');
    whole.extend_from_slice(bytes);
    Ok(whole)
}

/// Takes what comes in pieces apart again.
#[derive(Debug, Default)]
pub struct Frames {
    come: Vec<u8>,
    /// So much of it has no end of a line.
    searched: usize,
    head: Option<(usize, serde_json::Value)>,
}

impl Frames {
    /// Takes a piece in.
    pub fn feed(&mut self, piece: &[u8]) {
        self.come.extend_from_slice(piece);
    }

    /// Returns the next thing that is there as a whole, and the bytes that belong to it.
    pub fn take<T: DeserializeOwned>(&mut self) -> Result<Option<(T, Vec<u8>)>, Error> {
        if self.head.is_none() {
            let rest = self.come.get(self.searched..).unwrap_or_default();
            let Some(end) = rest.iter().position(|it| *it == b'\n') else {
                self.searched = self.come.len();
                return if MOST_HEAD < self.come.len() {
                    Err(garbled("too long"))
                } else {
                    Ok(None)
                };
            };
            let line = self.taken(self.searched + end + 1);
            self.searched = 0;
            let framed: Framed<serde_json::Value> =
                serde_json::from_slice(&line).map_err(|e| garbled("no JSON").caused_by(e))?;
            if MOST_BYTES < framed.bytes {
                return Err(garbled("too long"));
            }
            self.head = Some((framed.bytes, framed.told));
        }
        match self.head.take() {
            Some((bytes, told)) if bytes <= self.come.len() => {
                let told =
                    serde_json::from_value(told).map_err(|e| garbled("unknown").caused_by(e))?;
                Ok(Some((told, self.taken(bytes))))
            }
            waiting => {
                self.head = waiting;
                Ok(None)
            }
        }
    }

    fn taken(&mut self, count: usize) -> Vec<u8> {
        let rest = self.come.split_off(count.min(self.come.len()));
        mem::replace(&mut self.come, rest)
    }
}

fn garbled(why: &str) -> Error {
    Error::new(ErrorKind::Unparseable, format!("what came cannot be read: it is {why}"))
        .hint("both sides must be the same version of vm-cli")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Frames, framed};

    proptest! {
        #[test]
        fn what_is_framed_comes_out_again_however_it_is_cut(
            all in prop::collection::vec(("\\PC{0,9}", prop::collection::vec(any::<u8>(), 0..40)), 0..5),
            cut in 1usize..50,
        ) {
            let sent: Vec<u8> =
                all.iter().flat_map(|(told, bytes)| framed(told, bytes).unwrap()).collect();
            let (mut frames, mut arrived) = (Frames::default(), Vec::new());
            for piece in sent.chunks(cut) {
                frames.feed(piece);
                while let Some(frame) = frames.take::<String>().unwrap() {
                    arrived.push(frame);
                }
            }
            prop_assert_eq!(arrived, all);
        }

        #[test]
        fn nonsense_is_refused_and_breaks_nothing(text in prop::collection::vec(any::<u8>(), 0..99)) {
            let mut frames = Frames::default();
            frames.feed(&text);
            frames.take::<String>().ok();
        }
    }

    #[test]
    fn a_head_that_promises_too_much_is_refused() {
        let mut frames = Frames::default();
        frames.feed(b"{\"bytes\":99999999999,\"told\":\"a\"}\n");
        assert!(frames.take::<String>().is_err());
    }
}
