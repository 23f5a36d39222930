use std::num::NonZeroUsize;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Response;
use crate::error::Error;

/// How several requests are worked off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub struct Pace {
    /// How many are under way at once; `None` follows the configuration and the host's CPUs.
    pub parallel: Option<NonZeroUsize>,
    /// What follows when one fails.
    pub on_failure: OnFailure,
}

/// What follows when one of several requests fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum OnFailure {
    /// The others are worked off all the same.
    GoOn,
    /// What is under way is finished, nothing more is begun.
    Stop,
}

/// What came of several requests, in the order in which they were given.
#[derive(Debug, Default)]
pub struct Batch {
    /// One outcome a request.
    pub outcomes: Vec<BatchOutcome>,
}

/// What came of one of several requests.
#[derive(Debug)]
pub struct BatchOutcome {
    /// The VM as it was named.
    pub vm: String,
    /// What came of it.
    pub result: Result<Response, Error>,
    /// How long it took.
    pub took: Duration,
}

impl BatchOutcome {
    /// Returns whether it went well; a guest's command that fails did not.
    pub fn is_well(&self) -> bool {
        is_well(&self.result)
    }
}

impl Batch {
    /// Returns how many did not go well.
    pub fn failed(&self) -> usize {
        self.outcomes.iter().filter(|outcome| !outcome.is_well()).count()
    }

    /// Returns the errors, in order.
    pub fn errors(&self) -> impl Iterator<Item = &Error> {
        self.outcomes.iter().filter_map(|outcome| outcome.result.as_ref().err())
    }
}

/// Returns whether a result is what was hoped for.
pub fn is_well(result: &Result<Response, Error>) -> bool {
    if let Ok(Response::Executed { exit_code, .. }) = result {
        return *exit_code == 0;
    }
    result.is_ok()
}
