use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::SystemTime;

use rusqlite::Connection;
use rusqlite::Transaction;
use rusqlite::TransactionBehavior;

use super::aside::set_aside;
use super::connect::Unusable;
use super::connect::connect;
use super::connect::make;
use super::fault::Fault;
use super::gate::Gate;
use crate::error;
use crate::error::Error;

/// How long a call waits for another process's write.
pub const PATIENCE: Duration = Duration::from_secs(10);

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
    world: String,
}

/// A store that was opened, and what should be said about it.
#[derive(Debug)]
pub struct Opened {
    /// The store.
    pub store: Store,
    /// One line for the person, if a damaged file was set aside.
    pub warning: Option<String>,
}

impl Store {
    /// Opens the store at this path; begins one if there is none, sets a damaged one aside.
    ///
    /// Opening an existing store costs one read. Only making, migrating and setting aside are
    /// serialized between processes, by a lock file beside the store.
    pub fn open(path: &Path, now: SystemTime) -> Result<Opened, Error> {
        if let Some(folder) = path.parent() {
            let what = format!("make the folder `{}`", folder.display());
            let hint = "make it yourself, or set VM_CLI_HOME to another folder";
            fs::create_dir_all(folder).map_err(|e| error::making(what, e).hint(hint))?;
        }
        let gate = Gate::of(path);
        let passing = gate.pass()?;
        match connect(path) {
            Ok(connection) => return Ok(Self::over(path, connection, None)),
            Err(Unusable::Failed(fault)) => return Err(fault.at(path)),
            Err(Unusable::NeedsMigration | Unusable::Damaged(_)) => drop(passing),
        }
        let _alone = gate.close()?;
        // Another process may have done it meanwhile: what is true now counts.
        let warning = match connect(path) {
            Ok(connection) => return Ok(Self::over(path, connection, None)),
            Err(Unusable::Failed(fault)) => return Err(fault.at(path)),
            Err(Unusable::NeedsMigration) => None,
            Err(Unusable::Damaged(why)) => Some(set_aside(path, &why, now)?),
        };
        let connection = make(path).map_err(|e| Fault::Sql(e).at(path))?;
        Ok(Self::over(path, connection, warning))
    }

    fn over(path: &Path, connection: Connection, warning: Option<String>) -> Opened {
        let store = Self {
            path: path.to_owned(),
            connection: Mutex::new(connection),
            world: String::new(),
        };
        Opened { store, warning }
    }

    /// Narrows what is read and written of VMs to one hypervisor with its own register of VMs.
    pub fn of_world(self, world: impl Into<String>) -> Self {
        Self { world: world.into(), ..self }
    }

    /// Returns the world; without one, the VMs of all are read.
    pub(super) fn world(&self) -> &str {
        &self.world
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
