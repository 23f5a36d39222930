use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::tasks::HowSoon;
use crate::error::{Error, ErrorKind};
use crate::model::{Scope, TaskId};
use crate::orchestrator::WorkWish;
use crate::report::moment;
use crate::server::answer::Answer;
use crate::server::desk::Desk;
use crate::server::events::tell_of_work;
use crate::server::method::{Bond, Method};
use crate::store::Work;

/// A piece is taken for so long when nothing else is said.
const USUAL: Duration = Duration::from_mins(1);

/// Other processes offer work too: so often it is looked for, while somebody waits.
const LOOK: Duration = Duration::from_secs(1);

/// What is to be done, and what came of it, have no more bytes.
const MOST: usize = 256 * 1024;

/// It is tried so often when nothing else is said, and never more often than the most.
const ATTEMPTS: u32 = 3;
const MOST_ATTEMPTS: u32 = 100;

/// Offer a piece of work to agents. The most urgent piece that an agent can do goes to it first;
/// when it dies or fails, another one gets it, as often as `most_attempts`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct WorkOffer {
    /// What is to be done: any JSON that the agents understand.
    content: Value,
    /// What an agent must have said that it can do, in the same words.
    #[serde(default)]
    needs: Vec<String>,
    /// How soon it is wanted: `critical`, `high`, `medium`, `low`.
    #[serde(default)]
    priority: HowSoon,
    /// How often it may be tried, 100 times at most; 3 if it is left out.
    most_attempts: Option<u32>,
}

impl Method for WorkOffer {
    const NAME: &'static str = "work_offer";
    const SCOPE: Scope = Scope::Input;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        desk.client().permit_everywhere()?;
        let most_attempts = self.most_attempts.unwrap_or(ATTEMPTS);
        if !(1..=MOST_ATTEMPTS).contains(&most_attempts) {
            let message = format!("{most_attempts} attempts are not 1 to {MOST_ATTEMPTS}");
            return Err(Error::new(ErrorKind::Usage, message));
        }
        let content = bounded(&self.content)?;
        let (needs, priority) = (self.needs, self.priority.into());
        let wish = WorkWish { content, needs, priority, most_attempts };
        let work = desk.orchestrator().offer_work(wish, &desk.client().name)?;
        Ok(told(desk, &work))
    }
}

/// Take the most urgent piece of work that you can do, as you said with `agent_register`; `work` is
/// null if there is none. It is yours for `seconds`: say with `work_keep` that you have it and go
/// on, and end it with `work_end`. Else another agent gets it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct WorkTake {
    /// For how long, in seconds, an hour at most; 60 if it is left out.
    seconds: Option<f64>,
    /// How long a piece is waited for, in seconds; not at all if it is left out.
    wait_seconds: Option<f64>,
}

impl Method for WorkTake {
    const NAME: &'static str = "work_take";
    const SCOPE: Scope = Scope::Input;
    const BOND: Bond = Bond::Holds;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        desk.client().permit_everywhere()?;
        let time = Desk::seconds(self.seconds, USUAL)?;
        let until = Instant::now() + Desk::seconds(self.wait_seconds, Duration::ZERO)?;
        let agent = &desk.client().name;
        loop {
            let mut moves = std::pin::pin!(desk.office().work_moves());
            moves.as_mut().enable();
            if let Some(work) = desk.orchestrator().take_work(agent, time)? {
                return Ok(told(desk, &work));
            }
            let now = Instant::now();
            if until <= now {
                return Ok(Answer::fields(json!({ "work": null })));
            }
            tokio::select! {
                () = moves => {}
                () = tokio::time::sleep_until(until.min(now + LOOK)) => {}
                () = desk.canceled() => return Err(canceled()),
            }
        }
    }
}

/// Say that you have a piece of work and go on with it: it stays yours for `seconds` from now.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct WorkKeep {
    /// The piece's id.
    work: String,
    /// Which attempt it is: the `attempts` that `work_take` told.
    attempt: u32,
    /// For how long, in seconds, an hour at most; 60 if it is left out.
    seconds: Option<f64>,
}

