use std::fs;
use std::fs::File;
use std::io;
use std::io::Write as _;
use std::path::Path;

use super::LockFolder;
use super::LockGuard;
use super::LockKey;

/// How many reads had begun when somebody came: the answer of a later one is fresh enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    key: LockKey,
    begun: u64,
}

/// A read that has begun, by its number.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "it is of use to others when its answer is published"]
pub struct SharedRead(u64);

impl LockFolder {
    /// Notes how many reads have begun, for somebody who comes now to read.
    pub fn ticket(&self, key: &LockKey) -> Ticket {
        // What cannot be read makes no answer look fresh.
        let begun = self.reads_begun(key).unwrap_or(u64::MAX);
        Ticket { key: key.clone(), begun }
    }

    /// Returns the last answer if its read began after the ticket was taken. The guard is of the
    /// lock of this key, so that no answer is read while it is written.
    pub fn answer(&self, _guard: &LockGuard, key: &LockKey, ticket: &Ticket) -> Option<String> {
        let text = fs::read_to_string(self.path(key, "answer")).ok()?;
        let (head, body) = text.split_once('\n')?;
        let (number, length) = head.split_once(' ')?;
        let is_whole = length.parse() == Ok(body.len());
        let is_fresh = number.parse::<u64>().is_ok_and(|number| number > ticket.begun);
        (is_whole && is_fresh && ticket.key == *key).then(|| body.to_owned())
    }

    /// Counts a read that begins now. `None` if it cannot be counted: it cannot be shared then.
    pub fn begin_read(&self, _guard: &LockGuard, key: &LockKey) -> Option<SharedRead> {
        let number = self.reads_begun(key)?.checked_add(1)?;
        let (count, new) = (self.path(key, "reads"), self.path(key, "reads-new"));
        // As a whole or not at all: those who come read it without the lock.
        private(&new).and_then(|mut file| write!(file, "{number}")).ok()?;
        fs::rename(new, count).ok()?;
        Some(SharedRead(number))
    }

    /// Leaves what a read found for those who came before it began. Failing to is no failure.
    pub fn publish(&self, _guard: &LockGuard, key: &LockKey, read: &SharedRead, answer: &str) {
        let written = private(&self.path(key, "answer"))
            .and_then(|mut file| write!(file, "{} {}\n{answer}", read.0, answer.len()));
        drop(written);
    }

    /// Takes the last answer away: what it tells is about to change.
    pub fn forget_answer(&self, _guard: &LockGuard, key: &LockKey) {
        drop(fs::remove_file(self.path(key, "answer")));
    }

    fn reads_begun(&self, key: &LockKey) -> Option<u64> {
        match fs::read_to_string(self.path(key, "reads")) {
            Ok(text) => text.parse().ok(),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Some(0),
            Err(_) => None,
        }
    }
}

/// Makes a file that only its owner may read: descriptions of VMs may hold anything.
fn private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::UNIX_EPOCH;

    use super::super::{Holder, LockFolder, LockGuard, LockKey, LockMode};

    fn held(locks: &LockFolder) -> LockGuard {
        let me = Holder { pid: 1, command: "vm-cli status web".into(), since: UNIX_EPOCH };
        locks.try_lock(&key(), LockMode::Exclusive, &me).unwrap().unwrap()
    }

    fn key() -> LockKey {
        LockKey::Name("web".into())
    }

    #[test]
    fn only_who_came_before_a_read_began_may_use_its_answer() {
        let folder = tempfile::tempdir().unwrap();
        let locks = LockFolder::new(folder.path());
        let before = locks.ticket(&key());
        let guard = held(&locks);
        let read = locks.begin_read(&guard, &key()).unwrap();
        let meanwhile = locks.ticket(&key());
        locks.publish(&guard, &key(), &read, "state\n\"running\"");
        let after = locks.ticket(&key());
        let answer = |ticket| locks.answer(&guard, &key(), ticket);
        assert_eq!(answer(&before).as_deref(), Some("state\n\"running\""));
        assert_eq!(answer(&meanwhile), None, "the read may have looked before");
        assert_eq!(answer(&after), None);
        let other = LockKey::Name("db".into());
        assert_eq!(locks.answer(&guard, &other, &before), None);
        locks.forget_answer(&guard, &key());
        assert_eq!(answer(&before), None);
    }

    #[test]
    fn what_a_killed_process_left_half_written_is_no_answer() {
        let folder = tempfile::tempdir().unwrap();
        let locks = LockFolder::new(folder.path());
        let before = locks.ticket(&key());
        let guard = held(&locks);
        let read = locks.begin_read(&guard, &key()).unwrap();
        locks.publish(&guard, &key(), &read, "a long answer");
        let file = locks.path(&key(), "answer");
        let whole = fs::read(&file).unwrap();
        for length in 0..whole.len() {
            fs::write(&file, &whole[..length]).unwrap();
            assert_eq!(locks.answer(&guard, &key(), &before), None, "{length} bytes");
        }
        fs::write(locks.path(&key(), "reads"), "rubbish").unwrap();
        fs::write(&file, &whole).unwrap();
        assert_eq!(locks.answer(&guard, &key(), &locks.ticket(&key())), None);
        assert_eq!(locks.begin_read(&guard, &key()), None);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_read_an_answer() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let locks = LockFolder::new(folder.path());
        let guard = held(&locks);
        let read = locks.begin_read(&guard, &key()).unwrap();
        locks.publish(&guard, &key(), &read, "secret");
        let mode = fs::metadata(locks.path(&key(), "answer")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
