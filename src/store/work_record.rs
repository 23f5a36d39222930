use std::time::SystemTime;

use crate::model::Priority;
use crate::model::TaskId;

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

pub(super) const STATES: [(&str, WorkState); 5] = [
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

impl Work {
    pub(super) fn is_had_by(&self, agent: &str, attempt: u32) -> bool {
        self.state == WorkState::Taken
            && self.holder.as_deref() == Some(agent)
            && self.attempts == attempt
    }

    /// Lets it wait for another agent, if it may be tried again.
    pub(super) fn give_back(&mut self, now: SystemTime) {
        if self.attempts < self.most_attempts {
            (self.state, self.until) = (WorkState::Waiting, None);
        } else {
            self.finish(WorkState::Failed, now);
        }
    }

    pub(super) fn finish(&mut self, state: WorkState, now: SystemTime) {
        (self.state, self.until, self.ended_at) = (state, None, Some(now));
    }
}
