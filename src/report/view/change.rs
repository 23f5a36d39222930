use crate::report::Document;
use crate::report::cell::Cell;
use crate::report::document::Body;
use crate::report::dto::{ChangedItem, CreatedItem};
use crate::report::human;
use crate::report::sheet::Sheet;
use crate::request::{Changed, Creation, Outcome};

/// What was asked, and how it is told when it was done. Other words are told as they are.
const DONE: [(&str, &str); 14] = [
    ("start", "started"),
    ("stop", "stopped"),
    ("restart", "restarted"),
    ("reset", "reset"),
    ("pause", "paused"),
    ("resume", "resumed"),
    ("delete", "deleted"),
    ("wait", "ready"),
    ("snapshot-take", "snapshot taken"),
    ("snapshot-restore", "snapshot restored"),
    ("snapshot-delete", "snapshot deleted"),
    ("snapshot take", "snapshot taken"),
    ("snapshot restore", "snapshot restored"),
    ("snapshot delete", "snapshot deleted"),
];

/// Tells that something was done.
pub(super) fn done_word(action: &'static str) -> &'static str {
    DONE.iter().find(|(asked, _)| *asked == action).map_or(action, |(_, done)| *done)
}

pub(super) fn changed(change: &Changed) -> Document {
    let done = done_word(change.action);
    let state = change.state.as_ref().map(ToString::to_string);
    let line = match (change.outcome, state) {
        (Outcome::Changed, Some(state)) => {
            format!("{}: {done} ({state}, {})", change.vm, human::duration(change.took))
        }
        (Outcome::Changed, None) => {
            format!("{}: {done} ({})", change.vm, human::duration(change.took))
        }
        (Outcome::Unchanged, Some(state)) => format!("{}: {state} already", change.vm),
        (Outcome::Unchanged, None) => format!("{}: nothing to do", change.vm),
    };
    let names = vec![change.vm.clone()];
    Document::items(&[ChangedItem::from(change)], Body::Lines(vec![line]), names)
}

pub(super) fn created(creation: &Creation) -> Document {
    let port = creation.remote_display_port.map(|port| format!("port {port}"));
    let sheet = Sheet::default()
        .row("created", &creation.name)
        .cell("state", Cell::state(&creation.state))
        .row("id", creation.id.to_string())
        .cells("forwards", creation.forwards.iter().map(|f| Cell::new(f.to_string())))
        .row_if("remote display", port)
        .cells("note", creation.notes.iter().map(Cell::new))
        .row("took", human::duration(creation.took));
    let names = vec![creation.name.clone()];
    Document::items(&[CreatedItem::from(creation)], Body::Sheet(sheet), names)
}
