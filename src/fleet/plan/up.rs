use std::collections::HashMap;

use super::{Plan, PlannedVm, Seen, Step, Until, World};
use crate::fleet::{Condition, Copying, Fleet, Making, Member, Need, Problem};
use crate::model::{Phase, VmState};

/// Plans what brings some VMs of a fleet up: what is missing is made, what is off is started, what
/// dependents and the file wait for is waited for. What cannot be is told before anything is done.
///
/// The places should come from [`Fleet::with_needs`].
pub fn up(fleet: &Fleet, chosen: &[usize], world: &World) -> Result<Plan, Vec<Problem>> {
    let mut plan = Plan::default();
    let mut problems = Vec::new();
    let mut placed: HashMap<usize, usize> = HashMap::new();
    let awaited = awaited(fleet, chosen);
    for (place, member) in fleet.ordered(chosen) {
        let seen = world.get(member.name.as_str());
        if let (None, Making::Copy(copying)) = (seen, &member.making) {
            problems.extend(impossible(fleet, member, copying, world));
        }
        let wanted = awaited.get(&place).map(Vec::as_slice).unwrap_or_default();
        let on = |need: &Need| placed.get(&need.member).map(|nth| (*nth, Until::Holds(need.until)));
        let after = member.needs.iter().filter_map(on).collect();
        placed.insert(place, plan.vms.len());
        plan.vms.push(PlannedVm {
            steps: steps(member, seen, wanted),
            after,
            drift: seen.map(|it| it.drift.clone()).unwrap_or_default(),
            ..PlannedVm::of(place, member, seen)
        });
    }
    if problems.is_empty() { Ok(plan) } else { Err(problems) }
}

/// Returns what is waited for of each VM: what the file says of it, and what dependents need.
pub fn awaited(fleet: &Fleet, chosen: &[usize]) -> HashMap<usize, Vec<Condition>> {
    let mut awaited: HashMap<usize, Vec<Condition>> = HashMap::new();
    for (place, member) in fleet.ordered(chosen) {
        let own = member.wait.map(|condition| (place, condition));
        let of_others = member.needs.iter().map(|need| (need.member, need.until));
        for (place, condition) in own.into_iter().chain(of_others) {
            let conditions = awaited.entry(place).or_default();
            if condition.awaited().is_some() && !conditions.contains(&condition) {
                conditions.push(condition);
            }
        }
    }
    // In the order in which they come to be so.
    for conditions in awaited.values_mut() {
        conditions.sort_unstable();
    }
    awaited
}

fn steps(member: &Member, seen: Option<&Seen>, awaited: &[Condition]) -> Vec<Step> {
    let mut steps = Vec::new();
    if seen.is_none() {
        steps.push(match &member.making {
            Making::New(_) => Step::Create,
            Making::Copy(copying) => Step::Copy(copying.clone()),
            Making::Template(template) => Step::Template(template.clone()),
        });
    }
    let Some(display) = member.start else { return steps };
    let runs = seen.is_some_and(|it| it.state == VmState::Running);
    if !runs {
        // One that was only paused, or is just being started, goes on with what it has.
        let is_off = seen.filter(|it| it.state.phase() == Phase::Offline);
        let back = member.start_from.as_ref().filter(|snapshot| {
            is_off.is_some_and(|it| it.snapshots.iter().any(|name| name == snapshot.as_str()))
        });
        steps.extend(back.cloned().map(Step::Restore));
        steps.push(Step::Start(display));
    }
    let holds = seen.map(Seen::holds).unwrap_or_default();
    let missing = awaited.iter().filter(|condition| !holds.contains(condition));
    steps.extend(missing.copied().map(Step::Wait));
    steps
}

/// Tells what stands in the way of a copy that is to be made.
fn impossible(fleet: &Fleet, member: &Member, copying: &Copying, world: &World) -> Option<Problem> {
    let at = |key: &str| format!("vms.{}.{key}", member.entry);
    let source = copying.source.as_str();
    let Some(original) = world.get(source) else {
        if copying.member.and_then(|place| fleet.members().get(place)).is_none() {
            return Some(Problem::at(&at("from"), format!("there is no VM `{source}`")));
        }
        // It is made first, without any snapshot.
        let snapshot = copying.snapshot.as_ref()?;
        let why = format!("`{source}` is not there yet, and so has no snapshot `{snapshot}`");
        return Some(Problem::at(&at("from_snapshot"), why));
    };
    let snapshot = copying.snapshot.as_ref()?;
    if original.snapshots.iter().any(|name| name == snapshot.as_str()) {
        return None;
    }
    Some(Problem::at(&at("from_snapshot"), format!("`{source}` has no snapshot `{snapshot}`")))
}
