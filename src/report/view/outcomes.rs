//! What came of several VMs, a row each.

use std::time::Duration;

use crate::error::Error;
use crate::report::cell::Cell;
use crate::report::human;
use crate::report::paint::Tone;
use crate::report::table::{Column, Table};

/// What came of one VM.
pub(super) struct OutcomeRow {
    pub(super) result: Cell,
    pub(super) state: Cell,
    pub(super) detail: Cell,
}

impl OutcomeRow {
    /// Shows what went wrong.
    pub(super) fn failed(error: &Error) -> Self {
        let result = Cell::toned(Tone::Bad, error.kind().code());
        Self { result, state: Cell::maybe(None::<&str>), detail: Cell::new(error.message()) }
    }

    /// Puts it beside the VM's name and the time that it took.
    pub(super) fn of(self, vm: &str, took: Duration) -> Vec<Cell> {
        let took = Cell::new(human::duration(took));
        vec![Cell::new(vm), self.result, self.state, took, self.detail]
    }
}

/// Builds the table of such rows.
pub(super) fn table(rows: Vec<Vec<Cell>>) -> Table {
    let columns = vec![
        Column::left("vm", "VM"),
        Column::left("result", "RESULT"),
        Column::left("state", "STATE"),
        Column::right("took", "TOOK"),
        Column::left("detail", "DETAIL").if_room(),
    ];
    Table { columns, rows }
}
