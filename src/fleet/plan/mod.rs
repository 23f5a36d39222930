//! From a file and what was found to the steps that are missing.

mod course;
mod down;
mod step;
#[cfg(test)]
mod tests;
mod up;
mod world;

pub use course::Course;
pub use down::{AndThen, Stopping, Takedown, down};
pub use step::{Step, Until};
pub use up::{awaited, up};
pub use world::{Seen, World};

use super::{Condition, Drift, Member};
use crate::model::{Forward, VmState};

/// The steps that are missing, VM by VM, each VM after those that it waits for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// The VMs, also those that need nothing.
    pub vms: Vec<PlannedVm>,
}

/// What is to be done with one VM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedVm {
    /// Its place in the fleet.
    pub member: usize,
    /// Its name.
    pub vm: String,
    /// The key under which it stands in the file.
    pub entry: String,
    /// The state in which it was found; `None` if there is no such VM.
    pub found: Option<VmState>,
    /// Its forwards as they were found.
    pub forwards: Vec<Forward>,
    /// What is so already.
    pub holds: Vec<Condition>,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// What must have come of VMs that stand before it in the plan.
    pub after: Vec<(usize, Until)>,
    /// In what it is not as the file says.
    pub drift: Vec<Drift>,
}

impl PlannedVm {
    /// Describes a VM as it was found, with nothing to be done.
    fn of(place: usize, member: &Member, seen: Option<&Seen>) -> Self {
        Self {
            member: place,
            vm: member.name.to_string(),
            entry: member.entry.clone(),
            found: seen.map(|it| it.state.clone()),
            forwards: seen.map(|it| it.forwards.clone()).unwrap_or_default(),
            holds: seen.map(Seen::holds).unwrap_or_default(),
            steps: Vec::new(),
            after: Vec::new(),
            drift: Vec::new(),
        }
    }
}

impl Plan {
    /// Returns whether nothing is to be done.
    pub fn is_empty(&self) -> bool {
        self.vms.iter().all(|vm| vm.steps.is_empty())
    }

    /// Returns every step with the place of its VM in the plan, in an order that keeps to what
    /// waits for what.
    pub fn steps(&self) -> impl Iterator<Item = (usize, &Step)> {
        self.vms.iter().enumerate().flat_map(|(nth, vm)| vm.steps.iter().map(move |it| (nth, it)))
    }
}
