use std::time::Duration;

use super::{changed, id, shown, vm};
use crate::model::VmState;
use crate::report::Format;
use crate::request::{Creation, Forwarded, Outcome, Response};

#[test]
fn a_change_is_a_sentence_or_an_item() {
    let done = changed(Outcome::Changed);
    assert_eq!(shown(&done, Format::Table), "web: started (running, 1.2 s)\n");
    assert_eq!(shown(&changed(Outcome::Unchanged), Format::Table), "web: running already\n");
    assert_eq!(shown(&done, Format::Names), "web\n");
    let item = "{\"vm\":\"web\",\"action\":\"start\",\"changed\":true,\"state\":\"running\",\
                \"notes\":[],\"took_ms\":1234}\n";
    assert_eq!(shown(&done, Format::JsonLines), item);
}

#[test]
fn what_should_be_known_of_a_change_has_a_line_and_a_key() {
    let Response::Changed(mut change) = changed(Outcome::Changed) else { panic!("no change") };
    change.notes.push("host port 2222 was taken".to_owned());
    let response = Response::Changed(change);
    let expected = "web: started (running, 1.2 s)\nweb: host port 2222 was taken\n";
    assert_eq!(shown(&response, Format::Table), expected);
    assert!(shown(&response, Format::Json).contains("\"notes\": [\n"));
}

#[test]
fn copies_have_a_line_each_and_what_they_share_is_told_once() {
    let copy = |name: &str| Creation {
        name: name.to_owned(),
        id: id(),
        state: VmState::PoweredOff,
        forwards: Vec::new(),
        remote_display_port: None,
        notes: vec!["from a snapshot".to_owned()],
        took: Duration::from_millis(50),
    };
    let response = Response::Copied { action: "clone", made: vec![copy("a"), copy("b")] };
    let expected = "a: cloned (50 ms)\nb: cloned (50 ms)\nnote: from a snapshot\n";
    assert_eq!(shown(&response, Format::Table), expected);
    assert_eq!(shown(&response, Format::Names), "a\nb\n");
    assert!(shown(&response, Format::JsonLines).contains("\"action\":\"clone\""));
}

#[test]
fn forwards_are_rows_and_one_is_a_sentence() {
    let forward = vm().forwards().next().cloned().unwrap();
    let list = Response::Forwards { vm: "web".to_owned(), forwards: vec![forward.clone()] };
    assert!(shown(&list, Format::Table).contains("ssh"));
    assert!(shown(&list, Format::JsonLines).contains("\"vm\":\"web\",\"name\":\"ssh\""));
    let (outcome, took) = (Outcome::Unchanged, Duration::from_millis(1));
    let added = Forwarded { vm: "web".to_owned(), forward, outcome, took };
    let shown = shown(&Response::Forwarded(added), Format::Table);
    assert_eq!(shown, "web: ssh 127.0.0.1:2222 -> 22 already\n");
}
