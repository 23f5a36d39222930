//! What was read before: lines by the pixels that they are made of.

use std::collections::HashMap;

/// A line that was read: its characters, where they are and how sure they are, in thousandths of its
/// width and of certainty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownLine {
    /// The characters.
    pub text: String,
    /// The middle of each, in thousandths of the line's width.
    pub places: Vec<u16>,
    /// How sure each is, in thousandths.
    pub confidence: Vec<u16>,
}

/// Remembers lines that were read, so that they need not be read again.
pub trait LineMemory {
    /// Returns a line by its key.
    fn recall(&mut self, key: &str) -> Option<KnownLine>;
    /// Keeps a line.
    fn keep(&mut self, key: &str, line: &KnownLine);
}

/// Remembers for as long as it lives.
#[derive(Debug, Default)]
pub struct ShortMemory {
    lines: HashMap<String, KnownLine>,
}

impl LineMemory for ShortMemory {
    fn recall(&mut self, key: &str) -> Option<KnownLine> {
        self.lines.get(key).cloned()
    }

    fn keep(&mut self, key: &str, line: &KnownLine) {
        self.lines.insert(key.to_owned(), line.clone());
    }
}
