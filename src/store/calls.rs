use std::time::SystemTime;

use rusqlite::Row;
use rusqlite::params;

use super::Owner;
use super::Store;
use super::columns;
use super::columns::millis;
use crate::error::Error;
use crate::model::Priority;
use crate::model::TaskId;

/// Calls that a server has queued and that have not ended, so that a server that is killed loses
/// none of them.
#[derive(Debug, Clone, Copy)]
pub struct Calls<'a>(pub(super) &'a Store);

/// A queued call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRecord {
    /// Its task.
    pub id: TaskId,
    /// The method.
    pub method: String,
    /// Its arguments: JSON; `None` if they are not written down.
    pub arguments: Option<String>,
    /// The VM that it is about, as it was named.
    pub vm: Option<String>,
    /// How soon it is wanted.
    pub priority: Priority,
    /// Who submitted it.
    pub actor: String,
    /// When.
    pub queued_at: SystemTime,
    /// How far it is.
    pub progress: CallProgress,
    /// The process that has it.
    pub owner: Owner,
}

/// How far a queued call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallProgress {
    /// It waits for its turn.
    Queued,
    /// It has begun.
    Begun,
}

const PROGRESS: [(&str, CallProgress); 2] =
    [("queued", CallProgress::Queued), ("begun", CallProgress::Begun)];

impl Store {
    /// Returns the queued calls.
    pub fn calls(&self) -> Calls<'_> {
        Calls(self)
    }
}

impl Calls<'_> {
    /// Notes a call that was queued.
    pub fn note(&self, call: &CallRecord) -> Result<(), Error> {
        self.0.write(|sql| {
            sql.execute(
                "REPLACE INTO calls (id, method, arguments, vm, priority, actor, queued_at,
                     progress, owner_pid, owner_started)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'queued', ?8, ?9)",
                params![
                    call.id.to_string(),
                    call.method,
                    call.arguments,
                    call.vm,
                    call.priority.to_string(),
                    call.actor,
                    millis(call.queued_at),
                    call.owner.pid,
                    millis(call.owner.started),
                ],
            )?;
            Ok(())
        })
    }

    /// Notes that a call has begun.
    pub fn begin(&self, id: TaskId) -> Result<(), Error> {
        self.0.write(|sql| {
            sql.execute("UPDATE calls SET progress = 'begun' WHERE id = ?1", [id.to_string()])?;
            Ok(())
        })
    }

    /// Forgets a call that has ended.
    pub fn end(&self, id: TaskId) -> Result<(), Error> {
        self.0.write(|sql| {
            sql.execute("DELETE FROM calls WHERE id = ?1", [id.to_string()])?;
            Ok(())
        })
    }

    /// Takes over the calls whose process is gone, the oldest first. Only one process gets each.
    pub fn take_orphans(
        &self,
        heir: Owner,
        is_alive: impl Fn(&Owner) -> bool,
    ) -> Result<Vec<CallRecord>, Error> {
        self.0.write(|sql| {
            let mut orphans: Vec<CallRecord> = sql
                .prepare_cached("SELECT * FROM calls ORDER BY queued_at, id")?
                .query_map([], read)?
                .collect::<rusqlite::Result<_>>()?;
            orphans.retain(|it| !is_alive(&it.owner));
            for orphan in &orphans {
                sql.execute(
                    "UPDATE calls SET owner_pid = ?2, owner_started = ?3 WHERE id = ?1",
                    params![orphan.id.to_string(), heir.pid, millis(heir.started)],
                )?;
            }
            Ok(orphans)
        })
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<CallRecord> {
    Ok(CallRecord {
        id: columns::parsed(row, "id")?,
        method: row.get("method")?,
        arguments: row.get("arguments")?,
        vm: row.get("vm")?,
        priority: columns::parsed(row, "priority")?,
        actor: row.get("actor")?,
        queued_at: columns::time(row, "queued_at")?,
        progress: columns::one_of(row, "progress", &PROGRESS)?,
        owner: Owner { pid: row.get("owner_pid")?, started: columns::time(row, "owner_started")? },
    })
}
