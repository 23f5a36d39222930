//! Lines of screens that were read before, in a file that several processes may use at once.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::Error;
use crate::model::Frame;
use crate::screen::{self, KnownLine, LineMemory, Quality, Reading};

/// So many lines are kept, the last used: about a megabyte.
const MOST: usize = 8000;

/// Remembers lines in a file. What several processes read at once is kept by the last of them; a line
/// that is lost that way is read again.
#[derive(Debug)]
pub struct LineFile {
    file: PathBuf,
    known: HashMap<String, (KnownLine, u64)>,
    /// Counts what is used, so that the oldest can be told.
    clock: u64,
    is_changed: bool,
}

impl LineFile {
    /// Opens the memory in a file; one that is missing or damaged knows nothing.
    pub fn open(file: impl Into<PathBuf>) -> Self {
        let file = file.into();
        let mut known = HashMap::new();
        let mut clock = 0;
        let text = fs::read_to_string(&file).unwrap_or_default();
        for (key, line) in text.lines().filter_map(parse) {
            clock += 1;
            known.insert(key, (line, clock));
        }
        Self { file, known, clock, is_changed: false }
    }

    /// Reads a screen with the memory in a file: what was read before is not read again. Another
    /// recogniser than the one that is built in may be named.
    pub fn read_screen(
        file: impl Into<PathBuf>,
        frame: &Frame,
        quality: Quality,
        recogniser: Option<&Path>,
    ) -> Result<Reading, Error> {
        let mut lines = Self::open(file);
        let reading = screen::read_by(frame, quality, recogniser, &mut lines)?;
        if let Err(error) = lines.save() {
            // The next reading is slower, no more.
            tracing::debug!(%error, "cannot keep the lines that were read");
        }
        Ok(reading)
    }

    /// Writes what was learnt: whole or not at all.
    pub fn save(&self) -> io::Result<()> {
        if !self.is_changed {
            return Ok(());
        }
        let folder = self.file.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        // What others learnt meanwhile stays.
        let mut all = Self::open(&self.file).known;
        for (key, (line, used)) in &self.known {
            all.insert(key.clone(), (line.clone(), used.saturating_add(u64::from(u32::MAX))));
        }
        let mut lines: Vec<_> = all.into_iter().collect();
        lines.sort_by_key(|(_, (_, used))| *used);
        let surplus = lines.len().saturating_sub(MOST);
        let text: String =
            lines.iter().skip(surplus).map(|(key, (line, _))| format(key, line)).collect();
        let beside = NamedTempFile::new_in(folder)?;
        fs::write(beside.path(), text)?;
        beside.persist(&self.file).map_err(|error| error.error)?;
        Ok(())
    }
}

impl LineMemory for LineFile {
    fn recall(&mut self, key: &str) -> Option<KnownLine> {
        self.clock += 1;
        let (line, used) = self.known.get_mut(key)?;
        *used = self.clock;
        Some(line.clone())
    }

    fn keep(&mut self, key: &str, line: &KnownLine) {
        self.clock += 1;
        self.is_changed = true;
        self.known.insert(key.to_owned(), (line.clone(), self.clock));
    }
}

fn format(key: &str, line: &KnownLine) -> String {
    let list = |numbers: &[u16]| {
        let numbers: Vec<String> = numbers.iter().map(u16::to_string).collect();
        numbers.join(",")
    };
    let text = line.text.replace(['\t', '\n', '\r'], " ");
    format!("{key}\t{}\t{}\t{text}\n", list(&line.places), list(&line.confidence))
}

fn parse(row: &str) -> Option<(String, KnownLine)> {
    let parts: Vec<&str> = row.splitn(4, '\t').collect();
    let [key, places, confidence, text] = parts.as_slice() else { return None };
    let list = |text: &str| -> Option<Vec<u16>> {
        let numbers = text.split(',').filter(|it| !it.is_empty());
        numbers.map(|it| it.parse::<u16>().ok()).collect()
    };
    let line = KnownLine {
        text: (*text).to_owned(),
        places: list(places)?,
        confidence: list(confidence)?,
    };
    let count = line.text.chars().count();
    let is_whole = line.places.len() == count && line.confidence.len() == count;
    is_whole.then(|| ((*key).to_owned(), line))
}

#[cfg(test)]
mod tests {
    use super::{LineFile, MOST};
    use crate::screen::{KnownLine, LineMemory};

    fn line(text: &str) -> KnownLine {
        let count = text.chars().count();
        KnownLine { text: text.to_owned(), places: vec![7; count], confidence: vec![999; count] }
    }

    #[test]
    fn what_two_processes_learn_is_known_to_the_third() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state/lines");
        let (mut one, mut other) = (LineFile::open(&file), LineFile::open(&file));
        one.keep("a", &line("Größe: 12 %"));
        other.keep("b", &line(""));
        one.save().unwrap();
        other.save().unwrap();
        let mut third = LineFile::open(&file);
        assert_eq!(third.recall("a"), Some(line("Größe: 12 %")));
        assert_eq!(third.recall("b"), Some(line("")));
        assert_eq!(third.recall("c"), None);
    }

    #[test]
    fn the_oldest_lines_make_room_and_damage_does_no_harm() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("lines");
        let mut memory = LineFile::open(&file);
        for number in 0..MOST + 10 {
            memory.keep(&number.to_string(), &line("x"));
        }
        memory.save().unwrap();
        let mut memory = LineFile::open(&file);
        assert_eq!(memory.recall("9"), None);
        assert!(memory.recall("10").is_some());
        std::fs::write(&file, "a\t1,2\t3\tab\nb\tx\ty\n\0\nc\t1\t2\tz\n").unwrap();
        let mut memory = LineFile::open(&file);
        assert_eq!((memory.recall("a"), memory.recall("b")), (None, None));
        assert_eq!(memory.recall("c").unwrap().text, "z");
    }
}
