use std::time::Duration;

use super::{Drift, Step};
use crate::error::Error;
use crate::model::{Forward, VmState};

/// What came of one VM of a file.
#[derive(Debug)]
pub struct FleetOutcome {
    /// Its name.
    pub vm: String,
    /// The key under which it stands in the file.
    pub entry: String,
    /// The steps that were taken, and what they came to.
    pub result: Result<Done, Error>,
    /// In what it is not as the file says.
    pub drift: Vec<Drift>,
    /// How long it took.
    pub took: Duration,
}

/// What the steps of one VM came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Done {
    /// The steps that changed something, in order.
    pub steps: Vec<Step>,
    /// The state in which it is now; `None` if it is gone.
    pub state: Option<VmState>,
    /// Its forwards.
    pub forwards: Vec<Forward>,
    /// What should be known.
    pub notes: Vec<String>,
}

/// How one VM of a file stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its name.
    pub vm: String,
    /// The key under which it stands in the file.
    pub entry: String,
    /// Its state; `None` if there is no such VM.
    pub state: Option<VmState>,
    /// Its forwards.
    pub forwards: Vec<Forward>,
    /// What `up` would do with it.
    pub missing: Vec<Step>,
    /// In what it is not as the file says.
    pub drift: Vec<Drift>,
}

impl Standing {
    /// Returns whether it is as the file says.
    pub fn is_as_said(&self) -> bool {
        self.missing.is_empty() && self.drift.is_empty()
    }
}
