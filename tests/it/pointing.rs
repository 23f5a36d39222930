//! The pointer, on simulated VMs: what it does, what it refuses, and that nothing stays held.

use std::fs;

use serde_json::{Value, json};

use crate::support::command::Home;

fn desktop() -> Home {
    let home = Home::simulated();
    home.ok(&["create", "web", "--no-disk"]);
    home.ok(&["start", "web"]);
    home
}

fn up() -> Home {
    let home = desktop();
    let begun = std::time::Instant::now();
    while home.json(&["status", "web"])["items"][0]["guest_additions"]["run_level"] != 3 {
        assert!(begun.elapsed() < std::time::Duration::from_secs(30), "no desktop came");
    }
    home
}

fn world(home: &Home) -> Value {
    let file = home.path().join("state/simulator.json");
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

/// Lets calls fail whose work is done: only their report is lost.
fn lose_reports(home: &Home, kind: &str, times: u32) {
    let mut world = world(home);
    world["faults"] =
        json!([{"operation": "pointer", "kind": kind, "effect": "done", "times": times}]);
    fs::write(home.path().join("state/simulator.json"), world.to_string()).unwrap();
}

fn machine(home: &Home) -> Value {
    let machine = world(home)["vms"][0].clone();
    assert_eq!(machine["power"]["state"], "on", "{machine}");
    machine
}

#[test]
fn a_click_on_ok_closes_the_window_and_tells_so() {
    let home = up();
    let beside = home.json(&["click", "web", "300", "400", "--settle", "100ms"]);
    assert_eq!(beside["items"][0]["screen_changed"], false, "{beside}");
    let clicked = home.json(&["click", "web", "720", "466"]);
    let item = &clicked["items"][0];
    assert_eq!(item["at"], json!({"x": 720, "y": 466}));
    assert_eq!(item["screen"], json!({"width": 1024, "height": 768}));
    assert_eq!(item["screen_changed"], true, "{clicked}");
    assert_eq!(item["hash_before"], beside["items"][0]["hash_after"], "nothing else moved");
    assert_ne!(item["hash_before"], item["hash_after"]);
    assert!(item["changed_share"].as_f64().is_some_and(|share| share > 0.2), "{clicked}");
}

#[test]
fn a_drag_onto_ok_presses_nothing() {
    let home = up();
    home.ok(&["drag", "web", "300", "400", "720", "466", "--blind"]);
    assert_eq!(machine(&home)["window_closed"], Value::Null);
}

#[test]
fn a_button_is_let_go_when_the_report_of_its_press_is_lost() {
    let home = up();
    lose_reports(&home, "outcome_unknown", 1);
    let error = home.error(5, &["drag", "web", "1", "1", "9", "9", "--settle", "1ms"]);
    assert_eq!(error["code"], "outcome_unknown", "{error}");
    assert_eq!(machine(&home)["pressed_at"], Value::Null, "the button is held");
}

#[test]
fn a_button_that_cannot_be_let_go_stays_held() {
    // So that the test above can fail. First the undoing only loses its report.
    let home = up();
    lose_reports(&home, "outcome_unknown", 2);
    home.error(5, &["drag", "web", "1", "1", "9", "9", "--settle", "1ms"]);
    assert_eq!(machine(&home)["pressed_at"], Value::Null);
    // And when the undoing is refused, the button is held.
    let mut world = world(&home);
    world["faults"] = json!([
        {"operation": "pointer", "kind": "outcome_unknown", "effect": "done", "times": 1},
        {"operation": "pointer", "kind": "program_failed", "times": 1},
    ]);
    fs::write(home.path().join("state/simulator.json"), world.to_string()).unwrap();
    home.error(5, &["drag", "web", "1", "1", "9", "9", "--settle", "1ms"]);
    assert_eq!(machine(&home)["pressed_at"], json!([1, 1]));
}

#[test]
fn a_failure_that_passes_does_not_press_twice() {
    let home = up();
    lose_reports(&home, "service_unavailable", 2);
    home.ok(&["scroll", "web", "up", "3", "--blind"]);
    let shown = home.ok(&["tasks", "list", "--json"]);
    assert!(shown.contains("\"pointer\""), "{shown}");
}

#[test]
fn a_guest_that_boots_does_not_follow_the_pointer_yet() {
    let home = desktop();
    let error = home.error(4, &["click", "web", "1", "1", "--blind"]);
    assert_eq!(error["code"], "not_ready", "{error}");
    assert!(error["hint"].as_str().is_some_and(|hint| hint.contains("vm-cli wait web")), "{error}");
    home.ok(&["stop", "web", "--force"]);
    assert_eq!(home.error(4, &["click", "web", "1", "1"])["code"], "invalid_state");
    assert_eq!(home.error(3, &["click", "nobody", "1", "1"])["code"], "vm_not_found");
}

#[test]
fn a_vm_that_goes_off_in_the_middle_is_told_as_that() {
    let home = up();
    home.ok(&["stop", "web", "--force"]);
    for (operation, arguments) in [
        ("pointer", ["move", "web", "1", "1", "--blind"]),
        ("keys", ["type", "web", "a", "b", "c"]),
    ] {
        let mut world = world(&home);
        // As a call fails whose VM dies under it.
        world["faults"] = json!([{"operation": operation, "kind": "program_failed", "times": 1},
            {"operation": "screenshot", "kind": "program_failed", "times": 1}]);
        fs::write(home.path().join("state/simulator.json"), world.to_string()).unwrap();
        let error = home.error(4, &arguments);
        assert_eq!(error["code"], "invalid_state", "{error}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("went off in the middle: it is poweroff"), "{error}");
    }
}

#[test]
fn what_is_no_place_is_refused_before_anything_moves() {
    let home = up();
    let before = machine(&home);
    for arguments in [
        ["click", "web", "1024", "0"],
        ["click", "web", "0", "768"],
        ["move", "web", "4294967296", "0"],
        ["move", "web", "-1", "0"],
        ["scroll", "web", "sideways", "3"],
        ["scroll", "web", "down", "0"],
        ["scroll", "web", "down", "101"],
        ["drag", "web", "1", "2"],
    ] {
        let error = home.error(2, &arguments);
        assert!(error["hint"].as_str().is_some(), "{arguments:?}: {error}");
    }
    assert_eq!(machine(&home), before);
    home.error(2, &["click", "web", "1", "1", "--right", "--middle"]);
}

#[test]
fn what_was_pointed_at_is_in_the_audit_trail() {
    let home = up();
    home.ok(&["click", "web", "3", "4", "--blind"]);
    let audit = home.json(&["audit"]);
    assert_eq!(audit["items"][0]["action"], "click", "{audit}");
}
