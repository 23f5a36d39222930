use std::fs;
use std::fs::File;
use std::fs::TryLockError;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::Instant;
use std::time::SystemTime;

use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::Transaction;
use rusqlite::TransactionBehavior;

use super::fault;
use super::fault::Fault;
use super::schema;
use crate::error;
use crate::error::Error;
use crate::error::ErrorKind;

/// How long a call waits for another process's write.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Windows renames no file that a process has open, and others may just be looking at it: they stop
/// within a moment, since they then wait for the lock.
const RENAME_TRIES: u32 = if cfg!(windows) { 400 } else { 1 };

/// The records of one user, in one SQLite file that many processes share.
///
/// ```
/// use std::time::SystemTime;
/// use vm_cli::store::Store;
///
/// # let folder = tempfile::tempdir().unwrap();
/// # let now = SystemTime::UNIX_EPOCH;
/// let opened = Store::open(&folder.path().join("vm-cli.db"), now)?;
/// assert_eq!(opened.warning, None);
/// assert_eq!(opened.store.vms().list()?, []);
/// # Ok::<(), vm_cli::error::Error>(())
/// ```
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    connection: Mutex<Connection>,
}

/// A store that was opened, and what should be said about it.
#[derive(Debug)]
pub struct Opened {
    /// The store.
    pub store: Store,
    /// One line for the person, if a damaged file was set aside.
    pub warning: Option<String>,
}

/// Why a file cannot be used as it is.
enum Unusable {
    /// There is nothing in it yet, or an older version's tables.
    NeedsMigration,
    /// It is not ours, or no longer whole: the reason as a clause.
    Damaged(String),
    /// Anything else.
    Failed(Fault),
}

impl From<rusqlite::Error> for Unusable {
    fn from(error: rusqlite::Error) -> Self {
        if fault::is_damage(&error) {
            return Self::Damaged(format!("it is damaged ({error})"));
        }
        Self::Failed(Fault::Sql(error))
    }
}

impl Store {
    /// Opens the store at this path; begins one if there is none, sets a damaged one aside.
    ///
    /// Opening an existing store costs one read. Only making, migrating and setting aside are
    /// serialized between processes, by a lock file beside the store.
    pub fn open(path: &Path, now: SystemTime) -> Result<Opened, Error> {
        match connect(path) {
            Ok(connection) => Ok(Opened { store: Self::over(path, connection), warning: None }),
            Err(Unusable::Failed(fault)) if path.exists() => Err(fault.at(path)),
            Err(Unusable::NeedsMigration | Unusable::Damaged(_) | Unusable::Failed(_)) => {
                prepare(path, now)
            }
        }
    }

    fn over(path: &Path, connection: Connection) -> Self {
        Self { path: path.to_owned(), connection: Mutex::new(connection) }
    }

    /// Reads, as of one moment if it is one statement.
    pub(super) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, Fault>,
    ) -> Result<T, Error> {
        work(&self.connection()).map_err(|fault| fault.at(&self.path))
    }

    /// Does everything or nothing, alone: no other process writes between its reads and writes.
    pub(super) fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>,
    ) -> Result<T, Error> {
        let mut connection = self.connection();
        write(&mut connection, work).map_err(|fault| fault.at(&self.path))
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // A panic in the middle of a transaction has rolled it back: the connection is sound.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn write<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    // IMMEDIATE, because a transaction that begins by reading cannot wait when it comes to write.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let value = work(&transaction)?;
    transaction.commit()?;
    Ok(value)
}

/// Opens a file that is up to date.
fn connect(path: &Path) -> Result<Connection, Unusable> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(PATIENCE)?;
    // Durable against a crash of ours, not always against one of the host: that is what WAL gives
    // without a flush for every command.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    let version = schema::version(&connection)?;
    if version == schema::newest_version() {
        return Ok(connection);
    }
    if !(0..schema::newest_version()).contains(&version) {
        return Err(Unusable::Damaged(format!("a newer vm-cli made it (version {version})")));
    }
    if version == 0 && schema::has_tables(&connection)? {
        return Err(Unusable::Damaged("another program made it".to_owned()));
    }
    Err(Unusable::NeedsMigration)
}

/// Makes, migrates or replaces a file, one process at a time.
fn prepare(path: &Path, now: SystemTime) -> Result<Opened, Error> {
    if let Some(folder) = path.parent() {
        let what = format!("make the folder `{}`", folder.display());
        let hint = "make it yourself, or set VM_CLI_HOME to another folder";
        fs::create_dir_all(folder).map_err(|e| error::io(what, e).hint(hint))?;
    }
    let _alone = alone(&beside(path, ".lock"))?;
    // Another process may have done it meanwhile: what is true now counts.
    let warning = match connect(path) {
        Ok(connection) => {
            return Ok(Opened { store: Store::over(path, connection), warning: None });
        }
        Err(Unusable::NeedsMigration) => None,
        Err(Unusable::Damaged(why)) => Some(set_aside(path, &why, now)?),
        Err(Unusable::Failed(fault)) => return Err(fault.at(path)),
    };
    let connection = make(path).map_err(|e| Fault::Sql(e).at(path))?;
    Ok(Opened { store: Store::over(path, connection), warning })
}

fn make(path: &Path) -> rusqlite::Result<Connection> {
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(PATIENCE)?;
    // Written into the file for good, hence only here.
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    schema::migrate(&mut connection)?;
    Ok(connection)
}

/// Renames a file and what belongs to it, and says so.
fn set_aside(path: &Path, why: &str, now: SystemTime) -> Result<String, Error> {
    let at = Timestamp::try_from(now).unwrap_or(Timestamp::UNIX_EPOCH);
    let aside = beside(path, &format!(".damaged-{}", at.strftime("%Y%m%dT%H%M%S.%3fZ")));
    // First what belongs to it: a write-ahead log left behind would be taken for the new file's.
    for suffix in ["-wal", "-shm"] {
        let companion = beside(path, suffix);
        if companion.exists() {
            move_file(&companion, &beside(&aside, suffix))?;
        }
    }
    move_file(path, &aside)?;
    Ok(format!(
        "the store `{}` cannot be used: {why}; it is now `{}`, and a new one was begun that knows \
         nothing of earlier tasks, port leases and VMs in the making",
        path.display(),
        aside.display(),
    ))
}

fn move_file(from: &Path, to: &Path) -> Result<(), Error> {
    let mut tries = RENAME_TRIES;
    loop {
        tries -= 1;
        match fs::rename(from, to) {
            Ok(()) => return Ok(()),
            Err(e) if tries == 0 => {
                return Err(error::io(format!("set the store `{}` aside", from.display()), e)
                    .hint("end every other vm-cli and try again, or move the file away yourself"));
            }
            Err(_) => pause(),
        }
    }
}

/// Takes the lock under which a file is made; released when it is dropped.
fn alone(path: &Path) -> Result<File, Error> {
    let what = || format!("open `{}`", path.display());
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(|e| error::io(what(), e))?;
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(e)) => return Err(error::io(what(), e)),
            Err(TryLockError::WouldBlock) if PATIENCE < begun.elapsed() => {
                let why =
                    format!("another vm-cli has been preparing `{}` for too long", path.display());
                return Err(Error::new(ErrorKind::FileBusy, why).hint("end that process"));
            }
            Err(TryLockError::WouldBlock) => pause(),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a lock has no bounded wait; this is its poll")]
fn pause() {
    std::thread::sleep(Duration::from_millis(5));
}

/// Returns the path with this added to the file's name.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
