use std::fmt;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use jiff::Timestamp;
use serde::Deserialize;
use serde::Serialize;

/// Who holds a lock, since when, doing what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The process.
    pub pid: u32,
    /// What it does, such as `vm-cli start web`; without secrets.
    pub command: String,
    /// Since when.
    pub since: SystemTime,
}

/// A [`Holder`] as JSON.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HolderText {
    pid: u32,
    command: String,
    since: String,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {} (`{}`, since {})", self.pid, self.command, rfc3339(self.since))
    }
}

impl Holder {
    /// Leaves a note of who holds the lock. Failing to is no failure of the lock.
    pub(super) fn write(&self, note: &Path) {
        let text =
            HolderText { pid: self.pid, command: self.command.clone(), since: rfc3339(self.since) };
        if let Ok(text) = serde_json::to_vec(&text) {
            drop(fs::write(note, text));
        }
    }

    /// Reads the note; `None` if there is none, or it is being written.
    pub(super) fn read(note: &Path) -> Option<Self> {
        let text: HolderText = serde_json::from_slice(&fs::read(note).ok()?).ok()?;
        let since: Timestamp = text.since.parse().ok()?;
        Some(Self { pid: text.pid, command: text.command, since: since.into() })
    }

    /// Takes the note away.
    pub(super) fn erase(note: &Path) {
        drop(fs::remove_file(note));
    }
}

fn rfc3339(at: SystemTime) -> String {
    Timestamp::try_from(at).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;
    use std::time::UNIX_EPOCH;

    use super::Holder;

    #[test]
    fn a_note_reads_back_and_rubbish_is_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let note = folder.path().join("registry.holder");
        let since = UNIX_EPOCH + Duration::from_millis(1_700_000_000_123);
        let holder = Holder { pid: 7, command: "vm-cli create \"web\"".into(), since };
        assert_eq!(Holder::read(&note), None);
        holder.write(&note);
        assert_eq!(Holder::read(&note), Some(holder));
        std::fs::write(&note, "{\"pid\":").unwrap();
        assert_eq!(Holder::read(&note), None);
    }
}
