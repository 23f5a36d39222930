//! What VirtualBox holds and does not let go.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use super::world::World;

/// Returns the process of a VM of this world, by what its command line and environment hold.
pub(super) fn process_of(world: &World, name: &str) -> i32 {
    let home = world.home.path().display().to_string();
    let holds = |file: &Path, text: &str| {
        fs::read(file).is_ok_and(|bytes| String::from_utf8_lossy(&bytes).contains(text))
    };
    let is_it = |folder: &Path| {
        holds(&folder.join("cmdline"), &format!("--comment\0{name}\0"))
            && holds(&folder.join("environ"), &home)
    };
    let mut found = fs::read_dir("/proc").unwrap().flatten().filter(|it| is_it(&it.path()));
    let process = found.next().unwrap_or_else(|| panic!("`{name}` has no process"));
    process.file_name().to_string_lossy().parse().unwrap()
}

pub(super) fn signal(process: i32, name: &str) {
    let sent = std::process::Command::new("kill").args([name, &process.to_string()]).status();
    assert!(sent.unwrap().success());
}

fn running(world: &World) -> i32 {
    world.home.ok(&["create", "--name", "web", "--memory", "64", "--no-disk"]);
    world.home.ok(&["start", "web"]);
    process_of(world, "web")
}

#[test]
fn a_vm_that_hangs_is_explained_and_freed() {
    let Some(world) = World::new("unlock: a process that hangs") else { return };
    let home = &world.home;
    let process = running(&world);
    let healthy = home.json(&["unlock", "web"]);
    assert_eq!(healthy["items"][0]["session"], "held", "{healthy}");
    assert_eq!(healthy["items"][0]["session_holder"], "headless", "{healthy}");
    home.error(4, &["unlock", "web", "--force"]);
    assert_eq!(home.json(&["status", "web"])["items"][0]["state"], "running");

    signal(process, "-STOP");
    let stuck = home.json(&["unlock", "web"]);
    assert_eq!(stuck["items"][0]["session"], "silent", "{stuck}");
    assert_eq!(stuck["items"][0]["changed"], false, "{stuck}");
    let begun = Instant::now();
    let freed = home.json(&["unlock", "web", "--force"]);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert_eq!(freed["items"][0]["changed"], true, "{freed}");
    assert_eq!(freed["items"][0]["state"], "aborted", "{freed}");
    assert_eq!(freed["items"][0]["session"], "free", "{freed}");
    home.ok(&["start", "web"]);
    home.ok(&["stop", "web", "--force"]);
}

#[test]
fn virtualbox_lets_go_of_a_vm_whose_process_was_killed() {
    let Some(world) = World::new("unlock: a killed process") else { return };
    let process = running(&world);
    signal(process, "-KILL");
    world.home.ok(&["start", "web"]);
    world.home.ok(&["stop", "web", "--force"]);
    let freed = world.home.json(&["unlock", "web", "--force"]);
    assert_eq!(freed["items"][0]["changed"], false, "{freed}");
}

#[test]
fn a_vm_whose_calls_met_others_does_not_hang() {
    let Some(mut world) = World::new("unlock: calls that met others") else { return };
    running(&world);
    for fault in ["locked", "not_ready", "service"] {
        world.plan(1, &serde_json::json!([{"match": "showvminfo", "fault": fault, "times": 3}]));
        let told = world.home.json(&["unlock", "web"]);
        assert_eq!(told["items"][0]["session"], "held", "{fault}: {told}");
    }
    world.home.ok(&["stop", "web", "--force"]);
}
