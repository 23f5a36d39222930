//! Forwards are where they are said to be, whoever was quicker.

use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::world::World;
use crate::support::command::program_file;

fn tiny(name: &str) -> Vec<&str> {
    vec!["create", name, "--memory", "64", "--no-disk", "--os-type", "Linux_64"]
}

/// Returns whether somebody listens there within a few seconds.
fn listens(port: u16) -> bool {
    let deadline = Instant::now() + Duration::from_secs(10);
    while Instant::now() < deadline {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    false
}

#[test]
fn a_port_that_was_taken_while_the_vm_was_off_is_moved_before_the_start() {
    let Some(mut world) = World::new("a port is moved before the start") else { return };
    world.home.set("VM_CLI_NETWORKING_SSH_PORT_RANGE", "[24850,24859]");
    let home = &world.home;
    home.ok(&tiny("web"));
    let taken = TcpListener::bind(("127.0.0.1", 24_850)).unwrap();
    let started = home.json(&["start", "web"]);
    let note = started["items"][0]["notes"][0].as_str().unwrap_or_default();
    assert!(note.contains("24850 was taken") && note.contains("24851"), "{started}");
    assert!(listens(24_851));
    let listed = home.json(&["forward", "list", "web"]);
    assert_eq!(listed["items"][0]["host_port"], 24_851, "{listed}");
    drop(taken);
    // It keeps the port that it has now.
    home.ok(&["stop", "web", "--force"]);
    let again = home.json(&["start", "web"]);
    assert_eq!(again["items"][0]["notes"].as_array().map(Vec::len), Some(0), "{again}");
    assert!(listens(24_851));
}

#[test]
fn a_forward_that_virtualbox_could_not_set_up_is_moved_after_the_start() {
    let Some(mut world) = World::new("a port is moved after the start") else { return };
    world.home.set("VM_CLI_NETWORKING_SSH_PORT_RANGE", "[24860,24869]");
    let log = world.observe();
    let plan = world.home.path().join("plan.json");
    let rules = r#"{"rules": [{"match": "startvm", "fault": "slow", "ms": 2500, "times": 1}]}"#;
    std::fs::write(&plan, rules).unwrap();
    world.home.set("FAKE_VBOXMANAGE_PLAN", plan.display().to_string());
    let home = &world.home;
    home.ok(&tiny("web"));
    let mut command = home.command(program_file());
    command.args(["start", "web", "--json"]).stdout(Stdio::piped()).stderr(Stdio::null());
    let run = command.spawn().unwrap();
    // VBoxManage was called, and is held back for a moment.
    let begun = Instant::now();
    while !std::fs::read_to_string(&log).unwrap_or_default().contains("startvm") {
        assert!(begun.elapsed() < Duration::from_secs(20), "it never starts");
        std::thread::sleep(Duration::from_millis(20));
    }
    let _taken = TcpListener::bind(("127.0.0.1", 24_860)).unwrap();
    let output = run.wait_with_output().unwrap();
    let started: Value = serde_json::from_slice(&output.stdout).unwrap();
    let note = started["items"][0]["notes"][0].as_str().unwrap_or_default();
    assert!(note.contains("24860 was taken") && note.contains("24861"), "{started}");
    assert!(listens(24_861));
    let listed = home.json(&["forward", "list", "web"]);
    assert_eq!(listed["items"][0]["host_port"], 24_861, "{listed}");
}

#[test]
fn forwards_change_while_a_vm_runs_and_while_it_is_off() {
    let Some(mut world) = World::new("forward add, list, remove") else { return };
    world.home.set("VM_CLI_NETWORKING_SSH_PORT_RANGE", "[24870,24879]");
    let home = &world.home;
    let mut create = tiny("web");
    let iso = world.guest_iso();
    create.extend(["--ssh-port", "none", "--iso", &iso]);
    home.ok(&create);
    let added = home.json(&["forward", "add", "web", "ssh:free:22"]);
    assert_eq!(added["items"][0]["host_port"], 24_870, "{added}");
    assert_eq!(added["items"][0]["host_address"], "127.0.0.1", "{added}");
    home.ok(&["start", "web"]);
    assert!(listens(24_870));
    let live = home.json(&["forward", "add", "web", "http:24875:80"]);
    assert_eq!(live["items"][0]["changed"], true);
    assert!(listens(24_875));
    let again = home.json(&["forward", "add", "web", "http:24875:80"]);
    assert_eq!(again["items"][0]["changed"], false);
    home.error(4, &["forward", "add", "web", "http:24876:80"]);
    let taken = TcpListener::bind(("127.0.0.1", 24_877)).unwrap();
    let refused = home.error(4, &["forward", "add", "web", "other:24877:81"]);
    assert!(refused["message"].as_str().unwrap().contains("24877"), "{refused}");
    drop(taken);
    home.ok(&["forward", "remove", "web", "http"]);
    let free = TcpListener::bind(("127.0.0.1", 24_875)).is_ok();
    assert!(free, "nobody listens any more");
    let missing = home.error(3, &["forward", "remove", "web", "htt"]);
    assert_eq!(missing["code"], "not_found");
    home.ok(&["stop", "web", "--force"]);
    home.ok(&["forward", "remove", "web", "ssh"]);
    assert_eq!(home.json(&["forward", "list", "web"])["items"].as_array().map(Vec::len), Some(0));
}
