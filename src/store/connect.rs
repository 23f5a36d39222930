use std::path::Path;

use rusqlite::Connection;

use super::PATIENCE;
use super::fault;
use super::fault::Fault;
use super::schema;

/// Why a file cannot be used as it is.
pub(super) enum Unusable {
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

/// Opens a file that is up to date.
pub(super) fn connect(path: &Path) -> Result<Connection, Unusable> {
    let connection = Connection::open(path)?;
    configure(&connection)?;
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

/// Makes or migrates a file; only while no other process does.
pub(super) fn make(path: &Path) -> rusqlite::Result<Connection> {
    let mut connection = Connection::open(path)?;
    configure(&connection)?;
    // Written into the file for good, hence only here.
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    schema::migrate(&mut connection)?;
    Ok(connection)
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    // Durable against a crash of ours, not always against one of the host: that is what WAL gives
    // without a flush for every command.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "foreign_keys", true)
}
