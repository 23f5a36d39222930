//! Copies on the simulator: what they take over, and what must be their own.

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
