//! What a `VBox.log` tells of a VM that came to harm. Its lines are in English in every language.

use std::collections::VecDeque;

use crate::hypervisor::{Heartbeat, Traces};
use crate::model::{Clue, ClueKind};

/// How many of the last lines are kept.
const LAST_LINES: usize = 5;
/// More clues than this only repeat each other.
const MOST_CLUES: usize = 5;

/// A failure that an object of VirtualBox has noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct NotedError {
    /// Its result code.
    pub(in super::super) code: Option<u32>,
    /// Its text.
    pub(in super::super) text: String,
}

/// Returns the last failure that is noted in a log.
pub(in super::super) fn noted_error(log: &str) -> Option<NotedError> {
    log.lines().rev().find_map(noted)
}

/// Collects what points to the cause of a VM's end.
pub(in super::super) fn traces(log: &str) -> Traces {
    let mut clues: Vec<Clue> = Vec::new();
    let mut last_lines = VecDeque::new();
    let mut is_over = false;
    for line in log.lines() {
        let line = line.trim_end();
        if let Some(clue) = clue(line) {
            clues.retain(|known| known != &clue);
            clues.push(clue);
        }
        if line.chars().filter(|c| c.is_alphabetic()).count() > 3 {
            last_lines.push_back(line.to_owned());
        }
        if LAST_LINES < last_lines.len() {
            last_lines.pop_front();
        }
        // The words of a process that ends by itself.
        is_over |= line.ends_with("VBoxHeadless: exiting")
            || line.contains("Console: Machine state changed to 'PoweredOff'")
            || line.contains("Console: Machine state changed to 'Saved'")
            || line.contains("Console: Machine state changed to 'Aborted'");
    }
    let stuck = clues.iter().any(|clue| clue.kind == ClueKind::GuruMeditation);
    if !last_lines.is_empty() && !is_over && !stuck {
        let message = "its log breaks off: the process was killed, or it crashed".to_owned();
        clues.push(Clue { kind: ClueKind::ProcessEnded, message });
    }
    clues.drain(..clues.len().saturating_sub(MOST_CLUES));
    Traces { clues, last_lines: last_lines.into() }
}

/// Tells whether the guest's heart beats: the last word counts.
pub(in super::super) fn heartbeat(log: &str) -> Heartbeat {
    let word = |line: &str| {
        // Set up when the Guest Additions' driver is loaded, anew after each reset.
        let beats = line.contains("VMMDev: Heartbeat flatline timer set to trigger")
            || line.contains("Guest is alive");
        let stopped = line.contains("Guest seems to be unresponsive");
        match (beats, stopped) {
            (_, true) => Some(Heartbeat::Stopped),
            (true, false) => Some(Heartbeat::Beats),
            (false, false) => None,
        }
    };
    log.lines()
        .rev()
        .filter(|line| line.contains("VMMDev: "))
        .find_map(word)
        .unwrap_or(Heartbeat::None)
}

fn clue(line: &str) -> Option<Clue> {
    let (_, said) = line.split_once(' ')?;
    let said = said.trim();
    if let Some(error) = noted(line) {
        let kind = match () {
            () if is_about_saved_state(&error.text) => ClueKind::SavedState,
            () if is_about_room(&error.text) => ClueKind::DiskFull,
            () => ClueKind::PowerUp,
        };
        return Some(Clue { kind, message: error.text });
    }
    let kind = match () {
        () if said.contains("Guru Meditation ") => ClueKind::GuruMeditation,
        () if said.starts_with("Console: VM runtime error") => {
            if is_about_room(said) {
                ClueKind::DiskFull
            } else {
                ClueKind::Runtime
            }
        }
        () => return None,
    };
    let message = said.trim_start_matches('!').trim().to_owned();
    Some(Clue { kind, message })
}

/// Reads `ERROR [COM]: aRC=NAME (0x80bb0004) aIID={…} aComponent={…} aText={…}, preserve=…`.
fn noted(line: &str) -> Option<NotedError> {
    let (_, rest) = line.split_once("ERROR [COM]: aRC=")?;
    let (code, rest) = rest.split_once(" aIID=")?;
    let (_, digits) = code.rsplit_once("(0x")?;
    let (_, text) = rest.split_once("aText={")?;
    let text = text.rsplit_once("}, preserve=").map_or(text, |(text, _)| text);
    let code = u32::from_str_radix(digits.trim_end_matches(')'), 16).ok();
    Some(NotedError { code, text: text.to_owned() })
}

fn is_about_saved_state(text: &str) -> bool {
    text.contains("saved state file") || text.contains("VERR_SSM_")
}

fn is_about_room(text: &str) -> bool {
    text.contains("VERR_DISK_FULL") || text.contains("DISKFULL")
}

#[cfg(test)]
#[path = "traces_tests.rs"]
mod tests;
