use rusqlite::Connection;
use rusqlite::Transaction;
use rusqlite::TransactionBehavior;

/// One step a version, never changed once released: a new version adds a step.
///
/// Steps only add, so that an older process that has the file open goes on working.
const STEPS: &[&str] = &[
    "
    CREATE TABLE tasks (
        id TEXT PRIMARY KEY,
        type TEXT NOT NULL,
        vm TEXT,
        priority TEXT NOT NULL,
        state TEXT NOT NULL,
        queued_at INTEGER NOT NULL,
        started_at INTEGER,
        ended_at INTEGER,
        attempts INTEGER NOT NULL,
        waited_ms INTEGER NOT NULL,
        first_error_code TEXT,
        first_error_message TEXT,
        result TEXT,
        owner_pid INTEGER NOT NULL,
        owner_started INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX tasks_by_time ON tasks (queued_at);
    CREATE INDEX tasks_open ON tasks (state) WHERE ended_at IS NULL;

    CREATE TABLE attempts (
        task TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        error_code TEXT NOT NULL,
        message TEXT NOT NULL,
        waited_ms INTEGER NOT NULL,
        PRIMARY KEY (task, number)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE audit (
        id INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        actor TEXT NOT NULL,
        action TEXT NOT NULL,
        vm TEXT,
        outcome TEXT NOT NULL,
        detail TEXT NOT NULL
    ) STRICT;
    CREATE INDEX audit_by_time ON audit (at);

    CREATE TABLE leases (
        address TEXT NOT NULL,
        port INTEGER NOT NULL,
        kind TEXT NOT NULL,
        vm TEXT NOT NULL,
        rule TEXT NOT NULL,
        since INTEGER NOT NULL,
        PRIMARY KEY (address, port),
        UNIQUE (vm, rule)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE vms (
        uuid TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        folder TEXT,
        phase TEXT NOT NULL,
        phase_since INTEGER NOT NULL,
        created_at INTEGER
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE samples (
        name TEXT NOT NULL,
        at INTEGER NOT NULL,
        value REAL NOT NULL
    ) STRICT;
    CREATE INDEX samples_by_name ON samples (name, at);

    CREATE TABLE screens (
        vm TEXT PRIMARY KEY,
        hash TEXT NOT NULL,
        file TEXT,
        picture BLOB,
        at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
",
    "
    -- A world is one hypervisor with its own register of VMs; '' is from before worlds were told
    -- apart, and belongs to every one.
    ALTER TABLE vms ADD COLUMN world TEXT NOT NULL DEFAULT '';
    ALTER TABLE vms ADD COLUMN vm_group TEXT;
    ALTER TABLE vms ADD COLUMN owner_pid INTEGER;
    ALTER TABLE vms ADD COLUMN owner_started INTEGER;
    ALTER TABLE leases ADD COLUMN world TEXT NOT NULL DEFAULT '';
    ALTER TABLE screens ADD COLUMN world TEXT NOT NULL DEFAULT '';
    ALTER TABLE audit ADD COLUMN origin TEXT NOT NULL DEFAULT '';

    CREATE TABLE marks (
        name TEXT PRIMARY KEY,
        at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
",
    "
    CREATE TABLE places (
        vm TEXT PRIMARY KEY,
        world TEXT NOT NULL,
        memory_mib INTEGER NOT NULL,
        owner_pid INTEGER NOT NULL,
        owner_started INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
",
    "
    ALTER TABLE tasks ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
",
    "
    CREATE TABLE tokens (
        name TEXT PRIMARY KEY,
        hash TEXT NOT NULL,
        scopes TEXT NOT NULL,
        vms TEXT NOT NULL,
        created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE agents (
        name TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        capabilities TEXT NOT NULL,
        seen_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE vm_leases (
        vm TEXT PRIMARY KEY,
        holder TEXT NOT NULL,
        until INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE shared (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL,
        version INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
",
    "
    CREATE TABLE templates (
        world TEXT NOT NULL,
        name TEXT NOT NULL,
        vm TEXT NOT NULL UNIQUE,
        snapshot TEXT,
        os TEXT NOT NULL,
        renewal TEXT NOT NULL,
        saved_at INTEGER NOT NULL,
        owner_pid INTEGER,
        owner_started INTEGER,
        PRIMARY KEY (world, name)
    ) STRICT, WITHOUT ROWID;
",
    "
    ALTER TABLE vm_leases ADD COLUMN owner_pid INTEGER;
    ALTER TABLE vm_leases ADD COLUMN owner_started INTEGER;

    CREATE TABLE work (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        content TEXT NOT NULL,
        needs TEXT NOT NULL,
        priority TEXT NOT NULL,
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        most_attempts INTEGER NOT NULL,
        holder TEXT,
        until INTEGER,
        offered_by TEXT NOT NULL,
        offered_at INTEGER NOT NULL,
        not_before INTEGER NOT NULL,
        ended_at INTEGER,
        result TEXT
    ) STRICT;
    CREATE INDEX work_open ON work (state) WHERE ended_at IS NULL;

    CREATE TABLE calls (
        id TEXT PRIMARY KEY,
        method TEXT NOT NULL,
        arguments TEXT,
        vm TEXT,
        priority TEXT NOT NULL,
        actor TEXT NOT NULL,
        queued_at INTEGER NOT NULL,
        progress TEXT NOT NULL,
        owner_pid INTEGER NOT NULL,
        owner_started INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
",
];

/// The version that a file has after every step.
pub(super) fn newest_version() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

/// Reads the version of a file; 0 is an empty one.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Returns whether a file holds tables.
pub(super) fn has_tables(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| row.get(0))
}

/// Brings a file to the newest version, all steps or none.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = Transaction::new(connection, TransactionBehavior::Immediate)?;
    let done = usize::try_from(version(&transaction)?).unwrap_or(0);
    for step in STEPS.iter().skip(done) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", newest_version())?;
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{has_tables, migrate, newest_version, version};

    #[test]
    fn migrating_twice_changes_nothing_more() {
        let mut connection = Connection::open_in_memory().unwrap();
        assert_eq!((version(&connection).unwrap(), has_tables(&connection).unwrap()), (0, false));
        migrate(&mut connection).unwrap();
        migrate(&mut connection).unwrap();
        assert_eq!(version(&connection).unwrap(), newest_version());
        assert!(has_tables(&connection).unwrap());
    }
}
