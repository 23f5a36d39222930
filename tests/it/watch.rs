//! `recover` and `watch`, with the built program on simulated VMs that come to harm.
#![cfg(unix)]

use std::fs::{self, File};

use serde_json::{Value, json};

use crate::support::command::Home;
use crate::support::watching::Watching;

/// Makes the simulator say that this happened to a VM.
fn harm(home: &Home, name: &str, power: Value) {
    edit(home, |world| {
        let vms = world["vms"].as_array_mut().unwrap();
        let vm = vms.iter_mut().find(|vm| vm["settings"]["name"] == name).unwrap();
        vm["power"] = power;
    });
}

/// Changes the simulator's file as the simulator does: alone, and as a whole.
fn edit(home: &Home, change: impl FnOnce(&mut Value)) {
    let file = home.path().join("state/simulator.json");
    let lock = File::options().write(true).open(file.with_extension("json.lock")).unwrap();
    lock.lock().unwrap();
    let mut world = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    change(&mut world);
    let new = file.with_extension("json.new");
    fs::write(&new, world.to_string()).unwrap();
    fs::rename(&new, &file).unwrap();
}

fn aborted() -> Value {
    json!({"state": "aborted", "since_ms": 0})
}

fn running(names: &[&str]) -> Home {
    let home = Home::simulated();
    for name in names {
        home.ok(&["create", "--name", name, "--no-disk", "--ssh-port", "none", "--start"]);
    }
    home
}

fn state(home: &Home, name: &str) -> String {
    home.json(&["status", name])["items"][0]["state"].as_str().unwrap().to_owned()
}

/// Counts the recoveries that are in the journal.
fn recoveries(home: &Home) -> usize {
    let tasks = home.json(&["tasks", "list"]);
    tasks["items"].as_array().unwrap().iter().filter(|it| it["type"] == "recover").count()
}

#[test]
fn every_kind_of_harm_is_diagnosed_rehearsed_and_mended() {
    let home = running(&["web"]);
    let saved = json!({"state": "saved", "since_ms": 0, "uptime_ms": 1, "damaged": true});
    for (power, trouble, clue, steps) in [
        (aborted(), "aborted", "process_ended", vec!["start"]),
        (
            json!({"state": "stuck", "since_ms": 0}),
            "stuck",
            "guru_meditation",
            vec!["emergency_stop", "start"],
        ),
        (saved, "saved_state_unreadable", "saved_state", vec!["discard_saved_state", "start"]),
    ] {
        harm(&home, "web", power);
        let found = home.json(&["recover", "web"])["items"][0].clone();
        assert_eq!((&found["trouble"], &found["changed"]), (&json!(trouble), &json!(false)));
        assert_eq!(found["clues"][0]["kind"], clue, "{found}");
        let rehearsed = home.ok(&["recover", "web", "--policy", "restart", "--dry-run"]);
        assert_eq!(rehearsed.lines().count(), steps.len(), "{rehearsed}");
        assert_ne!(state(&home, "web"), "running", "a rehearsal changes nothing");
        let mended = home.json(&["recover", "web", "--policy", "restart"])["items"][0].clone();
        assert_eq!(mended["steps"], json!(steps), "{mended}");
        assert_eq!((&mended["changed"], &mended["state"]), (&json!(true), &json!("running")));
        assert_eq!(state(&home, "web"), "running");
    }
    let again = home.json(&["recover", "web", "--policy", "restart"])["items"][0].clone();
    assert_eq!((&again["trouble"], &again["changed"]), (&Value::Null, &json!(false)));
    assert_eq!(home.json(&["metrics"])["tasks"]["vms_recovered"], 3);
    let audit = home.json(&["audit"]);
    let recovered = |it: &&Value| it["action"] == "recover" && it["vm"] == "web";
    let lines = audit["items"].as_array().unwrap().iter().filter(recovered).count();
    assert_eq!(lines, 4, "diagnoses and rehearsals change nothing: {audit}");
}

#[test]
fn a_start_that_a_saved_state_stops_names_what_helps() {
    let home = running(&["web"]);
    let damaged = json!({"state": "saved", "since_ms": 0, "uptime_ms": 1, "damaged": true});
    harm(&home, "web", damaged);
    let error = home.error(4, &["start", "web"]);
    assert_eq!(error["code"], "saved_state_unreadable", "{error}");
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.contains("`vm-cli recover web --policy restart`"), "{hint}");
}

