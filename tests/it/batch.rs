//! Several VMs at once, through the built program, on simulated VMs.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::command::{Home, Run, program_file};

fn home_with(names: &[&str]) -> Home {
    let home = Home::simulated();
    for name in names {
        home.ok(&["create", "--name", name, "--memory", "64", "--no-disk", "-q"]);
    }
    home
}

/// Runs with `--json` and returns the exit code and the document.
#[track_caller]
fn json_of(home: &Home, arguments: &[&str]) -> (i32, Value) {
    let run = home.run(&[arguments, &["--json"]].concat());
    let document = serde_json::from_str(&run.stdout);
    (run.code, document.unwrap_or_else(|e| panic!("{e}: {run:#?}")))
}

fn column(items: &Value, key: &str) -> Vec<String> {
    let items = items.as_array().unwrap().iter();
    items.map(|item| item[key].as_str().unwrap_or("null").to_owned()).collect()
}

fn with_stdin(home: &Home, arguments: &[&str], text: &str) -> Run {
    let mut child = home
        .command(program_file())
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    Run::from(child.wait_with_output().unwrap())
}

/// Lets the second of the next three calls of an operation fail, whatever comes.
fn break_the_second(home: &Home, operation: &str) {
    let hits = |draw: u64| fastrand::Rng::with_seed(draw).f64() < 0.5;
    let seed = (0..10_000).find(|seed| !hits(*seed) && hits(seed + 1) && !hits(seed + 2)).unwrap();
    let file = home.path().join("state/simulator.json");
    let mut world: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    world["faults"] = json!([
        {"operation": operation, "kind": "program_failed", "odds": 0.5, "seed": seed, "times": 1},
    ]);
    fs::write(&file, world.to_string()).unwrap();
}

#[test]
fn a_count_makes_numbered_vms_and_they_are_one_selection() {
    let home = Home::simulated();
    let arguments =
        ["create", "--count", "3", "--name", "test-vm-{}", "--memory", "64", "--no-disk"];
    let made = home.json(&arguments);
    let names = ["test-vm-1", "test-vm-2", "test-vm-3"];
    assert_eq!(column(&made["items"], "vm"), names);
    let mut ports: Vec<_> = made["items"].as_array().unwrap().iter().collect();
    ports.sort_by_key(|item| item["forwards"][0]["host_port"].as_u64());
    ports.dedup_by_key(|item| item["forwards"][0]["host_port"].as_u64());
    assert_eq!(ports.len(), 3, "no two lead from one port: {made}");
    let (code, again) = json_of(&home, &arguments);
    assert_eq!((code, column(&again["errors"], "code")), (8, vec!["already_exists".to_owned(); 3]));
    let kept = home.json(&[&arguments[..], &["--if-missing"]].concat());
    assert!(kept["items"].as_array().unwrap().iter().all(|item| item["changed"] == false));
    home.ok(&["delete", "test-vm-*", "--yes"]);
    assert_eq!(home.json(&["list"])["items"], json!([]));
    let unnumbered = home.json(&["create", "--count", "2", "--name", "same", "--no-disk"]);
    assert_eq!(column(&unnumbered["items"], "vm"), ["same-1", "same-2"]);
}

#[test]
fn one_name_keeps_its_shapes_and_codes() {
    let home = home_with(&["web"]);
    assert_eq!(home.ok(&["start", "web", "-q"]), "web\n");
    assert_eq!(home.error(3, &["start", "nosuch"])["code"], "vm_not_found");
    assert_eq!(home.error(4, &["delete", "web", "--yes"])["code"], "invalid_state");
    assert!(home.ok(&["stop", "web", "--force"]).starts_with("web: stopped (poweroff"));
}

