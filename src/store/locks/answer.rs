use std::fs;
use std::fs::File;
use std::io;
use std::io::Seek as _;
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
        let bytes = fs::read(self.path(key, "answer")).ok()?;
        let (head, body) = bytes.split_at_checked(HEAD)?;
        let (number, length) = numbers(head)?;
        let body = body.get(..usize::try_from(length).ok()?)?;
        let is_fresh = number > ticket.begun && ticket.key == *key;
        is_fresh.then(|| String::from_utf8(body.to_vec()).ok()).flatten()
    }

    /// Counts a read that begins now. `None` if it cannot be counted: it cannot be shared then.
    pub fn begin_read(&self, guard: &LockGuard, key: &LockKey) -> Option<SharedRead> {
        let number = self.reads_begun(key).map_or_else(
            || {
                // A killed process left rubbish. All who came before saw more, or that.
                self.forget_answer(guard, key);
                1
            },
            |begun| begun.saturating_add(1),
        );
        // The number twice, the second time with every bit turned: those who come read it without
        // the lock, and must notice when they see half of it.
        private(&self.path(key, "reads"))
            .and_then(|mut file| file.write_all(head(number, !number).as_bytes()))
            .ok()?;
        Some(SharedRead(number))
    }

    /// Leaves what a read found for those who came before it began. Failing to is no failure.
    pub fn publish(&self, _guard: &LockGuard, key: &LockKey, read: &SharedRead, answer: &str) {
        let length = u64::try_from(answer.len()).unwrap_or(u64::MAX);
        // The number last, so that what a killed process leaves half written has none.
        let write = |mut file: File| {
            file.write_all(head(0, 0).as_bytes())?;
            file.write_all(answer.as_bytes())?;
            file.rewind()?;
            file.write_all(head(read.0, length).as_bytes())
        };
        drop(private(&self.path(key, "answer")).and_then(write));
    }

    /// Takes the last answer away: what it tells is about to change.
    pub fn forget_answer(&self, _guard: &LockGuard, key: &LockKey) {
        drop(fs::remove_file(self.path(key, "answer")));
    }

    /// Returns how many reads have begun; `None` if that cannot be told at this moment.
    fn reads_begun(&self, key: &LockKey) -> Option<u64> {
        match fs::read(self.path(key, "reads")) {
            Ok(text) => {
                let (number, turned) = numbers(&text)?;
                (number == !turned).then_some(number)
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => Some(0),
            Err(_) => None,
        }
    }
}

/// How long two numbers are in a file.
const HEAD: usize = 34;

fn head(first: u64, second: u64) -> String {
    format!("{first:016x} {second:016x}\n")
}

fn numbers(head: &[u8]) -> Option<(u64, u64)> {
    let (first, second) = std::str::from_utf8(head).ok()?.strip_suffix('\n')?.split_once(' ')?;
    Some((u64::from_str_radix(first, 16).ok()?, u64::from_str_radix(second, 16).ok()?))
}

/// Opens a file that only its owner may read: descriptions of VMs may hold anything. It is written
/// over, not emptied first: some file systems write an emptied file to the disk when it is closed,
/// which takes longer than all else here.
fn private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
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
        let unnumbered = [b"0000000000000000 0000000000000000\n", &whole[34..]].concat();
        fs::write(&file, unnumbered).unwrap();
        assert_eq!(locks.answer(&guard, &key(), &before), None);
        fs::write(&file, &whole).unwrap();
        for rubbish in ["", "0000000000000001 0000000000000001\n", "1"] {
            fs::write(locks.path(&key(), "reads"), rubbish).unwrap();
            assert_eq!(locks.answer(&guard, &key(), &locks.ticket(&key())), None);
        }
        let read = locks.begin_read(&guard, &key()).unwrap();
        assert_eq!(locks.answer(&guard, &key(), &before), None, "the count began anew");
        locks.publish(&guard, &key(), &read, "short");
        assert_eq!(locks.answer(&guard, &key(), &before).as_deref(), Some("short"));
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
