use std::time::SystemTime;

use rusqlite::OptionalExtension as _;
use rusqlite::Row;
use rusqlite::Transaction;
use rusqlite::params;

use super::Store;
use super::columns;
use super::columns::millis;
use super::fault::Fault;
use crate::error::Error;
use crate::model::Priority;
use crate::model::TaskId;

/// Pieces of work for agents: offered, taken, given back when an agent dies.
#[derive(Debug, Clone, Copy)]
pub struct WorkBook<'a>(pub(super) &'a Store);

/// A piece of work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// Its identity.
    pub id: TaskId,
    /// What is to be done: JSON, which agents understand.
    pub content: String,
    /// What an agent must be able to do to get it.
    pub needs: Vec<String>,
    /// How soon it is wanted.
    pub priority: Priority,
    /// Where it is in its life.
    pub state: WorkState,
    /// How often an agent took it.
    pub attempts: u32,
    /// How often it may be taken.
    pub most_attempts: u32,
    /// The agent that has it, or had it last.
    pub holder: Option<String>,
    /// Until when the agent has it, unless it says that it goes on.
    pub until: Option<SystemTime>,
    /// Who offered it.
    pub offered_by: String,
    /// When.
    pub offered_at: SystemTime,
    /// Before this it is not taken again.
    pub not_before: SystemTime,
    /// When it ended.
    pub ended_at: Option<SystemTime>,
    /// What came of it, or of its last attempt: JSON.
    pub result: Option<String>,
}

/// Where a piece of work is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WorkState {
    /// It waits for an agent.
    Waiting,
    /// An agent has it.
    Taken,
    /// It ended well.
    Done,
    /// No agent could do it, as often as it may be tried.
    Failed,
    /// Somebody said that it is not wanted any more.
    Canceled,
}

const STATES: [(&str, WorkState); 5] = [
    ("waiting", WorkState::Waiting),
    ("taken", WorkState::Taken),
    ("done", WorkState::Done),
    ("failed", WorkState::Failed),
    ("canceled", WorkState::Canceled),
];

impl WorkState {
    /// Returns its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Taken => "taken",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }
}

/// How an agent's attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// Well, with a result: JSON.
    Done(String),
    /// Not well, with the reason: JSON. It may be tried again from this time on.
    Failed(String, SystemTime),
}

impl Store {
    /// Returns the pieces of work.
    pub fn work(&self) -> WorkBook<'_> {
        WorkBook(self)
    }
}

