//! What can be waited for, through the built program, on simulated VMs.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::support::command::{Home, Run, program_file};

fn desktop() -> Home {
    let home = Home::simulated();
    home.ok(&["create", "web", "--memory", "64", "--no-disk", "--start", "-q"]);
    home.ok(&["wait", "web", "screen-stable", "--still", "1500ms", "--timeout", "30s"]);
    home
}

fn begin(home: &Home, arguments: &[&str]) -> Child {
    let mut call = home.command(program_file());
    call.args(arguments).args(["--progress", "plain"]);
    call.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn end(child: Child) -> Run {
    Run::from(child.wait_with_output().unwrap())
}

#[test]
fn a_screen_that_is_typed_to_changes_and_another_does_not() {
    let home = desktop();
    let late = home.error(5, &["wait", "web", "screen-changed", "--timeout", "500ms"]);
    assert!(late["message"].as_str().unwrap().contains("no more than 0.1%"), "{late}");
    home.ok(&["screenshot", "web", "-o", "before.png"]);
    home.ok(&["type", "web", "hello there"]);
    let since = ["--since", "before.png", "--tolerance", "0"];
    let arguments = [&["wait", "web", "screen-changed", "--timeout", "20s"][..], &since].concat();
    home.ok(&arguments);
    home.ok(&arguments); // A level: it is still so.
    home.ok(&["screenshot", "web", "-o", "before.png"]);
    let arguments = [&["wait", "web", "screen-changed", "--timeout", "300ms"][..], &since].concat();
    assert_eq!(home.error(5, &arguments)["code"], "timed_out");
}

/// It boots at 720x400, and comes to rest at another size.
#[test]
fn a_screen_that_changes_its_size_comes_to_rest_at_the_new_one() {
    let home = desktop();
    home.ok(&["reset", "web"]);
    let begun = Instant::now();
    home.ok(&["wait", "web", "screen-stable", "--still", "1500ms", "--timeout", "30s"]);
    assert!(begun.elapsed() > Duration::from_secs(3), "two seconds to boot, and then the rest");
    let seen = home.json(&["screenshot", "web", "-o", "seen.png"])["items"][0].clone();
    assert_eq!((&seen["width"], &seen["height"]), (&1024.into(), &768.into()), "{seen}");
}

#[test]
fn a_picture_to_compare_with_must_be_one() {
    let home = desktop();
    let wait = ["wait", "web", "screen-changed", "--since"];
    let missing = home.error(3, &[&wait[..], &["nowhere.png"]].concat());
    assert_eq!(missing["code"], "file_not_found");
    std::fs::write(home.path().join("text.png"), "no picture").unwrap();
    let wrong = home.error(2, &[&wait[..], &["text.png"]].concat());
    assert!(wrong["message"].as_str().unwrap().contains("`text.png`"), "{wrong}");
}

#[test]
fn a_wait_that_was_in_vain_tells_how_the_vm_is() {
    let home = desktop();
    let late = home.error(5, &["wait", "web", "poweroff", "--timeout", "200ms"]);
    let evidence = &late["evidence"];
    assert_eq!(evidence["state"], "running", "{late}");
    assert_eq!(evidence["addresses"][0], "10.0.2.15");
    assert_eq!(evidence["forwards"][0]["guest_port"], 22);
    assert!(evidence["guest_additions_run_level"].as_u64().unwrap() >= 2);
    let picture = std::fs::read(evidence["screenshot"].as_str().unwrap()).unwrap();
    assert!(picture.starts_with(b"\x89PNG"));
    let run = home.run(&["wait", "web", "poweroff", "--timeout", "200ms"]);
    assert!(run.stderr.contains("\n  state: running\n"), "{run:#?}");
    assert!(run.stderr.contains("\n  guest additions: run level"), "{run:#?}");
    assert!(run.stderr.contains("\n  screen: "), "{run:#?}");
}

#[test]
fn a_wait_ends_at_once_when_the_vm_goes_off() {
    let home = desktop();
    let begun = Instant::now();
    let arguments = ["wait", "web", "screen-changed", "--timeout", "10m", "-vv"];
    let mut child = begin(&home, &arguments);
    let mut first = String::new();
    BufReader::new(child.stderr.as_mut().unwrap()).read_line(&mut first).unwrap();
    assert!(first.contains("begins"), "{first}");
    home.ok(&["stop", "web", "--force"]);
    let run = end(child);
    assert_eq!(run.code, 4, "{run:#?}");
    assert!(begun.elapsed() < Duration::from_mins(1), "{run:#?}");
}

#[test]
fn gone_is_a_level_and_not_a_wrong_name() {
    let home = desktop();
    assert!(home.ok(&["wait", "nobody", "gone"]).contains("nobody: gone"));
    let there = home.error(5, &["wait", "web", "gone", "--timeout", "100ms"]);
    assert!(there["message"].as_str().unwrap().contains("it is running"), "{there}");
    let id = home.json(&["status", "web"])["items"][0]["id"].as_str().unwrap().to_owned();
    // The unique start of its identity names it too.
    home.error(5, &["wait", &id[..8], "gone", "--timeout", "100ms"]);
    let child = begin(&home, &["wait", &id[..8], "gone", "--timeout", "1m"]);
    home.ok(&["delete", "web", "--force", "--yes"]);
    let run = end(child);
    assert_eq!(run.code, 0, "{run:#?}");
}

#[test]
fn a_guest_tells_of_itself_only_when_it_is_asked() {
    let home = desktop();
    home.ok(&["wait", "web", "additions"]);
    let plain = home.json(&["status", "web"]);
    assert!(plain["items"][0].get("guest").is_none(), "{plain}");
    let asked = home.json(&["status", "web", "--guest"]);
    let guest = &asked["items"][0]["guest"];
    assert_eq!(guest["addresses"][0], "10.0.2.15", "{asked}");
    assert_eq!((&guest["users"], &guest["stale"]), (&serde_json::json!([]), &false.into()));
    assert!(guest["clock_drift_ms"].is_null(), "nobody logs in: {asked}");
    let shown = home.ok(&["status", "web", "-g"]);
    assert!(shown.contains("nobody is logged in") && shown.contains("to who logs in"), "{shown}");
    let by = ["status", "web", "--guest", "--username", "admin", "--password", "password"];
    assert_eq!(home.json(&by)["items"][0]["guest"]["clock_drift_ms"], 0);
    home.error(2, &["status", "web", "--username", "admin"]);
}
