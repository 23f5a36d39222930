use crate::report::Document;
use crate::report::cell::Cell;
use crate::report::document::Body;
use crate::report::dto::{ChangedItem, CreatedItem};
use crate::report::human;
use crate::report::sheet::Sheet;
use crate::request::{Changed, Creation, Outcome};

/// What was asked, and how it is told when it was done. Other words are told as they are.
const DONE: [(&str, &str); 22] = [
    ("start", "started"),
    ("stop", "stopped"),
    ("restart", "restarted"),
    ("reset", "reset"),
    ("pause", "paused"),
    ("resume", "resumed"),
    ("delete", "deleted"),
    ("export", "exported"),
    ("forward-remove", "forward removed"),
    ("template-save", "template saved"),
    ("template-delete", "template deleted"),
    ("wait", "ready"),
    ("type", "typed"),
    ("key", "pressed"),
    ("display-off", "display off"),
    ("rollback", "rolled back"),
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
        (Outcome::Unchanged, None) if change.action == "wait" => format!("{}: gone", change.vm),
        (Outcome::Unchanged, None) => format!("{}: nothing to do", change.vm),
    };
    let names = vec![change.vm.clone()];
    let mut lines = vec![line];
    lines.extend(change.notes.iter().map(|note| format!("{}: {note}", change.vm)));
    Document::items(&[ChangedItem::from(change)], Body::Lines(lines), names)
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
    Document::items(&[CreatedItem::of("create", creation)], Body::Sheet(sheet), names)
}

/// Tells of copies, one line each; what all of them share is told once.
pub(super) fn copied(action: &'static str, made: &[Creation]) -> Document {
    let done = match action {
        "clone" => "cloned",
        "create" => "created",
        _ => "imported",
    };
    let line = |creation: &Creation| {
        let forwards = creation.forwards.iter().map(|forward| format!("{forward}, "));
        let (name, took) = (&creation.name, human::duration(creation.took));
        format!("{name}: {done} ({}{took})", forwards.collect::<String>())
    };
    let mut lines: Vec<String> = made.iter().map(line).collect();
    let mut notes: Vec<&String> = made.iter().flat_map(|creation| &creation.notes).collect();
    notes.dedup();
    lines.extend(notes.into_iter().map(|note| format!("note: {note}")));
    let items: Vec<CreatedItem> = made.iter().map(|it| CreatedItem::of(action, it)).collect();
    Document::items(&items, Body::Lines(lines), made.iter().map(|it| it.name.clone()).collect())
}
