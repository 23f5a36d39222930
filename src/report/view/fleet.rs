use super::outcomes::{self, OutcomeRow};
use crate::fleet::{Drift, FleetOutcome, Plan, PlannedVm, Standing, Step};
use crate::model::{Forward, VmState};
use crate::report::Document;
use crate::report::cell::Cell;
use crate::report::document::Body;
use crate::report::dto::{AppliedItem, FailureShape, PlannedItem, StandingItem};
use crate::report::paint::Tone;
use crate::report::table::{Column, Table};

impl Document {
    /// Builds the document of what would be done with the VMs of a file.
    pub fn plan(action: &'static str, plan: &Plan) -> Self {
        let columns = vec![
            Column::left("vm", "VM"),
            Column::left("state", "STATE"),
            Column::left("steps", "STEPS"),
            Column::left("after", "AFTER"),
            Column::left("detail", "DETAIL").if_room(),
        ];
        let row = |vm: &PlannedVm| {
            let steps = if vm.steps.is_empty() {
                Cell::toned(Tone::Dim, "nothing to do")
            } else {
                Cell::new(sentence(&vm.steps))
            };
            let detail = Cell::new(drifts(&vm.drift).join("; "));
            vec![Cell::new(&vm.vm), state(vm.found.as_ref()), steps, after(plan, vm), detail]
        };
        let rows = plan.vms.iter().map(row).collect();
        let items: Vec<PlannedItem> =
            plan.vms.iter().map(|vm| PlannedItem::of(action, plan, vm)).collect();
        let names = plan.vms.iter().map(|vm| vm.vm.clone()).collect();
        Self::items(&items, Body::Table(Table { columns, rows }), names)
    }

    /// Builds the document of what was done with the VMs of a file: what went well are its items,
    /// what did not its errors.
    pub fn fleet(action: &'static str, outcomes: &[FleetOutcome]) -> Self {
        let table = outcomes::table(outcomes.iter().map(outcome_row).collect());
        let well = || outcomes.iter().filter_map(|it| Some((it, it.result.as_ref().ok()?)));
        let items: Vec<AppliedItem> =
            well().map(|(it, done)| AppliedItem::of(action, it, done)).collect();
        let errors = outcomes.iter().filter_map(|it| it.result.as_ref().err());
        let errors: Vec<FailureShape> = errors.map(FailureShape::from).collect();
        let names = well().map(|(it, _)| it.vm.clone()).collect();
        Self::items(&items, Body::Table(table), names).with_errors(&errors)
    }

    /// Builds the document of how the VMs of a file stand.
    pub fn standings(standings: &[Standing]) -> Self {
        let columns = vec![
            Column::left("vm", "VM"),
            Column::left("state", "STATE"),
            Column::left("as_in_file", "AS IN FILE"),
            Column::left("detail", "DETAIL").if_room(),
        ];
        let row = |it: &Standing| {
            let as_said = if it.is_as_said() {
                Cell::toned(Tone::Good, "yes")
            } else {
                Cell::toned(Tone::Warn, "no")
            };
            let missing =
                (!it.missing.is_empty()).then(|| format!("to do: {}", sentence(&it.missing)));
            let mut detail: Vec<String> = missing.into_iter().chain(drifts(&it.drift)).collect();
            detail.extend(it.forwards.iter().map(Forward::to_string));
            vec![Cell::new(&it.vm), state(it.state.as_ref()), as_said, Cell::new(detail.join("; "))]
        };
        let rows = standings.iter().map(row).collect();
        let items: Vec<StandingItem> = standings.iter().map(StandingItem::from).collect();
        let names = standings.iter().map(|it| it.vm.clone()).collect();
        Self::items(&items, Body::Table(Table { columns, rows }), names)
    }
}

fn outcome_row(outcome: &FleetOutcome) -> Vec<Cell> {
    let done = match &outcome.result {
        Err(error) => return OutcomeRow::failed(error).of(&outcome.vm, outcome.took),
        Ok(done) => done,
    };
    let result = if done.steps.is_empty() {
        Cell::toned(Tone::Dim, "nothing to do")
    } else {
        let words: Vec<&str> = done.steps.iter().map(done_word).collect();
        Cell::toned(Tone::Good, words.join(", "))
    };
    let mut detail: Vec<String> = done.forwards.iter().map(Forward::to_string).collect();
    detail.extend(drifts(&outcome.drift));
    let (state, detail) = (state(done.state.as_ref()), Cell::new(detail.join("; ")));
    OutcomeRow { result, state, detail }.of(&outcome.vm, outcome.took)
}

fn done_word(step: &Step) -> &'static str {
    match step {
        Step::Create | Step::Template(_) => "created",
        Step::Copy(_) => "cloned",
        Step::Restore(_) => "restored",
        Step::Start(_) => "started",
        Step::Wait(_) => "waited for",
        Step::Stop(_) => "stopped",
        Step::Delete => "deleted",
    }
}

fn state(state: Option<&VmState>) -> Cell {
    state.map_or_else(|| Cell::toned(Tone::Dim, "none"), Cell::state)
}

fn sentence(steps: &[Step]) -> String {
    steps.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn drifts(drift: &[Drift]) -> Vec<String> {
    drift.iter().map(ToString::to_string).collect()
}

/// Tells what a VM waits for, and of counted ones the first and how many more.
fn after(plan: &Plan, vm: &PlannedVm) -> Cell {
    const SHOWN: usize = 3;
    let shown = |(nth, until): &(usize, crate::fleet::Until)| {
        let other = plan.vms.get(*nth)?;
        Some(format!("{} {until}", other.vm))
    };
    let mut parts: Vec<String> = vm.after.iter().take(SHOWN).filter_map(shown).collect();
    if let more @ 1.. = vm.after.len().saturating_sub(SHOWN) {
        parts.push(format!("{more} more"));
    }
    if parts.is_empty() { Cell::maybe(None::<&str>) } else { Cell::new(parts.join(", ")) }
}
