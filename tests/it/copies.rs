//! Copies on the simulator: what they take over, and what must be their own.

use std::fs;

use serde_json::Value;

use crate::support::command::Home;

fn forwards(home: &Home, vm: &str) -> Vec<(String, u64)> {
    let status = home.json(&["status", vm]);
    let found = status["items"][0]["adapters"][0]["forwards"].as_array().unwrap();
    let pair =
        |it: &Value| (it["name"].as_str().unwrap().to_owned(), it["host_port"].as_u64().unwrap());
    found.iter().map(pair).collect()
}

#[test]
fn a_copy_of_a_snapshot_gets_ports_of_its_own_for_the_forwards_of_the_snapshot() {
    let home = Home::simulated();
    home.ok(&["create", "web", "--no-disk", "--ssh-port", "none", "--forward", "old:28080:80"]);
    home.ok(&["snapshot", "take", "web", "s"]);
    home.ok(&["forward", "remove", "web", "old"]);
    home.ok(&["forward", "add", "web", "new:free:81"]);
    home.ok(&["clone", "web", "copy", "--linked", "--snapshot", "s"]);
    let taken_over = forwards(&home, "copy");
    let [(name, port)] = taken_over.as_slice() else { panic!("{taken_over:?}") };
    assert_eq!(name, "old");
    assert_ne!(*port, 28080, "that is the original's");
    let again =
        home.error(4, &["create", "other", "--no-disk", "--forward", &format!("x:{port}:80")]);
    assert!(again["message"].as_str().unwrap().contains("not free"), "it is leased: {again}");
}

#[test]
fn two_vms_cannot_be_made_with_one_port() {
    let home = Home::simulated();
    let make =
        |name| ["create", name, "--no-disk", "--ssh-port", "none", "--forward", "w:28081:80"];
    home.ok(&make("web"));
    home.error(4, &make("db"));
    home.error(3, &["status", "db"]);
    home.ok(&["delete", "web", "--yes"]);
    home.ok(&make("db"));
}

#[test]
fn a_forward_that_a_snapshot_brings_back_is_moved_if_another_vm_has_its_port_by_now() {
    let home = Home::simulated();
    let none = ["--no-disk", "--ssh-port", "none"];
    let make = |name, forward| {
        home.ok(&[&["create", name, "--forward", forward][..], &none].concat());
    };
    make("web", "w:28082:80");
    home.ok(&["snapshot", "take", "web", "s"]);
    home.ok(&["forward", "remove", "web", "w"]);
    // Nobody has it: it is had again.
    home.ok(&["snapshot", "restore", "web", "s"]);
    home.error(4, &[&["create", "db", "--forward", "w:28082:80"][..], &none].concat());
    home.ok(&["forward", "remove", "web", "w"]);
    make("db", "w:28082:80");
    let restored = home.json(&["snapshot", "restore", "web", "s"]);
    assert!(restored["items"][0]["notes"][0].as_str().unwrap().contains("28082"), "{restored}");
    assert_eq!(forwards(&home, "db"), [("w".to_owned(), 28082)]);
    assert_ne!(forwards(&home, "web")[0].1, 28082);
}

#[test]
fn a_forward_that_was_added_in_spite_of_a_lost_answer_keeps_its_port() {
    let home = Home::simulated();
    home.ok(&["create", "web", "--no-disk"]);
    let file = home.path().join("state/simulator.json");
    let mut world: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    world["faults"] = serde_json::json!([
        {"operation": "forward", "kind": "outcome_unknown", "effect": "done", "times": 1},
        {"operation": "forward", "kind": "outcome_unknown", "effect": "refused", "times": 1},
    ]);
    fs::write(&file, world.to_string()).unwrap();
    home.ok(&["forward", "add", "web", "a:28083:80"]);
    home.error(5, &["forward", "add", "web", "b:28084:80"]);
    let other = ["create", "db", "--no-disk", "--forward"];
    home.error(4, &[&other[..], &["x:28083:80"]].concat());
    home.ok(&[&other[..], &["x:28084:80"]].concat());
}
