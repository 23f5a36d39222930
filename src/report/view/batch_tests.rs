use std::time::Duration;

use crate::error::{Error, ErrorKind};
use crate::model::VmState;
use crate::report::{Captured, Document, Format, Style, render};
use crate::request::{Batch, BatchOutcome, Changed, Outcome, Response, Via};

fn started(vm: &str) -> BatchOutcome {
    let (vm, took) = (vm.to_owned(), Duration::from_millis(1200));
    let (outcome, state) = (Outcome::Changed, Some(VmState::Running));
    let notes = Vec::new();
    let change = Changed { vm: vm.clone(), action: "start", outcome, state, notes, took };
    BatchOutcome { vm, result: Ok(Response::Changed(change)), took }
}

fn failed(vm: &str) -> BatchOutcome {
    let error = Error::new(ErrorKind::VmNotFound, format!("there is no VM `{vm}`"))
        .about(vm)
        .hint("run `vm-cli list` to see the names");
    BatchOutcome { vm: vm.to_owned(), result: Err(error), took: Duration::from_millis(7) }
}

fn executed(vm: &str, exit_code: i32) -> BatchOutcome {
    let (vm, took) = (vm.to_owned(), Duration::from_millis(5));
    let result = Ok(Response::Executed { vm: vm.clone(), exit_code, via: Via::Ssh, took });
    BatchOutcome { vm, result, took }
}

fn shown(outcomes: Vec<BatchOutcome>, captured: &[Captured], format: Format) -> String {
    let style = Style { format, ..Style::default() };
    render(&Document::batch(&Batch { outcomes }, captured), &style).unwrap()
}

#[test]
fn people_get_one_row_a_vm_in_order() {
    let text = shown(vec![started("web"), failed("db"), started("app")], &[], Format::Plain);
    let expected = "\
VM   RESULT        STATE     TOOK  DETAIL
web  started       running  1.2 s
db   vm_not_found  -         7 ms  there is no VM `db`
app  started       running  1.2 s
";
    assert_eq!(text, expected);
}

#[test]
fn programs_get_items_and_errors_in_one_document() {
    let text = shown(vec![started("web"), failed("db")], &[], Format::Json);
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let expected = serde_json::json!({
        "schema": 1,
        "items": [
            {"vm": "web", "action": "start", "changed": true, "state": "running",
             "notes": [], "took_ms": 1200},
        ],
        "errors": [{
            "code": "vm_not_found",
            "message": "there is no VM `db`",
            "hint": "run `vm-cli list` to see the names",
            "vm": "db",
            "retryable": false,
            "causes": [],
            "attempts": [],
        }],
    });
    assert_eq!(document, expected);
}

#[test]
fn lines_tell_errors_as_a_single_failure_does() {
    let text = shown(vec![failed("db"), started("web")], &[], Format::JsonLines);
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["vm"], "web");
    assert_eq!((&lines[1]["schema"], &lines[1]["error"]["vm"]), (&1.into(), &"db".into()));
}

#[test]
fn names_are_those_that_went_well() {
    let text = shown(vec![started("web"), failed("db"), started("app")], &[], Format::Names);
    assert_eq!(text, "web\napp\n");
}

#[test]
fn what_guests_printed_stays_with_its_vm() {
    let said = |text: &str| Captured { stdout: text.into(), stderr: Vec::new() };
    let outcomes = vec![executed("web", 0), failed("db"), executed("app", 3)];
    let captured = [said("one"), said("lost"), said("three")];
    let text = shown(outcomes, &captured, Format::Json);
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let items = document["items"].as_array().unwrap();
    let told: Vec<_> = items.iter().map(|it| (&it["vm"], &it["stdout"])).collect();
    assert_eq!(told, [(&"web".into(), &"one".into()), (&"app".into(), &"three".into())]);
    assert_eq!(items[1]["exit_code"], 3);
    assert_eq!(shown(vec![executed("web", 0)], &[], Format::Plain), "", "it was streamed");
}
