use std::collections::BTreeMap;

use crate::fleet::{Condition, Drift};
use crate::model::{Forward, Phase, VmState};

/// The VMs that were found, by name: those of the file, and the originals of copies.
pub type World = BTreeMap<String, Seen>;

/// A VM that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its state.
    pub state: VmState,
    /// The names and identities of its snapshots.
    pub snapshots: Vec<String>,
    /// Of what the file waits for, what is so.
    pub ready: Vec<Condition>,
    /// Its forwards.
    pub forwards: Vec<Forward>,
    /// In what it is not as the file says.
    pub drift: Vec<Drift>,
}

impl Seen {
    /// Returns what can be relied on.
    pub(super) fn holds(&self) -> Vec<Condition> {
        let mut holds = vec![Condition::Created];
        if self.state == VmState::Running {
            holds.push(Condition::Running);
            holds.extend(&self.ready);
        }
        holds
    }

    /// Returns whether there is something to stop.
    pub(super) fn is_on(&self) -> bool {
        match self.state.phase() {
            Phase::Live | Phase::Changing => true,
            Phase::Offline => false,
            Phase::Broken => self.state == VmState::Stuck,
        }
    }
}