#[test]
fn part_of_several_failing_is_told_in_order_with_code_8() {
    let home = home_with(&["a", "b", "c"]);
    break_the_second(&home, "start");
    let (code, document) = json_of(&home, &["start", "c", "b", "a", "--parallel", "1"]);
    assert_eq!(code, 8, "{document}");
    assert_eq!(column(&document["items"], "vm"), ["c", "a"]);
    assert_eq!(column(&document["errors"], "vm"), ["b"]);
    assert_eq!(column(&document["errors"], "code"), ["program_failed"]);
    for key in ["message", "hint", "retryable", "causes", "attempts"] {
        assert!(document["errors"][0].get(key).is_some(), "{key}: {document}");
    }
    let run = home.run(&["start", "nosuch", "a", "neither"]);
    assert_eq!(run.code, 8, "{run:#?}");
    let firsts: Vec<&str> =
        run.stdout.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(firsts, ["VM", "nosuch", "a", "neither"]);
    assert!(run.stderr.ends_with("error: 2 of 3 failed\n"), "{run:#?}");
    let all = home.run(&["start", "nosuch", "neither"]);
    assert_eq!(all.code, 8, "{all:#?}");
}

#[test]
fn fail_fast_begins_nothing_after_a_failure() {
    let home = home_with(&["a", "b", "c"]);
    break_the_second(&home, "start");
    let arguments = ["start", "--all", "--parallel", "1", "--fail-fast"];
    let (code, document) = json_of(&home, &arguments);
    assert_eq!(code, 8, "{document}");
    assert_eq!(column(&document["errors"], "code"), ["program_failed", "canceled"]);
    assert_eq!(home.json(&["status", "c"])["items"][0]["state"], "poweroff");
}

#[test]
fn a_failure_that_passes_is_tried_again_for_its_vm_alone() {
    let mut home = home_with(&["a", "b", "c"]);
    home.set("VM_CLI_RETRY_BASE_DELAY_MS", "10");
    let file = home.path().join("state/simulator.json");
    let mut world: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    world["faults"] = json!([{"operation": "start", "kind": "service_unavailable", "times": 2}]);
    fs::write(&file, world.to_string()).unwrap();
    let started = home.json(&["start", "--all"]);
    assert_eq!(column(&started["items"], "state"), ["running"; 3]);
}

#[test]
fn groups_states_and_patterns_choose() {
    let home = home_with(&["web", "db"]);
    home.ok(&["create", "--name", "test-1", "--no-disk", "--group", "/lab/deep", "-q"]);
    home.ok(&["create", "--name", "test-2", "--no-disk", "-q"]);
    home.ok(&["start", "test-1", "web", "-q"]);
    let listed = |arguments: &[&str]| home.ok(&[&["list", "-q"], arguments].concat());
    assert_eq!(listed(&["test-*"]), "test-1\ntest-2\n");
    assert_eq!(listed(&["--state", "running"]), "web\ntest-1\n");
    assert_eq!(listed(&["test-*", "--state", "running", "--group", "/lab"]), "test-1\n");
    assert_eq!(listed(&["nosuch"]), "");
    assert_eq!(home.json(&["list", "nosuch"])["items"], json!([]));
    assert_eq!(home.ok(&["stop", "--state", "running", "--force", "-q"]), "test-1\nweb\n");
    assert_eq!(home.ok(&["status", "t*-[1-9]", "-q"]), "test-1\ntest-2\n");
}

#[test]
fn an_empty_selection_is_not_found_and_says_why() {
    let home = Home::simulated();
    assert_eq!(home.error(3, &["start", "--all"])["message"], "there are no VMs");
    home.ok(&["create", "--name", "web", "--no-disk", "-q"]);
    let error = home.error(3, &["stop", "test-*", "--state", "running"]);
    assert_eq!(error["message"], "no VM matches `test-*` and is running");
    home.error(3, &["delete", "x*", "--yes"]);
    let nothing = home.json(&["delete", "x*", "--yes", "--if-exists"]);
    assert_eq!(nothing, json!({"schema": 1, "items": [], "errors": []}));
}