impl Method for WorkKeep {
    const NAME: &'static str = "work_keep";
    const SCOPE: Scope = Scope::Input;
    const BOND: Bond = Bond::Holds;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        desk.client().permit_everywhere()?;
        let time = Desk::seconds(self.seconds, USUAL)?;
        let (id, agent) = (identity(&self.work)?, &desk.client().name);
        let work = desk.orchestrator().keep_work(id, agent, self.attempt, time)?;
        Ok(Answer::fields(json!({ "work": shape(&work) })))
    }
}

/// End your attempt at a piece of work: with a `result`, or with an `error`, and then another
/// attempt follows if there may be one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct WorkEnd {
    /// The piece's id.
    work: String,
    /// Which attempt it is: the `attempts` that `work_take` told.
    attempt: u32,
    /// What came of it: any JSON.
    #[serde(default)]
    result: Value,
    /// Why it failed: any JSON; it did not if this is left out.
    error: Option<Value>,
}

impl Method for WorkEnd {
    const NAME: &'static str = "work_end";
    const SCOPE: Scope = Scope::Input;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        desk.client().permit_everywhere()?;
        let outcome = match &self.error {
            Some(error) => Err(bounded(error)?),
            None => Ok(bounded(&self.result)?),
        };
        let (id, agent) = (identity(&self.work)?, &desk.client().name);
        let work = desk.orchestrator().end_work(id, agent, self.attempt, outcome)?;
        Ok(told(desk, &work))
    }
}

/// List the pieces of work, the newest first: their `state` is waiting, taken, done, failed or
/// canceled; `attempts` tells how often each was taken.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct WorkList {
    /// So many at most; 100 if it is left out.
    limit: Option<u32>,
}

impl Method for WorkList {
    const NAME: &'static str = "work_list";
    const SCOPE: Scope = Scope::Observe;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        desk.client().permit_everywhere()?;
        let all = desk.orchestrator().all_work(self.limit.unwrap_or(100))?;
        let items: Vec<Value> = all.iter().map(shape).collect();
        Ok(Answer::fields(json!({ "items": items })))
    }
}

/// Tell how a piece of work is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct WorkShow {
    /// The piece's id.
    work: String,
}

impl Method for WorkShow {
    const NAME: &'static str = "work_show";
    const SCOPE: Scope = Scope::Observe;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        desk.client().permit_everywhere()?;
        let work = desk.orchestrator().work(identity(&self.work)?)?;
        Ok(Answer::fields(json!({ "work": shape(&work) })))
    }
}

/// Say that a piece of work is not wanted any more. The agent that has it is told when it says that
/// it goes on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct WorkCancel {
    /// The piece's id.
    work: String,
}

impl Method for WorkCancel {
    const NAME: &'static str = "work_cancel";
    const SCOPE: Scope = Scope::Lifecycle;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        desk.client().permit_everywhere()?;
        let work = desk.orchestrator().cancel_work(identity(&self.work)?)?;
        Ok(told(desk, &work))
    }
}

/// Tells everybody how a piece is now, and who asked too.
fn told(desk: &Desk, work: &Work) -> Answer {
    tell_of_work(desk.office(), work);
    Answer::fields(json!({ "work": shape(work) }))
}

fn shape(work: &Work) -> Value {
    let parsed = |text: &String| serde_json::from_str::<Value>(text).unwrap_or_default();
    json!({
        "id": work.id.to_string(), "content": parsed(&work.content), "needs": work.needs,
        "priority": work.priority.to_string(), "state": work.state.as_str(),
        "attempts": work.attempts, "most_attempts": work.most_attempts, "holder": work.holder,
        "until": work.until.map(moment), "offered_by": work.offered_by,
        "offered_at": moment(work.offered_at), "ended_at": work.ended_at.map(moment),
        "result": work.result.as_ref().map(parsed),
    })
}

fn bounded(value: &Value) -> Result<String, Error> {
    let text = value.to_string();
    if text.len() <= MOST {
        return Ok(text);
    }
    Err(Error::new(ErrorKind::Usage, format!("a piece of work has {MOST} bytes at most")))
}

fn identity(text: &str) -> Result<TaskId, Error> {
    Ok(text.parse()?)
}

fn canceled() -> Error {
    Error::new(ErrorKind::Canceled, "canceled")
}
