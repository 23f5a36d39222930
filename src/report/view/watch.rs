use jiff::Timestamp;

use super::recovery::{told, tone};
use crate::report::Document;
use crate::report::Paint;
use crate::report::cell::{Cell, visible};
use crate::report::document::{Body, value};
use crate::report::dto::{self, WatchedItem};
use crate::report::human;
use crate::report::paint::Tone;
use crate::report::table::{Column, Table};
use crate::request::{Standing, WatchEvent, WatchEventKind, Watched};

impl Document {
    /// Builds the document of VMs that were looked after.
    pub fn watched(watched: &[Watched]) -> Self {
        let columns = vec![
            Column::left("vm", "VM"),
            Column::left("state", "STATE"),
            Column::left("standing", "STANDING"),
            Column::left("checks", "CHECKS"),
            Column::right("looks", "LOOKS"),
            Column::right("recoveries", "RECOVERIES"),
            Column::left("why", "WHY").if_room(),
        ];
        let items: Vec<WatchedItem> = watched.iter().map(WatchedItem::from).collect();
        let names = watched.iter().map(|it| it.vm.clone()).collect();
        let rows = watched.iter().map(row).collect();
        Self::items(&items, Body::Table(Table { columns, rows }), names)
    }
}

/// Returns the line that people read of an event.
pub fn watch_line(event: &WatchEvent, paint: Paint) -> String {
    let at = Timestamp::try_from(event.at).unwrap_or(Timestamp::UNIX_EPOCH);
    let (at, vm) = (at.strftime("%H:%M:%SZ"), visible(&event.vm));
    let message = visible(&message(&event.kind));
    format!("{at} {vm}: {}\n", paint.tint(tone_of(&event.kind), &message))
}

/// Returns the line that programs read of an event: one JSON object.
pub fn watch_json(event: &WatchEvent) -> String {
    format!("{}\n", dto::watch_event(event, message(&event.kind)))
}

/// Returns the last line that programs read: how every VM was at the end.
pub fn watch_json_end(watched: &[Watched]) -> String {
    let mut whole = Document::watched(watched).whole();
    if let Some(fields) = whole.as_object_mut() {
        fields.insert("event".to_owned(), value(&"ended"));
    }
    format!("{whole}\n")
}

fn message(kind: &WatchEventKind) -> String {
    match kind {
        WatchEventKind::Watching => "is looked after".to_owned(),
        WatchEventKind::WatchedElsewhere { by } => {
            format!("is looked after by {by}; only looking until that ends")
        }
        WatchEventKind::State(state) => format!("is {state}"),
        WatchEventKind::Health { check, health, evidence } => {
            format!("{check} is {health}: {evidence}")
        }
        WatchEventKind::Harmed(trouble) => {
            format!("{trouble}; nothing is done about it (policy none)")
        }
        WatchEventKind::Recovering { trouble, policy, number, limit } => {
            format!("{trouble}; recovery {number} of {limit} ({policy}) begins")
        }
        WatchEventKind::Recovered(report) if report.steps.is_empty() => {
            "runs again already".to_owned()
        }
        WatchEventKind::Recovered(report) => {
            format!("recovered: {} ({})", told(&report.steps), human::duration(report.took))
        }
        WatchEventKind::Rehearsed(steps) => format!("would run: {}", steps.join("; ")),
        WatchEventKind::RecoveryFailed(failed) => format!("recovery failed: {}", failed.message),
        WatchEventKind::GaveUp(why) => format!("given up: {why}"),
    }
}

fn tone_of(kind: &WatchEventKind) -> Tone {
    match kind {
        WatchEventKind::Watching | WatchEventKind::State(_) => Tone::Normal,
        WatchEventKind::WatchedElsewhere { .. } | WatchEventKind::Rehearsed(_) => Tone::Dim,
        WatchEventKind::Health { health, .. } => tone(*health),
        WatchEventKind::Recovering { .. } => Tone::Warn,
        WatchEventKind::Recovered(_) => Tone::Good,
        WatchEventKind::Harmed(_)
        | WatchEventKind::RecoveryFailed(_)
        | WatchEventKind::GaveUp(_) => Tone::Bad,
    }
}

fn row(watched: &Watched) -> Vec<Cell> {
    let standing_tone = match watched.standing {
        Standing::Well => Tone::Good,
        Standing::Off => Tone::Dim,
        Standing::Unwell(_) | Standing::GivenUp(_) => Tone::Bad,
    };
    let checks = watched.checks.iter().map(|(name, health, _)| format!("{name} {health}"));
    let checks = checks.collect::<Vec<_>>().join(", ");
    vec![
        Cell::new(&watched.vm),
        watched.state.as_ref().map_or_else(|| Cell::maybe(None::<&str>), Cell::state),
        Cell::toned(standing_tone, watched.standing.as_str().replace('_', " ")),
        Cell::maybe(Some(checks).filter(|it| !it.is_empty())),
        Cell::new(watched.looks.to_string()),
        Cell::new(watched.recoveries.to_string()),
        Cell::maybe(watched.standing.why()),
    ]
}
