//! A VBoxManage that hangs, floods, dies, prints rubbish, or fails for a moment.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::command::Home;

/// Makes a home whose VBoxManage misbehaves as planned, with short deadlines.
fn home_with(rules: &serde_json::Value) -> Home {
    let mut home = Home::with([]);
    let plan = home.path().join("plan.json");
    fs::write(&plan, json!({"rules": rules}).to_string()).unwrap();
    home.set("FAKE_VBOXMANAGE_PLAN", plan.display().to_string());
    home.set("VM_CLI_VBOXMANAGE", env!("CARGO_BIN_EXE_fake-vboxmanage"));
    home.set("VM_CLI_TIMEOUTS_QUERY_SECONDS", "1");
    home.set("VM_CLI_TIMEOUTS_CANCEL_GRACE_SECONDS", "1");
    home.set("VM_CLI_RETRY_BASE_DELAY_MS", "10");
    home
}

#[test]
fn a_call_that_hangs_ends_at_its_deadline() {
    for fault in ["hang", "hang_hard"] {
        let home = home_with(&json!([{"match": "list", "fault": fault}]));
        let begun = Instant::now();
        let error = home.error(5, &["list"]);
        assert_eq!(error["code"], "timed_out", "{error}");
        assert!(begun.elapsed() < Duration::from_secs(15), "{fault}: {:?}", begun.elapsed());
    }
}

#[test]
fn rubbish_a_flood_and_a_death_are_told_apart_from_success() {
    for (fault, codes) in [
        ("flood", vec!["unparseable"]),
        ("die_before", vec!["program_failed", "service_unavailable"]),
        ("exit0_error", vec!["program_failed", "service_unavailable"]),
    ] {
        let mut home = home_with(&json!([{"match": "list", "fault": fault}]));
        // A flood must reach its limit, which takes a slow host some seconds.
        home.set("VM_CLI_TIMEOUTS_QUERY_SECONDS", "30");
        let run = home.run(&["list", "--json"]);
        assert_ne!(run.code, 0, "{fault}: {run:#?}");
        let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let code = document["error"]["code"].as_str().unwrap_or_default();
        assert!(codes.contains(&code), "{fault}: {document}");
    }
    let home = home_with(&json!([{"match": "list", "fault": "rubbish"}]));
    let run = home.run(&["list"]);
    assert!(!run.stderr.contains("panicked"), "{run:#?}");
}

#[test]
fn a_passing_failure_is_tried_again_and_not_seen() {
    let home = home_with(&json!([{"match": "list", "fault": "service", "times": 2}]));
    home.ok(&["list"]);
    let home = home_with(&json!([{"match": "list", "fault": "not_ready", "times": 3}]));
    home.ok(&["list"]);
}

#[test]
fn a_lasting_failure_tells_its_attempts_and_its_first_cause() {
    let mut home = home_with(&json!([{"match": "list", "fault": "service"}]));
    home.set("VM_CLI_RETRY_MAX_ATTEMPTS", "3");
    let error = home.error(6, &["list"]);
    assert_eq!(error["code"], "service_unavailable", "{error}");
    assert_eq!(error["attempts"].as_array().map(Vec::len), Some(3), "{error}");
    assert_eq!(error["retryable"], true, "{error}");
}

#[test]
fn a_rehearsal_whose_reads_fail_speaks_of_nothing_that_was_made() {
    let home = home_with(&json!([{"match": "list systemproperties", "fault": "exit0_error"}]));
    let run = home.run(&["create", "web", "--no-disk", "--dry-run", "--json"]);
    assert_eq!(run.code, 1, "{run:#?}");
    assert!(!run.stdout.contains("stays") && !run.stdout.contains("gc"), "{run:#?}");
}
