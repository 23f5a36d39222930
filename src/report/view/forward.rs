use crate::model::Forward;
use crate::report::Document;
use crate::report::cell::Cell;
use crate::report::document::Body;
use crate::report::dto::{ForwardItem, ForwardedItem};
use crate::report::human;
use crate::report::table::{Column, Table};
use crate::request::{Forwarded, Outcome};

pub(super) fn list(vm: &str, forwards: &[Forward]) -> Document {
    let columns = vec![
        Column::left("name", "FORWARD"),
        Column::left("protocol", "PROTOCOL"),
        Column::left("host_address", "ADDRESS"),
        Column::right("host_port", "HOST PORT"),
        Column::right("guest_port", "GUEST PORT"),
    ];
    let row = |forward: &Forward| {
        let address = forward.host_address.map_or_else(|| "*".to_owned(), |it| it.to_string());
        vec![
            Cell::new(&forward.name),
            Cell::new(forward.protocol.to_string()),
            Cell::new(address),
            Cell::new(forward.host_port.to_string()),
            Cell::new(forward.guest_port.to_string()),
        ]
    };
    let rows = forwards.iter().map(row).collect();
    let items: Vec<ForwardItem> = forwards.iter().map(|it| ForwardItem::of(vm, it)).collect();
    let names = forwards.iter().map(|it| it.name.clone()).collect();
    Document::items(&items, Body::Table(Table { columns, rows }), names)
}

pub(super) fn forwarded(forwarded: &Forwarded) -> Document {
    let Forwarded { vm, forward, outcome, took } = forwarded;
    let line = match outcome {
        Outcome::Changed => format!("{vm}: {forward} ({})", human::duration(*took)),
        Outcome::Unchanged => format!("{vm}: {forward} already"),
    };
    let names = vec![forward.name.clone()];
    Document::items(&[ForwardedItem::from(forwarded)], Body::Lines(vec![line]), names)
}
