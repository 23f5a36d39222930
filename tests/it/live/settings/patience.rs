//! `timeouts.*` and `retry.*`: how long and how often.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::live::world::World;

const VM: &str = "patience";

/// Runs what must fail with this code, and returns its error and how long that took.
#[track_caller]
fn timed(world: &World, code: i32, arguments: &[&str]) -> (Value, Duration) {
    let begun = Instant::now();
    let error = world.home.error(code, arguments);
    (error, begun.elapsed())
}

#[test]
fn each_kind_of_call_has_a_deadline_of_its_own() {
    let Some(mut world) = World::new("settings: timeouts of calls") else { return };
    world.home.ok(&["create", VM, "--memory", "64", "--no-disk"]);
    world.plan(0, &json!([{"match": "showvminfo", "fault": "hang"}]));
    world.home.set("VM_CLI_TIMEOUTS_QUERY_SECONDS", "1");
    let (error, took) = timed(&world, 5, &["status", VM]);
    assert_eq!(error["code"], "timed_out", "{error}");
    assert!(took < Duration::from_secs(15), "{took:?}, where the default is 30 s");

    world.plan(0, &json!([{"match": "modifyvm", "fault": "hang"}]));
    world.home.set("VM_CLI_TIMEOUTS_CHANGE_SECONDS", "1");
    let (error, took) = timed(&world, 5, &["create", "other", "--memory", "64", "--no-disk"]);
    assert_eq!(error["code"], "outcome_unknown", "{error}");
    assert!(took < Duration::from_secs(30), "{took:?}, where the default is 60 s");

    world.plan(0, &json!([{"match": "startvm", "fault": "hang"}]));
    world.home.set("VM_CLI_TIMEOUTS_START_SECONDS", "1");
    let (error, took) = timed(&world, 5, &["start", VM]);
    assert_eq!(error["code"], "outcome_unknown", "{error}");
    assert!(took < Duration::from_mins(1), "{took:?}, where the default is 300 s");
}

#[test]
fn a_call_that_will_not_end_is_killed_after_the_grace() {
    let Some(mut world) = World::new("settings: cancel_grace_seconds") else { return };
    world.plan(0, &json!([{"match": "showvminfo", "fault": "hang_hard"}]));
    world.home.set("VM_CLI_TIMEOUTS_QUERY_SECONDS", "1");
    let mut graces = [("0", Duration::ZERO), ("4", Duration::from_secs(4))].into_iter();
    let took = graces.by_ref().map(|(seconds, grace)| {
        world.home.set("VM_CLI_TIMEOUTS_CANCEL_GRACE_SECONDS", seconds);
        let (_, took) = timed(&world, 5, &["status", VM]);
        assert!(took >= grace + Duration::from_secs(1), "{took:?} with a grace of {grace:?}");
        took
    });
    let took: Vec<Duration> = took.collect();
    assert!(took[0] < took[1], "{took:?}");
}

/// A VM without anything to boot hears no power button and has no address.
#[test]
fn a_guest_is_waited_for_as_long_as_configured() {
    let Some(mut world) = World::new("settings: timeouts of guests") else { return };
    world.home.ok(&["create", VM, "--memory", "64", "--no-disk", "--os-type", "Linux_64"]);
    world.home.ok(&["start", VM]);
    world.home.set("VM_CLI_TIMEOUTS_STOP_SECONDS", "1");
    let (error, took) = timed(&world, 5, &["stop", VM]);
    assert!(error["message"].as_str().is_some_and(|it| it.contains("waited 1 s")), "{error}");
    assert!(error["hint"].as_str().is_some_and(|it| it.contains("--force")), "{error}");
    assert!(took < Duration::from_mins(1), "{took:?}, where the default is 120 s");
    world.home.set("VM_CLI_TIMEOUTS_WAIT_SECONDS", "1");
    let (error, _) = timed(&world, 5, &["wait", VM, "ip"]);
    assert!(error["message"].as_str().is_some_and(|it| it.contains("waited 1 s")), "{error}");
}

#[test]
fn transient_failures_are_tried_again_as_often_and_as_soon_as_configured() {
    let Some(mut world) = World::new("settings: retry") else { return };
    world.home.ok(&["create", VM, "--memory", "64", "--no-disk"]);
    world.plan(0, &json!([{"match": "startvm", "fault": "locked"}]));
    // By default the longest waits are 200 ms after the first attempt, and 5000 ms at all: six
    // doubled ones would not all be below 300 ms.
    for (attempts, base, max) in [(3, 0, 5000), (7, 300, 300)] {
        world.home.set("VM_CLI_RETRY_MAX_ATTEMPTS", attempts.to_string());
        world.home.set("VM_CLI_RETRY_BASE_DELAY_MS", base.to_string());
        world.home.set("VM_CLI_RETRY_MAX_DELAY_MS", max.to_string());
        let error = world.home.error(4, &["start", VM]);
        assert_eq!(error["code"], "vm_locked", "{error}");
        let told = error["attempts"].as_array().unwrap();
        assert_eq!(told.len(), attempts, "{error}");
        let waits: Vec<u64> = told.iter().filter_map(|it| it["waited_ms"].as_u64()).collect();
        assert_eq!(waits.len(), attempts - 1, "{error}");
        let longest = if base == 0 { 0 } else { max };
        assert!(waits.iter().all(|wait| *wait <= longest), "{waits:?}");
    }
}