impl WorkBook<'_> {
    /// Adds a piece.
    pub fn offer(&self, work: &Work) -> Result<(), Error> {
        self.0.write(|sql| {
            sql.execute(
                "INSERT INTO work (id, content, needs, priority, state, attempts, most_attempts,
                     holder, until, offered_by, offered_at, not_before, ended_at, result)
                 VALUES (?1, '', '', '', '', 0, 0, NULL, NULL, '', 0, 0, NULL, NULL)",
                [work.id.to_string()],
            )?;
            write(sql, work)
        })
    }

    /// Reads a piece.
    pub fn get(&self, id: TaskId) -> Result<Option<Work>, Error> {
        self.0.read(|sql| {
            let mut query = sql.prepare_cached("SELECT * FROM work WHERE id = ?1")?;
            Ok(query.query_row([id.to_string()], read).optional()?)
        })
    }

    /// Reads the pieces, the newest first.
    pub fn list(&self, limit: u32) -> Result<Vec<Work>, Error> {
        self.0.read(|sql| {
            let mut query =
                sql.prepare_cached("SELECT * FROM work ORDER BY number DESC LIMIT ?1")?;
            let found = query.query_map([limit], read)?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Gives an agent the most urgent piece that it can do, the oldest of these, until a time.
    pub fn take(
        &self,
        agent: &str,
        can: &[String],
        until: SystemTime,
        now: SystemTime,
    ) -> Result<Option<Work>, Error> {
        let fits = |work: &Work| work.needs.iter().all(|it| can.contains(it));
        let chosen = |waiting: Vec<Work>| {
            let mut waiting = waiting.into_iter().filter(fits).collect::<Vec<_>>();
            // Stable: the oldest of the most urgent ones stays the first.
            waiting.sort_by_key(|it| it.priority);
            waiting.into_iter().next()
        };
        // Agents ask often, and nothing waits most of the time.
        if chosen(self.0.read(|sql| Ok(waiting(sql, now)?))?).is_none() {
            return Ok(None);
        }
        self.0.write(|sql| {
            let Some(mut work) = chosen(waiting(sql, now)?) else { return Ok(None) };
            work.state = WorkState::Taken;
            work.attempts += 1;
            (work.holder, work.until) = (Some(agent.to_owned()), Some(until));
            write(sql, &work)?;
            Ok(Some(work))
        })
    }

    /// Lets an agent go on with what it has, until a time. `None` if it has it no more.
    pub fn keep(
        &self,
        id: TaskId,
        agent: &str,
        attempt: u32,
        until: SystemTime,
    ) -> Result<Option<Work>, Error> {
        self.change(id, |work| {
            let is_his = work.is_had_by(agent, attempt);
            if is_his {
                work.until = Some(until);
            }
            is_his
        })
    }

    /// Ends what an agent has. `None` if it has it no more: its result is not taken.
    pub fn end(
        &self,
        id: TaskId,
        agent: &str,
        attempt: u32,
        ending: &Ending,
        now: SystemTime,
    ) -> Result<Option<Work>, Error> {
        self.change(id, |work| {
            let is_his = work.is_had_by(agent, attempt);
            if is_his {
                match ending {
                    Ending::Done(result) => {
                        work.result = Some(result.clone());
                        work.finish(WorkState::Done, now);
                    }
                    Ending::Failed(why, again) => {
                        work.result = Some(why.clone());
                        work.not_before = *again;
                        work.give_back(now);
                    }
                }
            }
            is_his
        })
    }

    /// Ends a piece that nobody wants any more. `None` if it has ended.
    pub fn cancel(&self, id: TaskId, now: SystemTime) -> Result<Option<Work>, Error> {
        self.change(id, |work| {
            let is_open = work.ended_at.is_none();
            if is_open {
                work.finish(WorkState::Canceled, now);
            }
            is_open
        })
    }

    /// Takes back what agents have had for too long. Returns how it is now.
    pub fn take_back(&self, now: SystemTime) -> Result<Vec<Work>, Error> {
        let overdue = |sql: &rusqlite::Connection| {
            let mut query = sql.prepare_cached(
                "SELECT * FROM work WHERE ended_at IS NULL AND until <= ?1 ORDER BY number",
            )?;
            query.query_map([millis(now)], read)?.collect::<rusqlite::Result<Vec<Work>>>()
        };
        if self.0.read(|sql| Ok(overdue(sql)?))?.is_empty() {
            return Ok(Vec::new());
        }
        self.0.write(|sql| {
            let mut back = overdue(sql)?;
            for work in &mut back {
                work.give_back(now);
                write(sql, work)?;
            }
            Ok(back)
        })
    }

    /// Leaves an agent no longer than until a time with what it has.
    pub fn shorten(&self, agent: &str, until: SystemTime) -> Result<(), Error> {
        self.0.write(|sql| {
            sql.execute(
                "UPDATE work SET until = ?2 WHERE holder = ?1 AND ?2 < until",
                params![agent, millis(until)],
            )?;
            Ok(())
        })
    }

    fn change(
        self,
        id: TaskId,
        change: impl FnOnce(&mut Work) -> bool,
    ) -> Result<Option<Work>, Error> {
        self.0.write(|sql| {
            let mut query = sql.prepare_cached("SELECT * FROM work WHERE id = ?1")?;
            let found = query.query_row([id.to_string()], read).optional()?;
            let Some(mut work) = found else { return Ok(None) };
            if !change(&mut work) {
                return Ok(None);
            }
            write(sql, &work)?;
            Ok(Some(work))
        })
    }
}

impl Work {
    fn is_had_by(&self, agent: &str, attempt: u32) -> bool {
        self.state == WorkState::Taken
            && self.holder.as_deref() == Some(agent)
            && self.attempts == attempt
    }

    /// Lets it wait for another agent, if it may be tried again.
    fn give_back(&mut self, now: SystemTime) {
        if self.attempts < self.most_attempts {
            (self.state, self.until) = (WorkState::Waiting, None);
        } else {
            self.finish(WorkState::Failed, now);
        }
    }

    fn finish(&mut self, state: WorkState, now: SystemTime) {
        (self.state, self.until, self.ended_at) = (state, None, Some(now));
    }
}

fn waiting(sql: &rusqlite::Connection, now: SystemTime) -> rusqlite::Result<Vec<Work>> {
    let mut query = sql.prepare_cached(
        "SELECT * FROM work WHERE state = 'waiting' AND not_before <= ?1 ORDER BY number",
    )?;
    query.query_map([millis(now)], read)?.collect()
}

fn write(sql: &Transaction<'_>, work: &Work) -> Result<(), Fault> {
    sql.prepare_cached(
        "UPDATE work SET content = ?2, needs = ?3, priority = ?4, state = ?5, attempts = ?6,
             most_attempts = ?7, holder = ?8, until = ?9, offered_by = ?10, offered_at = ?11,
             not_before = ?12, ended_at = ?13, result = ?14
         WHERE id = ?1",
    )?
    .execute(params![
        work.id.to_string(),
        work.content,
        work.needs.join("\n"),
        work.priority.to_string(),
        work.state.as_str(),
        work.attempts,
        work.most_attempts,
        work.holder,
        work.until.map(millis),
        work.offered_by,
        millis(work.offered_at),
        millis(work.not_before),
        work.ended_at.map(millis),
        work.result,
    ])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Work> {
    let needs: String = row.get("needs")?;
    Ok(Work {
        id: columns::parsed(row, "id")?,
        content: row.get("content")?,
        needs: needs.lines().map(ToOwned::to_owned).collect(),
        priority: columns::parsed(row, "priority")?,
        state: columns::one_of(row, "state", &STATES)?,
        attempts: row.get("attempts")?,
        most_attempts: row.get("most_attempts")?,
        holder: row.get("holder")?,
        until: columns::maybe_time(row, "until")?,
        offered_by: row.get("offered_by")?,
        offered_at: columns::time(row, "offered_at")?,
        not_before: columns::time(row, "not_before")?,
        ended_at: columns::maybe_time(row, "ended_at")?,
        result: row.get("result")?,
    })
}