#[test]
fn a_snapshot_is_gone_back_to_and_a_vm_without_one_is_left_as_it_is() {
    let home = running(&["web"]);
    harm(&home, "web", json!({"state": "stuck", "since_ms": 0}));
    let error = home.error(3, &["recover", "web", "--policy", "restore-snapshot"]);
    assert_eq!(error["code"], "snapshot_not_found", "{error}");
    assert_eq!(state(&home, "web"), "stuck", "nothing was ended that could not be put back");
    harm(&home, "web", json!({"state": "off", "since_ms": 0}));
    home.ok(&["snapshot", "take", "web", "clean"]);
    home.ok(&["snapshot", "take", "web", "later"]);
    harm(&home, "web", aborted());
    let mended = home.json(&["recover", "web", "--snapshot", "clean"])["items"][0].clone();
    assert_eq!(mended["steps"], json!(["restore_snapshot", "start"]), "{mended}");
    let snapshots = home.json(&["snapshot", "list", "web"]);
    let current = snapshots["items"].as_array().unwrap().iter().find(|it| it["current"] == true);
    assert_eq!(current.unwrap()["name"], "clean", "{snapshots}");
}

#[test]
fn a_vm_that_dies_comes_back_until_it_has_died_too_often() {
    let home = running(&["web"]);
    let limits = ["--max-recoveries", "2", "--interval", "50ms", "--policy", "restart"];
    let mut watch = Watching::begin(&home, &[["web"].as_slice(), &limits].concat());
    watch.next_with("state", "state", "running");
    for number in [1, 2] {
        harm(&home, "web", aborted());
        let begun = watch.next("recovering");
        assert_eq!((&begun["number"], &begun["limit"]), (&json!(number), &json!(2)));
        let done = watch.next("recovered");
        assert_eq!(done["recovery"]["steps"], json!(["start"]), "{done}");
        assert_eq!(state(&home, "web"), "running");
    }
    harm(&home, "web", aborted());
    let why = watch.next("gave_up")["message"].to_string();
    assert!(why.contains("2 recoveries within 60 min"), "{why}");
    let (code, summary) = watch.end();
    assert_eq!((code, &summary["items"][0]["standing"]), (8, &json!("given_up")), "{summary}");
    assert_eq!((recoveries(&home), state(&home, "web").as_str()), (2, "aborted"));

    // Who starts it anew, such as a service manager, does not begin to count anew.
    let mut anew = Watching::begin(&home, &[["web"].as_slice(), &limits].concat());
    anew.next("gave_up");
    assert_eq!(anew.end().0, 8);
    assert_eq!(recoveries(&home), 2);
}

#[test]
fn a_recovery_that_fails_is_told_and_tried_again() {
    let home = running(&["web"]);
    harm(&home, "web", aborted());
    edit(&home, |world| {
        world["faults"] = json!([{"operation": "start", "kind": "disk_full", "times": 1}]);
    });
    let mut watch = Watching::begin(&home, &["web", "--policy", "restart", "--interval", "50ms"]);
    assert_eq!(watch.next("recovery_failed")["error"]["code"], "disk_full");
    watch.next("recovered");
    assert_eq!(watch.interrupt().0, 0);
}

#[test]
fn what_a_person_stops_stays_off_unless_it_must_run() {
    let home = running(&["web"]);
    let base = ["web", "--policy", "restart", "--interval", "50ms"];
    let mut watch = Watching::begin(&home, &base);
    watch.next_with("state", "state", "running");
    home.ok(&["stop", "web", "--force"]);
    watch.next_with("state", "state", "poweroff");
    let (code, summary) = watch.interrupt();
    assert_eq!((code, &summary["items"][0]["standing"]), (0, &json!("off")), "{summary}");
    assert_eq!(recoveries(&home), 0);

    let mut watch = Watching::begin(&home, &[base.as_slice(), &["--keep-running"]].concat());
    assert_eq!(watch.next("recovering")["trouble"], "off");
    watch.next("recovered");
    assert_eq!(state(&home, "web"), "running");
    assert_eq!(watch.interrupt().0, 0);
}

#[test]
fn a_guest_that_was_asked_to_go_off_is_not_taken_for_one_that_died() {
    let home = running(&["web"]);
    // It has not booted yet: it goes off when it has, and answers nothing until then.
    home.error(5, &["stop", "web", "--timeout", "50ms"]);
    let strict = ["--check", "ssh", "--failures", "1", "--grace", "0", "--interval", "50ms"];
    let mut watch =
        Watching::begin(&home, &[["web", "--policy", "restart"].as_slice(), &strict].concat());
    watch.next_with("health", "health", "unhealthy");
    watch.next_with("state", "state", "poweroff");
    assert_eq!((watch.interrupt().0, recoveries(&home)), (0, 0));
}

