//! Pieces of work for agents: offered by anybody, taken by who can do them, given to another when
//! an agent dies.

use std::time::{Duration, SystemTime};

use super::VmOrchestrator;
use crate::error::{Error, ErrorKind};
use crate::model::{Priority, TaskId};
use crate::store::{Ending, Owner, VmLease, Work, WorkState};

/// The longest that a piece is taken for.
const LONGEST: Duration = Duration::from_hours(1);

/// An agent whose connection is gone has so long to come back.
const GRACE: Duration = Duration::from_secs(10);

/// A piece of work as it is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkWish {
    /// What is to be done: JSON, which agents understand.
    pub content: String,
    /// What an agent must be able to do to get it.
    pub needs: Vec<String>,
    /// How soon it is wanted.
    pub priority: Priority,
    /// How often it may be tried.
    pub most_attempts: u32,
}

/// What was taken back from agents.
#[derive(Debug, Default)]
pub struct Overdue {
    /// VMs, as they were lent.
    pub leases: Vec<VmLease>,
    /// Pieces of work, as they are now.
    pub work: Vec<Work>,
}

impl VmOrchestrator {
    /// Offers a piece of work to agents.
    pub fn offer_work(&self, wish: WorkWish, who: &str) -> Result<Work, Error> {
        let now = self.now();
        let work = Work {
            id: TaskId::from_random(fastrand::u128(..)),
            content: wish.content,
            needs: wish.needs,
            priority: wish.priority,
            state: WorkState::Waiting,
            attempts: 0,
            most_attempts: wish.most_attempts,
            holder: None,
            until: None,
            offered_by: who.to_owned(),
            offered_at: now,
            not_before: now,
            ended_at: None,
            result: None,
        };
        self.store()?.work().offer(&work)?;
        Ok(work)
    }

    /// Gives a registered agent the most urgent piece that it can do; `None` if there is none now.
    pub fn take_work(&self, agent: &str, time: Duration) -> Result<Option<Work>, Error> {
        let agents = self.agents()?;
        let Some(known) = agents.iter().find(|it| it.name == agent) else {
            let message = format!("`{agent}` has not said what it can do");
            return Err(
                Error::new(ErrorKind::InvalidState, message).hint("call `agent_register` first")
            );
        };
        let now = self.now();
        self.store()?.work().take(agent, &known.capabilities, until(now, time)?, now)
    }

    /// Lets an agent go on with a piece that it has.
    pub fn keep_work(
        &self,
        id: TaskId,
        agent: &str,
        attempt: u32,
        time: Duration,
    ) -> Result<Work, Error> {
        let kept = self.store()?.work().keep(id, agent, attempt, until(self.now(), time)?)?;
        kept.ok_or_else(|| has_not(agent, id))
    }

    /// Ends an agent's attempt at a piece: with a result, or with the reason why it failed.
    pub fn end_work(
        &self,
        id: TaskId,
        agent: &str,
        attempt: u32,
        outcome: Result<String, String>,
    ) -> Result<Work, Error> {
        let now = self.now();
        let ending = match outcome {
            Ok(result) => Ending::Done(result),
            Err(why) => {
                let pause = self.settings().retry.policy.delay_after(attempt, fastrand::f64());
                let again = now.checked_add(pause.unwrap_or_default()).unwrap_or(now);
                Ending::Failed(why, again)
            }
        };
        let ended = self.store()?.work().end(id, agent, attempt, &ending, now)?;
        ended.ok_or_else(|| has_not(agent, id))
    }

    /// Says that a piece is not wanted any more.
    pub fn cancel_work(&self, id: TaskId) -> Result<Work, Error> {
        if let Some(canceled) = self.store()?.work().cancel(id, self.now())? {
            return Ok(canceled);
        }
        let work = self.work(id)?;
        let message = format!("the piece of work `{id}` has ended: it is {}", work.state.as_str());
        Err(Error::new(ErrorKind::InvalidState, message))
    }

    /// Reads a piece.
    pub fn work(&self, id: TaskId) -> Result<Work, Error> {
        self.store()?.work().get(id)?.ok_or_else(|| {
            Error::new(ErrorKind::NotFound, format!("there is no piece of work `{id}`"))
                .hint("`work_list` tells them all")
        })
    }

    /// Reads the pieces, the newest first.
    pub fn all_work(&self, limit: u32) -> Result<Vec<Work>, Error> {
        self.store()?.work().list(limit)
    }

    /// Takes back what agents have had for too long, and soon what was lent by processes that are
    /// gone.
    pub fn end_terms(&self) -> Result<Overdue, Error> {
        let (store, now) = (self.store()?, self.now());
        let soon = now.checked_add(GRACE).unwrap_or(now);
        store.agents().shorten_orphans(soon, Owner::is_alive)?;
        Ok(Overdue { leases: store.agents().take_back(now)?, work: store.work().take_back(now)? })
    }

    /// Leaves an agent whose connection is gone a moment to come back; then others get what it has.
    pub fn agent_left(&self, agent: &str) -> Result<(), Error> {
        let now = self.now();
        let soon = now.checked_add(GRACE).unwrap_or(now);
        self.store()?.agents().shorten(agent, soon)?;
        self.store()?.work().shorten(agent, soon)
    }
}

fn until(now: SystemTime, time: Duration) -> Result<SystemTime, Error> {
    if time.is_zero() || LONGEST < time {
        let message = "a piece of work is taken for a second to an hour";
        return Err(Error::new(ErrorKind::Usage, message).hint("say that you go on before that"));
    }
    Ok(now.checked_add(time).unwrap_or(now))
}

fn has_not(agent: &str, id: TaskId) -> Error {
    let message = format!("`{agent}` does not have the piece of work `{id}`, not in this attempt");
    Error::new(ErrorKind::InvalidState, message)
        .hint("its time was over, or it was canceled: leave it, and take the next")
}
