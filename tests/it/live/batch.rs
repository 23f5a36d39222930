//! Several VMs at once on a real VirtualBox.

use std::collections::HashSet;

use serde_json::Value;

use super::world::World;

fn names(document: &Value) -> Vec<&str> {
    let items = document["items"].as_array().unwrap().iter();
    items.map(|item| item["vm"].as_str().or(item["name"].as_str()).unwrap()).collect()
}

#[test]
fn five_vms_are_made_started_shown_stopped_and_deleted_at_once() {
    let Some(world) = World::new("batch") else { return };
    let home = &world.home;
    let five = ["test-vm-1", "test-vm-2", "test-vm-3", "test-vm-4", "test-vm-5"];
    let made = home.json(&[
        "create",
        "--count",
        "5",
        "--name",
        "test-vm-{}",
        "--memory",
        "32",
        "--no-disk",
        "--cpus",
        "1",
        "--os-type",
        "Linux_64",
        "--firmware",
        "bios",
        "--graphics",
        "vboxvga",
        "--parallel",
        "5",
    ]);
    assert_eq!(names(&made), five);
    let items = made["items"].as_array().unwrap().iter();
    let ports: HashSet<_> =
        items.map(|item| item["forwards"][0]["host_port"].as_u64().unwrap()).collect();
    assert_eq!(ports.len(), 5, "{made}");
    home.ok(&["create", "--name", "other", "--memory", "32", "--no-disk", "--os-type", "Linux_64"]);
    let started = home.json(&["start", "test-vm-*"]);
    assert_eq!(names(&started), five);
    let seen = home.json(&["status", "--all"]);
    assert_eq!(seen["items"].as_array().map(Vec::len), Some(6), "{seen}");
    let running = home.ok(&["list", "--state", "running", "-q"]);
    assert_eq!(running.lines().collect::<HashSet<_>>(), HashSet::from(five));
    let paused = home.json(&["pause", "test-vm-2", "test-vm-4"]);
    assert_eq!(names(&paused), ["test-vm-2", "test-vm-4"]);
    assert_eq!(home.ok(&["list", "--state", "paused", "-q"]).lines().count(), 2);
    let run = home.run(&["delete", "--all", "--yes"]);
    assert_eq!(run.code, 8, "those that run are refused: {run:#?}");
    assert_eq!(home.ok(&["list", "-q"]).lines().count(), 5, "the other one is gone");
    home.ok(&["delete", "--all", "--yes", "--force"]);
    assert_eq!(home.ok(&["list", "-q"]), "");
    assert_eq!(std::fs::read_dir(home.path().join("vms")).map_or(0, Iterator::count), 0);
}
