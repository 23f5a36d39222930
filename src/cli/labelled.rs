//! What commands in several guests print: every line with its VM's name before it, the VMs in
//! order. The VM whose turn it is prints as it goes, the others are kept until then.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use super::console::Console;
use crate::guest::OutputSink;
use crate::orchestrator::BatchOutput;

/// More than this is not kept for a VM that waits for its turn.
const MOST: usize = 64 * 1024 * 1024;

/// Hands on lines in order. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Labelled {
    console: Arc<Console>,
    order: Arc<Mutex<Order>>,
}

/// Whose turn it is, and what the others said so far. Pure: what is to be printed is returned.
#[derive(Debug, Default)]
struct Order {
    turn: usize,
    places: BTreeMap<usize, Place>,
}

#[derive(Debug, Default)]
struct Place {
    label: String,
    /// The lines that have not ended, one a stream.
    begun: [Vec<u8>; 2],
    kept: Vec<Piece>,
    kept_bytes: usize,
    has_ended: bool,
}

/// Whole lines for one stream.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    stream: Stream,
    bytes: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stream {
    Out,
    Err,
}

impl Labelled {
    pub(crate) fn new(console: Arc<Console>) -> Self {
        Self { console, order: Arc::default() }
    }

    fn with_order(&self, act: impl FnOnce(&mut Order) -> io::Result<Vec<Piece>>) -> io::Result<()> {
        let mut order = self.order.lock().unwrap_or_else(PoisonError::into_inner);
        // Printed under the lock, so that nothing overtakes.
        for piece in act(&mut order)? {
            self.console.hold_still();
            match piece.stream {
                Stream::Out => self.console.data(&piece.bytes)?,
                Stream::Err => self.console.talk_bytes(&piece.bytes)?,
            }
        }
        Ok(())
    }
}

impl BatchOutput for Labelled {
    fn sink(&self, place: usize, vm: &str) -> Arc<dyn OutputSink> {
        let mut order = self.order.lock().unwrap_or_else(PoisonError::into_inner);
        order.places.entry(place).or_default().label = format!("{vm}: ");
        Arc::new(Line { place, all: self.clone() })
    }

    fn ended(&self, place: usize) {
        // If nobody reads what is printed, there is nobody to tell.
        drop(self.with_order(|order| Ok(order.end(place))));
    }
}

/// The output of one VM.
#[derive(Debug)]
struct Line {
    place: usize,
    all: Labelled,
}

impl OutputSink for Line {
    fn stdout(&self, bytes: &[u8]) -> io::Result<()> {
        self.all.with_order(|order| order.add(self.place, Stream::Out, bytes))
    }

    fn stderr(&self, bytes: &[u8]) -> io::Result<()> {
        self.all.with_order(|order| order.add(self.place, Stream::Err, bytes))
    }
}

impl Order {
    /// Takes what a VM printed, and returns what can be shown now.
    fn add(&mut self, place: usize, stream: Stream, bytes: &[u8]) -> io::Result<Vec<Piece>> {
        let is_its_turn = place == self.turn;
        let own = self.places.entry(place).or_default();
        let Some(piece) = own.lines(stream, bytes) else { return Ok(Vec::new()) };
        if is_its_turn {
            return Ok(vec![piece]);
        }
        own.kept_bytes += piece.bytes.len();
        if MOST < own.kept_bytes {
            let why = "the command printed more than 64 MiB before its turn: run it in one VM";
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
        }
        own.kept.push(piece);
        Ok(Vec::new())
    }

    /// Notes that a VM prints nothing more, and returns what can be shown now.
    fn end(&mut self, place: usize) -> Vec<Piece> {
        let own = self.places.entry(place).or_default();
        own.has_ended = true;
        for stream in [Stream::Out, Stream::Err] {
            if !own.begun(stream).is_empty() {
                let last = own.lines(stream, b"\n");
                own.kept.extend(last);
            }
        }
        let mut shown = Vec::new();
        while let Some(own) = self.places.get_mut(&self.turn) {
            shown.append(&mut own.kept);
            if !own.has_ended {
                break;
            }
            self.places.remove(&self.turn);
            self.turn += 1;
        }
        shown
    }
}

impl Place {
    fn begun(&mut self, stream: Stream) -> &mut Vec<u8> {
        let [out, err] = &mut self.begun;
        match stream {
            Stream::Out => out,
            Stream::Err => err,
        }
    }

    /// Adds bytes, and takes out the lines that are whole now, each with the label before it.
    fn lines(&mut self, stream: Stream, bytes: &[u8]) -> Option<Piece> {
        let label = self.label.clone().into_bytes();
        let begun = self.begun(stream);
        begun.extend_from_slice(bytes);
        let end = begun.iter().rposition(|byte| *byte == b'\n')? + 1;
        let rest = begun.split_off(end);
        let whole = std::mem::replace(begun, rest);
        let mut shown = Vec::new();
        for line in whole.split_inclusive(|byte| *byte == b'\n') {
            shown.extend_from_slice(&label);
            shown.extend_from_slice(line);
        }
        Some(Piece { stream, bytes: shown })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Order, Piece, Place, Stream};

    fn order(labels: &[&str]) -> Order {
        let mut order = Order::default();
        for (place, label) in labels.iter().enumerate() {
            let label = format!("{label}: ");
            order.places.insert(place, Place { label, ..Place::default() });
        }
        order
    }

    fn text(pieces: Vec<Piece>) -> String {
        pieces.into_iter().map(|it| String::from_utf8(it.bytes).unwrap()).collect()
    }

    #[test]
    fn the_first_prints_as_it_goes_and_the_second_when_the_first_is_done() {
        let mut order = order(&["web", "db"]);
        assert_eq!(text(order.add(0, Stream::Out, b"one\ntw").unwrap()), "web: one\n");
        assert_eq!(text(order.add(1, Stream::Out, b"early\nla").unwrap()), "");
        assert_eq!(text(order.end(1)), "");
        assert_eq!(text(order.add(0, Stream::Out, b"o\n").unwrap()), "web: two\n");
        assert_eq!(text(order.end(0)), "db: early\ndb: la\n");
    }

    proptest! {
        #[test]
        fn however_it_is_cut_and_mixed_every_line_comes_once_and_in_order(
            pieces in proptest::collection::vec((0usize..3, "[ab\n]{0,5}"), 0..30),
            ends in Just(vec![0usize, 1, 2]).prop_shuffle(),
        ) {
            let mut order = order(&["x", "y", "z"]);
            let mut said = [String::new(), String::new(), String::new()];
            let mut shown = String::new();
            for (place, piece) in &pieces {
                said[*place] += piece;
                shown += &text(order.add(*place, Stream::Out, piece.as_bytes()).unwrap());
            }
            for place in ends {
                shown += &text(order.end(place));
            }
            let mut expected = String::new();
            for (label, said) in ["x", "y", "z"].iter().zip(&said) {
                for line in said.lines() {
                    expected.extend([label, ": ", line, "\n"]);
                }
            }
            prop_assert_eq!(shown, expected);
        }
    }
}
