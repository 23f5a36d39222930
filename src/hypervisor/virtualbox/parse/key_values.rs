//! `showvminfo --machinereadable` line by line: `key=value`, `key="escaped value"`.

use std::slice;

/// The length of a `cpuid=` value: six groups of eight digits with commas between.
const CPUID_LENGTH: usize = 6 * 8 + 5;

/// Reads pairs one after the other, so that the caller may take lines of another kind between.
#[derive(Debug)]
pub(super) struct Pairs<'a> {
    lines: slice::Iter<'a, &'a str>,
    /// What is left of a line that held more than one pair.
    glued: Option<&'a str>,
}

/// One pair; the value is unescaped if it was quoted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) key: String,
    pub(super) value: String,
}

impl<'a> Pairs<'a> {
    /// Begins with the first line.
    pub(super) fn new(lines: &'a [&'a str]) -> Self {
        Self { lines: lines.iter(), glued: None }
    }

    /// Returns the lines that were not taken yet.
    pub(super) fn rest(&self) -> &'a [&'a str] {
        self.lines.as_slice()
    }

    /// Passes over lines.
    pub(super) fn skip(&mut self, lines: usize) {
        self.lines = self.rest().get(lines..).unwrap_or_default().iter();
    }

    /// Returns the next pair; lines without one are passed over.
    pub(super) fn next(&mut self) -> Option<Pair> {
        loop {
            let line = match self.glued.take() {
                Some(rest) => rest,
                None => self.lines.next()?,
            };
            if let Some(pair) = self.read(line) {
                return Some(pair);
            }
        }
    }

    fn read(&mut self, line: &'a str) -> Option<Pair> {
        let (key, value) = split_key(line)?;
        if key == "cpuid" {
            // Printed without an end of line: the next pair is glued to it.
            let (value, rest) = value.split_at_checked(CPUID_LENGTH)?;
            self.glued = Some(rest).filter(|rest| !rest.is_empty());
            return Some(Pair { key: key.to_owned(), value: value.to_owned() });
        }
        let value = match value.strip_prefix('"') {
            Some(opened) if !is_resolution(key) => self.quoted(opened),
            Some(_) | None => value.to_owned(),
        };
        Some(Pair { key: key.to_owned(), value })
    }

    /// Reads a quoted value to the first line that ends with a quote that is not escaped. Such a
    /// value may span lines (a description does).
    fn quoted(&mut self, opened: &str) -> String {
        if let Some(value) = closed(opened) {
            return unescape(value);
        }
        let mut value = opened.to_owned();
        let end = self.rest().iter().position(|line| closed(line).is_some() || opens_another(line));
        let Some(end) = end else {
            return unescape(&value);
        };
        for line in self.rest().iter().take(end) {
            value.push('\n');
            value.push_str(line);
        }
        self.skip(end);
        match self.rest().first() {
            Some(line) if !opens_another(line) => {
                value.push('\n');
                value.push_str(closed(line).unwrap_or(line));
                self.skip(1);
            }
            Some(_) | None => {}
        }
        unescape(&value)
    }
}

/// Splits a line at its key. A key that names a device is quoted itself.
fn split_key(line: &str) -> Option<(&str, &str)> {
    let (key, value) = match line.strip_prefix('"') {
        Some(quoted) => quoted.split_once("\"=")?,
        None => line.split_once('=')?,
    };
    Some((key, value)).filter(|(key, _)| !key.is_empty())
}

/// `VideoMode="1024,768,16"@0,0 1` goes on behind its quotes.
fn is_resolution(key: &str) -> bool {
    key == "VideoMode"
}

/// Returns what stands before the closing quote at the end of a line.
fn closed(line: &str) -> Option<&str> {
    let value = line.strip_suffix('"')?;
    let backslashes = value.bytes().rev().take_while(|byte| *byte == b'\\').count();
    (backslashes % 2 == 0).then_some(value)
}

/// Tells whether a line begins a quoted pair: inside an escaped value its quote would be escaped,
/// unless it is the closing one.
fn opens_another(line: &str) -> bool {
    split_key(line).is_some_and(|(key, value)| {
        value.len() > 1
            && value.starts_with('"')
            && key.chars().all(|c| c.is_ascii_alphanumeric() || "-_()[]/ ".contains(c))
    })
}

/// Undoes `\"` and `\\`; any other backslash stands for itself.
fn unescape(value: &str) -> String {
    let mut plain = String::with_capacity(value.len());
    let mut rest = value.chars().peekable();
    while let Some(c) = rest.next() {
        let escaped =
            if c == '\\' { rest.next_if(|next| matches!(next, '"' | '\\')) } else { None };
        plain.push(escaped.unwrap_or(c));
    }
    plain
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Pair, Pairs};

    fn pairs(text: &str) -> Vec<(String, String)> {
        let lines: Vec<_> = text.lines().collect();
        let mut reader = Pairs::new(&lines);
        std::iter::from_fn(|| reader.next()).map(|Pair { key, value }| (key, value)).collect()
    }

    fn owned(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn plain_quoted_and_device_pairs_are_read() {
        let text = "memory=4096\nname=\"a \\\"b\\\" c\\\\d\"\n\"SATA-0-0\"=\"/x=y.vdi\"\n rec_screen0\nx=\"\"\n";
        let expected =
            [("memory", "4096"), ("name", "a \"b\" c\\d"), ("SATA-0-0", "/x=y.vdi"), ("x", "")];
        assert_eq!(pairs(text), owned(&expected));
    }

    #[test]
    fn a_pair_glued_to_a_cpuid_is_found() {
        let group = "00000001,00000000,00000001,00000002,00000003,00000004";
        let text = format!("cpuid={group}cpuid={group}hwvirtex=\"on\"\nx=1\n");
        let expected = [("cpuid", group), ("cpuid", group), ("hwvirtex", "on"), ("x", "1")];
        assert_eq!(pairs(&text), owned(&expected));
    }

    #[test]
    fn a_value_of_several_lines_cannot_imitate_a_pair() {
        let text = "description=\"one\nVMState=\\\"running\\\"\nmemory=1\n\nend\\\\\"\nx=1\n";
        let expected = [("description", "one\nVMState=\"running\"\nmemory=1\n\nend\\"), ("x", "1")];
        assert_eq!(pairs(text), owned(&expected));
        assert_eq!(pairs("a=\"x\ny=\"\n"), owned(&[("a", "x\ny=")]));
    }

    #[test]
    fn a_value_that_is_never_closed_ends_where_the_next_begins() {
        let text = "path=\"C:\\\"\nlog=\"x\"\n";
        assert_eq!(pairs(text), owned(&[("path", "C:\""), ("log", "x")]));
        assert_eq!(pairs("name=\"cut of"), owned(&[("name", "cut of")]));
    }

    #[test]
    fn a_video_mode_goes_on_behind_its_quotes() {
        let text = "VideoMode=\"1024,768,16\"@0,0 1\nvrde=\"off\"\n";
        let expected = [("VideoMode", "\"1024,768,16\"@0,0 1"), ("vrde", "off")];
        assert_eq!(pairs(text), owned(&expected));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "([a-z]{0,3}=|\"|\\\\|cpuid=|\n|\\PC)*") {
            pairs(&text);
        }

        #[test]
        fn any_value_reads_back(value in "[^\r]{0,40}") {
            let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
            let text = format!("description=\"{escaped}\"\nx=1\n");
            prop_assert_eq!(pairs(&text), owned(&[("description", &value), ("x", "1")]));
        }
    }
}
