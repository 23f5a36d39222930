//! Limits hold among processes, and a place that is waited for is got.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::world::World;
use crate::support::command::{Home, program_file};

fn begin(home: &Home, arguments: &[&str]) -> Child {
    let mut command: Command = home.command(program_file());
    command.args(arguments).arg("--json").stdout(Stdio::piped()).stderr(Stdio::null());
    command.spawn().unwrap()
}

fn end(child: Child) -> (i32, Value) {
    let output = child.wait_with_output().unwrap();
    let document = serde_json::from_slice(&output.stdout).unwrap();
    (output.status.code().unwrap_or(-1), document)
}

fn running(home: &Home) -> usize {
    let listed = home.json(&["list"]);
    let vms = listed["items"].as_array().unwrap().iter();
    vms.filter(|vm| vm["state"] == "running").count()
}

fn four_starts_for_two_places(home: &Home) {
    let names: Vec<String> = (1..=4).map(|n| format!("vm-{n}")).collect();
    for name in &names {
        home.ok(&["create", name, "--memory", "64", "--no-disk", "--nic", "none", "-q"]);
    }
    let children: Vec<Child> = names.iter().map(|name| begin(home, &["start", name])).collect();
    let ends: Vec<(i32, Value)> = children.into_iter().map(end).collect();
    let mut codes: Vec<i32> = ends.iter().map(|(code, _)| *code).collect();
    codes.sort_unstable();
    assert_eq!(codes, [0, 0, 9, 9], "{ends:#?}");
    assert_eq!(running(home), 2);
    let (refused, started): (Vec<_>, Vec<_>) =
        names.iter().zip(&ends).partition(|(_, (code, _))| *code == 9);
    let error = &refused[0].1.1["error"];
    assert_eq!(error["code"], "limit_exceeded", "{error}");
    assert!(error["message"].as_str().unwrap().contains("2 VMs run, 2 may"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("max_concurrent_vms"), "{error}");
    // One that runs is left alone, and takes no place twice.
    let again = home.json(&["start", started[0].0]);
    assert_eq!(again["items"][0]["changed"], false, "{again}");
    queued(home, refused[0].0, started[0].0);
    home.error(9, &["start", refused[1].0]);
    home.error(5, &["start", refused[1].0, "--queue=1s"]);
    home.ok(&["start", refused[1].0, "--ignore-limits"]);
    assert_eq!(running(home), 3);
}

/// One waits for a place until another goes.
fn queued(home: &Home, waits: &str, goes: &str) {
    let mut waiting = begin(home, &["start", waits, "--queue"]);
    let watched = Instant::now();
    while watched.elapsed() < Duration::from_millis(700) {
        assert!(waiting.try_wait().unwrap().is_none(), "it does not wait");
        std::thread::sleep(Duration::from_millis(50));
    }
    home.ok(&["stop", goes, "--force"]);
    let (code, document) = end(waiting);
    assert_eq!(code, 0, "{document}");
    assert_eq!(document["items"][0]["state"], "running", "{document}");
    assert_eq!(running(home), 2);
}

#[test]
fn of_four_parallel_starts_two_get_the_two_places() {
    let Some(mut world) = World::new("max_concurrent_vms") else { return };
    world.home.set("VM_CLI_RESOURCE_LIMITS_MAX_CONCURRENT_VMS", "2");
    four_starts_for_two_places(&world.home);
}

#[test]
fn simulated_vms_have_places_too() {
    let mut home = Home::simulated();
    home.set("VM_CLI_RESOURCE_LIMITS_MAX_CONCURRENT_VMS", "2");
    four_starts_for_two_places(&home);
}

#[test]
fn memory_cpu_and_disk_are_limits_with_figures_and_keys() {
    let Some(mut world) = World::new("memory and disk limits") else { return };
    world.home.ok(&["create", "web", "--memory", "64", "--disk", "1"]);
    world.home.set("VM_CLI_RESOURCE_LIMITS_MAX_MEMORY_USAGE_PERCENT", "1");
    let refused = world.home.error(9, &["start", "web"]);
    assert!(refused["hint"].as_str().unwrap().contains("max_memory_usage_percent"), "{refused}");
    assert_eq!(refused["vm"], "web");
    world.home.set("VM_CLI_RESOURCE_LIMITS_MAX_MEMORY_USAGE_PERCENT", "100");
    world.home.set("VM_CLI_RESOURCE_LIMITS_MIN_FREE_DISK_MB", "1048576");
    for arguments in [
        vec!["create", "other", "--memory", "64", "--disk", "1"],
        vec!["clone", "web", "copy"],
        vec!["snapshot", "take", "web", "s"],
        vec!["export", "web", "-o", "web.ova"],
    ] {
        let refused = world.home.error(9, &arguments);
        assert!(refused["hint"].as_str().unwrap().contains("min_free_disk_mb"), "{refused}");
    }
    assert_eq!(world.home.ok(&["list", "-q"]), "web\n");
    world.home.ok(&["snapshot", "take", "web", "s", "--ignore-limits"]);
}
