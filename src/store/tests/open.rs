use std::fs;
use std::path::Path;
use std::path::PathBuf;

use rusqlite::Connection;

use super::at;
use super::task;
use crate::error::ErrorKind;
use crate::store::Store;
use crate::store::TaskFilter;

fn count(store: &Store) -> usize {
    store.tasks().list(&TaskFilter::default()).unwrap().len()
}

/// Makes a store with one task in it, and closes it.
fn used_store(folder: &Path) -> PathBuf {
    let path = folder.join("vm-cli.db");
    let opened = Store::open(&path, at(0)).unwrap();
    opened.store.tasks().record(&task(1, at(0))).unwrap();
    path
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// Opens what cannot be used, and expects a fresh store, a warning with this reason, and the old
/// file still there.
fn check_set_aside(path: &Path, why: &str) {
    let opened = Store::open(path, at(0)).unwrap();
    let warning = opened.warning.unwrap();
    assert!(warning.contains(why), "{warning}");
    assert!(warning.contains("vm-cli.db.damaged-20231114T221320.000Z"), "{warning}");
    assert_eq!(count(&opened.store), 0);
    opened.store.tasks().record(&task(2, at(1))).unwrap();
    drop(opened.store);
    let aside = path.with_file_name("vm-cli.db.damaged-20231114T221320.000Z");
    assert!(aside.exists(), "{:?}", names(path.parent().unwrap()));
    let again = Store::open(path, at(1)).unwrap();
    assert_eq!((again.warning, count(&again.store)), (None, 1));
}

#[test]
fn a_store_keeps_what_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = used_store(&folder.path().join("made/on demand"));
    let opened = Store::open(&path, at(0)).unwrap();
    assert_eq!((opened.warning, count(&opened.store)), (None, 1));
}

#[test]
fn it_is_in_wal_mode_with_a_busy_timeout() {
    let folder = tempfile::tempdir().unwrap();
    let path = used_store(folder.path());
    let store = Store::open(&path, at(0)).unwrap().store;
    let (mode, wait, sync): (String, i64, i64) = store
        .read(|sql| {
            Ok((
                sql.pragma_query_value(None, "journal_mode", |row| row.get(0))?,
                sql.pragma_query_value(None, "busy_timeout", |row| row.get(0))?,
                sql.pragma_query_value(None, "synchronous", |row| row.get(0))?,
            ))
        })
        .unwrap();
    assert_eq!((mode.as_str(), wait, sync), ("wal", 10_000, 1));
}

#[test]
fn a_file_that_is_no_database_is_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vm-cli.db");
    fs::write(&path, "once upon a time ".repeat(500)).unwrap();
    check_set_aside(&path, "not a database");
}

#[test]
fn a_truncated_file_is_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let path = used_store(folder.path());
    let whole = fs::metadata(&path).unwrap().len();
    fs::File::options().write(true).open(&path).unwrap().set_len(whole / 2).unwrap();
    check_set_aside(&path, "malformed");
}

#[test]
fn a_newer_versions_file_is_set_aside_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = used_store(folder.path());
    let newer = Connection::open(&path).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    check_set_aside(&path, "a newer vm-cli made it (version 99)");
    let aside = folder.path().join("vm-cli.db.damaged-20231114T221320.000Z");
    let kept = Connection::open(aside).unwrap();
    let tasks: i64 = kept.query_row("SELECT count(*) FROM tasks", [], |row| row.get(0)).unwrap();
    assert_eq!(tasks, 1);
}

#[test]
fn another_programs_database_is_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vm-cli.db");
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE songs (title)").unwrap();
    check_set_aside(&path, "another program made it");
}

#[test]
fn an_empty_file_becomes_a_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vm-cli.db");
    fs::write(&path, "").unwrap();
    assert_eq!(Store::open(&path, at(0)).unwrap().warning, None);
}

#[test]
fn a_folder_in_its_place_is_an_error_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vm-cli.db");
    fs::create_dir(&path).unwrap();
    let error = Store::open(&path, at(0)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.message().contains("vm-cli.db"), "{error}");
    assert!(error.next_step().unwrap().contains("VM_CLI_HOME"));
}

#[test]
fn damage_found_later_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = used_store(folder.path());
    let store = Store::open(&path, at(0)).unwrap().store;
    let mut bytes = fs::read(&path).unwrap();
    bytes[4096..].fill(0xA5);
    fs::write(&path, bytes).unwrap();
    let error = store.tasks().list(&TaskFilter::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.next_step().unwrap().contains("move"), "{error:?}");
}
