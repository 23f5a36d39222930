use serde::Serialize;

use super::{ForwardShape, millis};
use crate::fleet::{Done, Drift, FleetOutcome, Plan, PlannedVm, Standing, Step};

/// What would be done with one VM of a file.
#[derive(Debug, Serialize)]
pub(crate) struct PlannedItem {
    vm: String,
    entry: String,
    action: &'static str,
    state: Option<String>,
    steps: Vec<StepShape>,
    after: Vec<AfterShape>,
    drift: Vec<DriftShape>,
}

#[derive(Debug, Serialize)]
struct StepShape {
    step: &'static str,
    what: String,
}

#[derive(Debug, Serialize)]
struct AfterShape {
    vm: String,
    until: String,
}

#[derive(Debug, Serialize)]
struct DriftShape {
    key: &'static str,
    file: String,
    found: String,
}

/// What was done with one VM of a file.
#[derive(Debug, Serialize)]
pub(crate) struct AppliedItem {
    vm: String,
    entry: String,
    action: &'static str,
    changed: bool,
    steps: Vec<&'static str>,
    state: Option<String>,
    forwards: Vec<ForwardShape>,
    notes: Vec<String>,
    drift: Vec<DriftShape>,
    took_ms: u64,
}

/// How one VM of a file stands.
#[derive(Debug, Serialize)]
pub(crate) struct StandingItem {
    vm: String,
    entry: String,
    state: Option<String>,
    as_in_file: bool,
    missing: Vec<StepShape>,
    forwards: Vec<ForwardShape>,
    drift: Vec<DriftShape>,
}

impl PlannedItem {
    pub(crate) fn of(action: &'static str, plan: &Plan, vm: &PlannedVm) -> Self {
        let after = vm.after.iter().filter_map(|(nth, until)| {
            let vm = plan.vms.get(*nth)?.vm.clone();
            Some(AfterShape { vm, until: until.to_string() })
        });
        Self {
            vm: vm.vm.clone(),
            entry: vm.entry.clone(),
            action,
            state: vm.found.as_ref().map(ToString::to_string),
            steps: vm.steps.iter().map(StepShape::from).collect(),
            after: after.collect(),
            drift: vm.drift.iter().map(DriftShape::from).collect(),
        }
    }
}

impl AppliedItem {
    pub(crate) fn of(action: &'static str, outcome: &FleetOutcome, done: &Done) -> Self {
        Self {
            vm: outcome.vm.clone(),
            entry: outcome.entry.clone(),
            action,
            changed: !done.steps.is_empty(),
            steps: done.steps.iter().map(Step::word).collect(),
            state: done.state.as_ref().map(ToString::to_string),
            forwards: done.forwards.iter().map(ForwardShape::from).collect(),
            notes: done.notes.clone(),
            drift: outcome.drift.iter().map(DriftShape::from).collect(),
            took_ms: millis(outcome.took),
        }
    }
}

impl From<&Standing> for StandingItem {
    fn from(standing: &Standing) -> Self {
        Self {
            vm: standing.vm.clone(),
            entry: standing.entry.clone(),
            state: standing.state.as_ref().map(ToString::to_string),
            as_in_file: standing.is_as_said(),
            missing: standing.missing.iter().map(StepShape::from).collect(),
            forwards: standing.forwards.iter().map(ForwardShape::from).collect(),
            drift: standing.drift.iter().map(DriftShape::from).collect(),
        }
    }
}

impl From<&Step> for StepShape {
    fn from(step: &Step) -> Self {
        Self { step: step.word(), what: step.to_string() }
    }
}

impl From<&Drift> for DriftShape {
    fn from(drift: &Drift) -> Self {
        Self { key: drift.key, file: drift.file.clone(), found: drift.found.clone() }
    }
}
