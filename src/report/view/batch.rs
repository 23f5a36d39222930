use super::change::done_word;
use super::guest;
use super::outcomes::{self, OutcomeRow};
use crate::report::Document;
use crate::report::cell::Cell;
use crate::report::document::Body;
use crate::report::dto::FailureShape;
use crate::report::paint::Tone;
use crate::report::sheet::Sheet;
use crate::report::table::{Column, Table};
use crate::report::view::Captured;
use crate::request::{Batch, BatchOutcome, Changed, Outcome, Response};

impl Document {
    /// Builds the document of several requests: what went well are its items, what did not its
    /// errors. What commands printed in guests, if it was kept, comes in the same order.
    pub fn batch(batch: &Batch, captured: &[Captured]) -> Self {
        let kept = |place: usize| captured.get(place).cloned().unwrap_or_default();
        let well = batch.outcomes.iter().enumerate().filter_map(|(place, outcome)| {
            let response = outcome.result.as_ref().ok()?;
            let Response::Executed { vm, exit_code, via, took } = response else {
                return Some(Self::of(response));
            };
            Some(guest::executed(vm, *exit_code, *via, *took, &kept(place)))
        });
        let parts: Vec<Self> = well.collect();
        let body = body(batch, &parts);
        let errors: Vec<FailureShape> = batch.errors().map(FailureShape::from).collect();
        Self::joined(parts, body).with_errors(&errors)
    }
}

/// Chooses what people see: sheets one after another, lines, or a table of outcomes.
fn body(batch: &Batch, parts: &[Document]) -> Body {
    let responses = || batch.outcomes.iter().filter_map(|outcome| outcome.result.as_ref().ok());
    let sheets: Vec<&Sheet> = parts.iter().filter_map(|part| part.body.as_sheet()).collect();
    if responses().any(|it| matches!(it, Response::Status(_))) {
        return Body::Sheet(Sheet::of_all(&sheets));
    }
    let told_as_lines =
        |it: &Response| matches!(it, Response::Rehearsed(_) | Response::Executed { .. });
    if responses().any(told_as_lines) {
        let lines = parts.iter().filter_map(|part| part.body.as_lines()).flatten();
        return Body::Lines(lines.cloned().collect());
    }
    if responses().any(|it| matches!(it, Response::Snapshots { .. })) {
        return Body::Table(side_by_side(batch, parts));
    }
    Body::Table(outcomes::table(batch.outcomes.iter().map(row).collect()))
}

/// Joins the tables of several VMs, each row with its VM's name before it.
fn side_by_side(batch: &Batch, parts: &[Document]) -> Table {
    let tables: Vec<&Table> = parts.iter().filter_map(|part| part.body.as_table()).collect();
    let mut columns = vec![Column::left("vm", "VM")];
    columns.extend(tables.first().into_iter().flat_map(|table| table.columns.clone()));
    let vms = batch.outcomes.iter().filter(|outcome| outcome.result.is_ok());
    let rows = vms.zip(tables).flat_map(|(outcome, table)| {
        let with_vm = |row: &Vec<Cell>| [vec![Cell::new(&outcome.vm)], row.clone()].concat();
        table.rows.iter().map(with_vm).collect::<Vec<_>>()
    });
    Table { columns, rows: rows.collect() }
}

fn row(outcome: &BatchOutcome) -> Vec<Cell> {
    let (result, state, detail) = match &outcome.result {
        Err(error) => return OutcomeRow::failed(error).of(&outcome.vm, outcome.took),
        Ok(Response::Changed(change)) => {
            let state = change.state.as_ref().map(Cell::state);
            (result(change), state.unwrap_or_else(|| Cell::maybe(None::<&str>)), Cell::default())
        }
        Ok(Response::Created(made)) => {
            let forwards: Vec<String> = made.forwards.iter().map(ToString::to_string).collect();
            let detail = Cell::new(forwards.join(", "));
            (Cell::toned(Tone::Good, "created"), Cell::state(&made.state), detail)
        }
        Ok(Response::Screen(screen)) => {
            let file = screen.file.as_ref().map(|file| file.display().to_string());
            let kind = screen.analysis.as_ref().map(|seen| format!("shows {}", seen.kind.as_str()));
            let size = format!("{}x{}", screen.size.width, screen.size.height);
            let parts: Vec<String> = [Some(size), kind, file].into_iter().flatten().collect();
            let result = Cell::toned(Tone::Good, "photographed");
            (result, Cell::maybe(None::<&str>), Cell::new(parts.join(", ")))
        }
        Ok(Response::Recovered(report)) => {
            let result = match (report.outcome, &report.trouble) {
                (Outcome::Changed, _) => Cell::toned(Tone::Good, "recovered"),
                (Outcome::Unchanged, None) => Cell::toned(Tone::Dim, "nothing wrong"),
                (Outcome::Unchanged, Some(_)) => Cell::toned(Tone::Bad, "needs recovery"),
            };
            let state = Cell::state(report.state.as_ref().unwrap_or(&report.found));
            (result, state, Cell::maybe(report.trouble.as_ref().map(ToString::to_string)))
        }
        Ok(_) => (Cell::toned(Tone::Good, "done"), Cell::maybe(None::<&str>), Cell::default()),
    };
    OutcomeRow { result, state, detail }.of(&outcome.vm, outcome.took)
}

fn result(change: &Changed) -> Cell {
    match change.outcome {
        Outcome::Changed => Cell::toned(Tone::Good, done_word(change.action)),
        Outcome::Unchanged if change.action == "wait" => Cell::toned(Tone::Good, "ready"),
        Outcome::Unchanged => Cell::toned(Tone::Dim, "nothing to do"),
    }
}

#[cfg(test)]
#[path = "batch_tests.rs"]
mod tests;
