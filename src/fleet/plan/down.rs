use std::collections::HashMap;
use std::time::Duration;

use super::{Plan, PlannedVm, Seen, Step, Until, World};
use crate::fleet::Fleet;
use crate::request::WhenLate;

/// How VMs are taken down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Takedown {
    /// How those that are on are stopped.
    pub stopping: Stopping,
    /// What becomes of them then.
    pub then: AndThen,
}

/// How a VM that is on is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopping {
    /// By its power button.
    Ask {
        /// How long the guest has.
        timeout: Duration,
        /// What follows if it is still on.
        then: WhenLate,
    },
    /// By pulling the plug.
    Force,
}

/// What becomes of VMs that are off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AndThen {
    /// They stay.
    Keep,
    /// They are removed, with disks and snapshots.
    Delete,
}

/// Plans what takes some VMs of a fleet down, each one after all that depend on it.
pub fn down(fleet: &Fleet, chosen: &[usize], world: &World, takedown: Takedown) -> Plan {
    let mut plan = Plan::default();
    let mut waited_for: HashMap<usize, Vec<usize>> = HashMap::new();
    for (place, member) in fleet.ordered(chosen).rev() {
        let seen = world.get(member.name.as_str());
        let nth = plan.vms.len();
        let dependents = waited_for.remove(&place).unwrap_or_default();
        for need in &member.needs {
            waited_for.entry(need.member).or_default().push(nth);
        }
        plan.vms.push(PlannedVm {
            steps: seen.map(|seen| steps(seen, takedown)).unwrap_or_default(),
            after: dependents.into_iter().map(|nth| (nth, Until::Done)).collect(),
            ..PlannedVm::of(place, member, seen)
        });
    }
    plan
}

fn steps(seen: &Seen, takedown: Takedown) -> Vec<Step> {
    let stop = seen.is_on().then_some(Step::Stop(takedown.stopping));
    let delete = (takedown.then == AndThen::Delete).then_some(Step::Delete);
    stop.into_iter().chain(delete).collect()
}
