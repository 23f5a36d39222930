use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{FILE, private};
use crate::error::{self, Error};

/// Opens the log file for adding. One of an earlier day (UTC) is put aside first under its day, and
/// of those the newest are kept: `keep` files in all, the present one included.
pub(super) fn open(folder: &Path, keep: usize, now: Timestamp) -> Result<File, Error> {
    let path = folder.join(FILE);
    let cannot = |e: io::Error| error::io(format!("write the log file `{}`", path.display()), e);
    private::folder(folder).map_err(cannot)?;
    if let Some(written) = last_written(&path)
        && day(written) != day(now)
    {
        put_aside(folder, &path, &day(written), keep).map_err(cannot)?;
    }
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    private::file(&mut options).open(&path).map_err(cannot)
}

fn last_written(path: &Path) -> Option<Timestamp> {
    let written = fs::metadata(path).ok()?.modified().ok()?;
    Timestamp::try_from(written).ok()
}

fn day(moment: Timestamp) -> String {
    moment.to_zoned(TimeZone::UTC).date().to_string()
}

/// Another process may be doing the same: what is gone already is done.
fn put_aside(folder: &Path, path: &Path, day: &str, keep: usize) -> io::Result<()> {
    let aside = folder.join(format!("{FILE}.{day}"));
    if !aside.exists() {
        done_already(fs::rename(path, &aside))?;
    }
    let mut old: Vec<PathBuf> =
        fs::read_dir(folder)?.flatten().map(|entry| entry.path()).filter(|p| is_old(p)).collect();
    old.sort_unstable();
    let spare = old.len().saturating_sub(keep.saturating_sub(1));
    old.iter().take(spare).try_for_each(|file| done_already(fs::remove_file(file)))
}

fn is_old(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.and_then(|name| name.strip_prefix(FILE)).is_some_and(|rest| rest.starts_with('.'))
}

fn done_already(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;
    use std::path::Path;

    use jiff::{Timestamp, ToSpan};

    use super::open;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("readable").flatten();
        let mut names: Vec<String> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_new_day_begins_a_new_file_and_the_oldest_go() {
        let folder = tempfile::tempdir().expect("a folder");
        let logs = folder.path().join("logs");
        let today = Timestamp::now();
        writeln!(open(&logs, 3, today).expect("opens"), "one").expect("writes");
        writeln!(open(&logs, 3, today).expect("opens"), "two").expect("writes");
        assert_eq!(names(&logs), ["vm_orchestrator.log"]);
        for day in ["2001-01-01", "2001-01-02", "2001-01-03"] {
            fs::write(logs.join(format!("vm_orchestrator.log.{day}")), "old").expect("writes");
        }
        let tomorrow = today.checked_add(24.hours()).expect("tomorrow comes");
        drop(open(&logs, 3, tomorrow).expect("opens"));
        let kept = names(&logs);
        assert_eq!(kept.len(), 3, "{kept:?}");
        assert_eq!(kept[0], "vm_orchestrator.log");
        assert_eq!(kept[1], "vm_orchestrator.log.2001-01-03");
        let aside = fs::read_to_string(logs.join(&kept[2])).expect("readable");
        assert_eq!(aside, "one\ntwo\n");
    }
}