#[test]
fn without_a_policy_and_in_a_rehearsal_nothing_is_done() {
    let home = running(&["web"]);
    harm(&home, "web", aborted());
    let mut watch = Watching::begin(&home, &["web", "--interval", "50ms"]);
    assert_eq!(watch.next("harmed")["trouble"], "aborted");
    assert_eq!(watch.interrupt().0, 0);
    let rehearsal = ["web", "--interval", "50ms", "--policy", "restart", "--dry-run"];
    let mut watch = Watching::begin(&home, &rehearsal);
    let steps = watch.next("rehearsed")["steps"].clone();
    assert!(steps[0].as_str().unwrap().contains("start web"), "{steps}");
    watch.interrupt();
    assert_eq!((recoveries(&home), state(&home, "web").as_str()), (0, "aborted"));
}

#[test]
fn of_two_watches_one_acts_and_when_it_is_killed_the_other_does() {
    let home = running(&["web"]);
    let arguments = ["web", "--policy", "restart", "--interval", "50ms"];
    let mut first = Watching::begin(&home, &arguments);
    first.next("watching");
    let mut second = Watching::begin(&home, &arguments);
    let by = second.next("watched_elsewhere")["message"].to_string();
    assert!(by.contains(&format!("pid {}", first.pid())), "{by}");
    harm(&home, "web", aborted());
    first.next("recovered");
    assert_eq!(recoveries(&home), 1);
    first.kill();
    second.next("watching");
    harm(&home, "web", aborted());
    assert_eq!(second.next("recovering")["number"], 2, "what the first did counts");
    second.next("recovered");
    let (code, summary) = second.interrupt();
    assert_eq!((code, &summary["items"][0]["recoveries"]), (0, &json!(1)), "{summary}");
    assert_eq!(recoveries(&home), 2);
}

#[test]
fn a_guest_that_no_longer_answers_is_restarted_and_a_warning_is_only_told() {
    let home = running(&["web"]);
    home.ok(&["wait", "web", "ssh"]);
    let never = json!([{"operation": "exec", "kind": "guest_unreachable"}]);
    let base = ["web", "--policy", "restart", "--interval", "50ms", "--failures", "2"];
    let mut watch = Watching::begin(&home, &[base.as_slice(), &["--warn", "ssh"]].concat());
    watch.next_with("health", "health", "healthy");
    edit(&home, |world| world["faults"] = never.clone());
    watch.next_with("health", "health", "unhealthy");
    let (code, summary) = watch.interrupt();
    assert_eq!((code, recoveries(&home)), (0, 0), "{summary}");

    edit(&home, |world| world["faults"] = json!([]));
    let mut watch =
        Watching::begin(&home, &[base.as_slice(), &["--check", "ssh,heartbeat"]].concat());
    watch.next_with("health", "check", "ssh");
    edit(&home, |world| world["faults"] = never);
    let begun = watch.next("recovering");
    assert_eq!(begun["trouble"], "unhealthy");
    assert!(begun["message"].as_str().unwrap().starts_with("ssh: "), "{begun}");
    let done = watch.next("recovered");
    assert_eq!(done["recovery"]["steps"], json!(["power_off", "start"]));
    // Now it boots, and has five minutes to show its banner.
    watch.next_with("health", "check", "heartbeat");
    assert_eq!((watch.interrupt().0, recoveries(&home)), (0, 1));
}

#[test]
fn one_look_tells_by_its_exit_code_whether_all_are_well() {
    let home = running(&["web", "db"]);
    home.ok(&["watch", "--all", "--once"]);
    harm(&home, "db", aborted());
    let run = home.run(&["watch", "--all", "--once", "--json", "--policy", "restart"]);
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(run.code, 8, "{document}");
    let standing = |place: usize| document["items"][place]["standing"].as_str().unwrap();
    assert_eq!((standing(0), standing(1)), ("unwell", "well"), "{document}");
    assert_eq!(recoveries(&home), 0, "one look does nothing");
    home.error(3, &["watch", "nosuch"]);
    home.error(2, &["watch", "web", "--check", "nosuch"]);
}

#[test]
fn a_time_that_is_over_and_a_reader_that_is_gone_end_it_well() {
    let home = running(&["web"]);
    let run = home.run(&["watch", "web", "--interval", "100ms", "--for", "300ms"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stderr.contains("web: is looked after"), "{run:?}");
    assert!(run.stdout.contains("well"), "{run:?}");
    // Nothing more is told of a VM that is well: the reader must be missed without it.
    for piped in ["watch web --interval 50ms --json | head -n 2", "logs --follow | true"] {
        let piped = format!("vm-cli {piped}; echo code ${{PIPESTATUS[0]}}");
        let output = home.command("bash").args(["-c", &piped]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains("code 0"), "{piped}: {text}");
    }
}
