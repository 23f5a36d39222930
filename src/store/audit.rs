use std::time::SystemTime;

use rusqlite::Row;
use rusqlite::params;
use serde::{Deserialize, Serialize};

use super::Store;
use super::columns;
use super::columns::millis;
use crate::error::Error;

/// The trail of who changed what.
#[derive(Debug, Clone, Copy)]
pub struct Audit<'a>(pub(super) &'a Store);

/// One line of the trail.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct AuditRecord {
    /// When.
    pub at: SystemTime,
    /// Who, such as a user of the host.
    pub actor: String,
    /// From where: the host, the process, the terminal.
    pub origin: String,
    /// What was asked, such as `start`.
    pub action: String,
    /// Of which VM.
    pub vm: Option<String>,
    /// [`AuditRecord::BEGUN`], [`AuditRecord::OK`], or the code of the error.
    pub outcome: String,
    /// Anything more; secrets are masked before they come here.
    pub detail: String,
}

impl AuditRecord {
    /// The outcome of what has begun and not ended: it is under way, or its process was killed.
    pub const BEGUN: &'static str = "begun";
    /// The outcome of what went well.
    pub const OK: &'static str = "ok";
}

/// A line whose outcome is still to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "the outcome is to be written"]
pub struct AuditLine(i64);

/// Which lines are wanted; everything unsaid matches.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditFilter {
    /// About this VM.
    pub vm: Option<String>,
    /// At this time or later.
    pub since: Option<SystemTime>,
    /// At most so many, the newest.
    pub limit: Option<u32>,
}

impl Store {
    /// Returns the audit trail.
    pub fn audit(&self) -> Audit<'_> {
        Audit(self)
    }
}

impl Audit<'_> {
    /// Adds one line.
    pub fn append(&self, record: &AuditRecord) -> Result<(), Error> {
        self.begin(record).map(drop)
    }

    /// Adds one line whose outcome may change.
    pub fn begin(&self, record: &AuditRecord) -> Result<AuditLine, Error> {
        self.0.write(|sql| {
            sql.execute(
                "INSERT INTO audit (at, actor, action, vm, outcome, detail, origin)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    millis(record.at),
                    record.actor,
                    record.action,
                    record.vm,
                    record.outcome,
                    record.detail,
                    record.origin,
                ],
            )?;
            Ok(AuditLine(sql.last_insert_rowid()))
        })
    }

    /// Writes the outcome of a line.
    pub fn end(&self, line: AuditLine, outcome: &str) -> Result<(), Error> {
        self.0.write(|sql| {
            sql.execute("UPDATE audit SET outcome = ?2 WHERE id = ?1", params![line.0, outcome])?;
            Ok(())
        })
    }

    /// Forgets the lines from before this time. Returns how many there were.
    pub fn prune(&self, before: SystemTime) -> Result<usize, Error> {
        self.0.write(|sql| Ok(sql.execute("DELETE FROM audit WHERE at < ?1", [millis(before)])?))
    }

    /// Reads lines, the newest first.
    pub fn list(&self, filter: &AuditFilter) -> Result<Vec<AuditRecord>, Error> {
        self.0.read(|sql| {
            let mut query = sql.prepare_cached(
                "SELECT * FROM audit WHERE (?1 IS NULL OR vm = ?1) AND ?2 <= at
                 ORDER BY at DESC, id DESC LIMIT ?3",
            )?;
            let since = filter.since.map_or(i64::MIN, millis);
            let limit = filter.limit.map_or(-1, i64::from);
            let found = query.query_map(params![filter.vm, since, limit], read)?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<AuditRecord> {
    Ok(AuditRecord {
        at: columns::time(row, "at")?,
        actor: row.get("actor")?,
        origin: row.get("origin")?,
        action: row.get("action")?,
        vm: row.get("vm")?,
        outcome: row.get("outcome")?,
        detail: row.get("detail")?,
    })
}
