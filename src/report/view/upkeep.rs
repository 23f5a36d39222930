use crate::report::Document;
use crate::report::cell::Cell;
use crate::report::document::Body;
use crate::report::dto::{AuditItem, RepairItem};
use crate::report::human;
use crate::report::paint::Tone;
use crate::report::table::{Column, Table};
use crate::request::{Repair, Repaired};
use crate::store::AuditRecord;

impl Document {
    /// Builds the document of an audit trail.
    pub fn audit(records: &[AuditRecord]) -> Self {
        let columns = vec![
            Column::left("at", "TIME"),
            Column::left("who", "WHO"),
            Column::left("action", "ACTION"),
            Column::left("vm", "VM"),
            Column::left("outcome", "OUTCOME"),
            Column::left("from", "FROM").if_room(),
            Column::left("command", "COMMAND").if_room(),
        ];
        let row = |record: &AuditRecord| {
            let tone = match record.outcome.as_str() {
                AuditRecord::OK => Tone::Good,
                AuditRecord::BEGUN => Tone::Warn,
                _ => Tone::Bad,
            };
            vec![
                Cell::new(human::moment(record.at)),
                Cell::new(&record.actor),
                Cell::new(&record.action),
                Cell::maybe(record.vm.as_ref()),
                Cell::toned(tone, &record.outcome),
                Cell::new(&record.origin),
                Cell::new(&record.detail),
            ]
        };
        let items: Vec<AuditItem> = records.iter().map(AuditItem::from).collect();
        let names = records.iter().map(|record| record.action.clone()).collect();
        let rows = records.iter().map(row).collect();
        Self::items(&items, Body::Table(Table { columns, rows }), names)
    }

    /// Builds the document of repairs.
    pub fn repairs(repairs: &[Repair]) -> Self {
        let columns = vec![
            Column::left("what", "WHAT"),
            Column::left("where", "WHERE"),
            Column::left("action", "ACTION"),
            Column::left("outcome", "OUTCOME"),
        ];
        let row = |repair: &Repair| {
            let outcome = match &repair.outcome {
                Repaired::Done => Cell::toned(Tone::Good, "done"),
                Repaired::Planned => Cell::toned(Tone::Dim, "planned"),
                Repaired::Failed(why) => Cell::toned(Tone::Bad, format!("failed: {why}")),
            };
            let what = repair.what.as_str().replace('_', " ");
            vec![Cell::new(what), Cell::new(&repair.place), Cell::new(repair.action), outcome]
        };
        let items: Vec<RepairItem> = repairs.iter().map(RepairItem::from).collect();
        let names = repairs.iter().map(|repair| repair.place.clone()).collect();
        let rows = repairs.iter().map(row).collect();
        Self::items(&items, Body::Table(Table { columns, rows }), names)
    }
}
