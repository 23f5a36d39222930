//! What the store does for itself: old records go, at most once a day.

use std::time::Duration;
use std::time::SystemTime;

use rusqlite::Connection;
use rusqlite::OptionalExtension as _;
use rusqlite::params;

use super::Store;
use super::columns::millis;
use crate::error::Error;

/// How long it is between two prunings.
const PAUSE: Duration = Duration::from_hours(24);

/// The mark of the last pruning.
const PRUNED: &str = "pruned";

/// How much was forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pruned {
    /// Tasks.
    pub tasks: usize,
    /// Lines of the audit trail.
    pub audit: usize,
    /// Samples of metrics.
    pub samples: usize,
}

impl Store {
    /// Forgets the records that are older than this; `None` if that was done within a day.
    pub fn prune_daily(&self, now: SystemTime, keep: Duration) -> Result<Option<Pruned>, Error> {
        let is_due = |last: Option<i64>| {
            // A mark from the future is from a clock that was wrong.
            let last = last.filter(|last| *last <= millis(now));
            last.is_none_or(|last| now.checked_sub(PAUSE).is_some_and(|day| last <= millis(day)))
        };
        if !is_due(self.read(|sql| Ok(mark(sql)?))?) {
            return Ok(None);
        }
        let Some(before) = now.checked_sub(keep) else { return Ok(None) };
        self.write(|sql| {
            // Another process may have been first.
            if !is_due(mark(sql)?) {
                return Ok(None);
            }
            sql.execute(
                "REPLACE INTO marks (name, at) VALUES (?1, ?2)",
                params![PRUNED, millis(now)],
            )?;
            let before = [millis(before)];
            sql.execute("DELETE FROM work WHERE ended_at < ?1", before)?;
            Ok(Some(Pruned {
                tasks: sql.execute("DELETE FROM tasks WHERE ended_at < ?1", before)?,
                audit: sql.execute("DELETE FROM audit WHERE at < ?1", before)?,
                samples: sql.execute("DELETE FROM samples WHERE at < ?1", before)?,
            }))
        })
    }
}

fn mark(sql: &Connection) -> rusqlite::Result<Option<i64>> {
    let mut query = sql.prepare_cached("SELECT at FROM marks WHERE name = ?1")?;
    query.query_row([PRUNED], |row| row.get(0)).optional()
}