#[test]
fn names_come_from_standard_input() {
    let home = home_with(&["one", "two words", "three"]);
    let run = with_stdin(&home, &["start", "-", "-q"], "two words\n\none\n");
    assert_eq!((run.code, run.stdout.as_str()), (0, "two words\none\n"), "{run:#?}");
    let run = with_stdin(&home, &["start", "-"], "");
    assert_eq!(run.code, 3, "{run:#?}");
    assert!(run.stderr.contains("standard input"), "{run:#?}");
    let run = with_stdin(&home, &["delete", "-"], "one\n");
    assert_eq!(run.code, 9, "{run:#?}");
    let clash = ["exec", "-", "--password-stdin", "--", "true"];
    assert_eq!(with_stdin(&home, &clash, "one\n").code, 2);
}

#[test]
fn deleting_several_needs_a_word_and_names_them() {
    let home = home_with(&["a", "b", "c"]);
    let error = home.error(9, &["delete", "--all"]);
    assert!(error["message"].as_str().unwrap().contains("all 3 VMs (`a`, `b`, `c`)"), "{error}");
    assert!(error["hint"].as_str().unwrap().ends_with("--yes`"), "{error}");
    home.error(9, &["delete", "a", "b"]);
    assert_eq!(home.ok(&["list", "-q"]), "a\nb\nc\n");
    home.error(2, &["delete", "--all", "a", "--yes"]);
    assert_eq!(home.ok(&["delete", "--all", "--yes", "-q"]), "a\nb\nc\n");
}

#[test]
fn commands_in_several_guests_are_labelled_in_order() {
    let home = home_with(&["web", "db"]);
    home.ok(&["start", "--all", "--wait=ssh", "--timeout", "1m", "-q"]);
    let run = home.run(&["exec", "web", "db", "--command", "echo hello"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "web: hello\ndb: hello\n"), "{run:#?}");
    let run = home.run(&["exec", "db", "web", "--command", "exit 3"]);
    assert_eq!(run.code, 8, "{run:#?}");
    assert!(run.stderr.contains("`db` ended with exit code 3"), "{run:#?}");
    let (code, document) = json_of(&home, &["exec", "--all", "--command", "whoami"]);
    assert_eq!((code, column(&document["items"], "vm")), (0, vec!["db".into(), "web".into()]));
    assert!(column(&document["items"], "stdout").iter().all(|it| !it.is_empty()), "{document}");
    assert_eq!(home.run(&["exec", "web", "--command", "exit 3"]).code, 3, "one is as ever");
}

#[test]
fn snapshots_waits_and_pictures_take_several_names() {
    let home = home_with(&["a", "b"]);
    let taken = home.json(&["snapshot", "take", "a", "b", "clean"]);
    assert_eq!(column(&taken["items"], "vm"), ["a", "b"]);
    home.ok(&["snapshot", "restore", "--all", "clean"]);
    let listed = home.json(&["snapshot", "list", "a", "b"]);
    assert_eq!(column(&listed["items"], "name"), ["clean", "clean"]);
    home.ok(&["snapshot", "delete", "--name", "a", "--name", "b", "clean"]);
    home.ok(&["start", "a", "b"]);
    home.ok(&["wait", "a", "b", "running", "--timeout", "10s"]);
    home.ok(&["screenshot", "a", "b"]);
    home.ok(&["screenshot", "--all", "-o", "seen-{}.png"]);
    for file in ["a.png", "b.png", "seen-a.png", "seen-b.png"] {
        assert!(fs::read(home.path().join(file)).unwrap().starts_with(b"\x89PNG"), "{file}");
    }
    home.error(2, &["screenshot", "a", "b", "-o", "one.png"]);
}

#[test]
fn a_rehearsal_of_several_changes_nothing() {
    let home = home_with(&["a", "b"]);
    let shown = home.ok(&["start", "--all", "--dry-run"]);
    assert_eq!(shown.lines().count(), 2, "{shown}");
    assert!(shown.contains("start a") && shown.contains("start b"), "{shown}");
    let states = home.json(&["list"]);
    assert_eq!(column(&states["items"], "state"), ["poweroff"; 2]);
}
