//! Commands from a snapshot and back, through the built program, on simulated VMs.

use crate::support::command::Home;

fn booted() -> Home {
    let home = Home::simulated();
    home.ok(&["create", "web", "--memory", "64", "--no-disk", "--start", "-q"]);
    home.ok(&["wait", "web", "ssh"]);
    home.ok(&["snapshot", "take", "web", "booted", "--live-ok"]);
    home
}

fn state(home: &Home) -> String {
    home.json(&["status", "web"])["items"][0]["state"].as_str().unwrap().to_owned()
}

#[test]
fn a_command_from_a_snapshot_leaves_the_vm_at_the_snapshot() {
    let home = booted();
    let run = home.run(&["run", "web", "--from", "booted", "--", "echo", "hello"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "hello\n"), "{run:#?}");
    assert_eq!(state(&home), "saved");
    let run = home.json(&["run", "web", "--screenshot", "end.png", "--command", "echo again"]);
    let item = &run["items"][0];
    assert_eq!((&item["exit_code"], &item["stdout"]), (&0.into(), &"again\n".into()), "{run}");
    assert_eq!(item["screenshot"], "end.png");
    assert!(std::fs::read(home.path().join("end.png")).unwrap().starts_with(b"\x89PNG"));
    assert_eq!(state(&home), "saved");
}

#[test]
fn what_a_command_left_is_collected_before_the_vm_is_put_back() {
    let home = booted();
    std::fs::write(home.path().join("report"), "all well").unwrap();
    home.ok(&["copy", "report", "web:/tmp/report", "--user", "admin", "--password", "password"]);
    home.ok(&["snapshot", "take", "web", "with-report", "--live-ok"]);
    let login = ["--user", "admin", "--password", "password"];
    let collect = ["run", "web", "--collect", "/tmp/report:out", "--command", "exit 3", "--json"];
    let run = home.run(&[&collect[..], &login].concat());
    assert_eq!(run.code, 3, "{run:#?}");
    assert_eq!(std::fs::read_to_string(home.path().join("out")).unwrap(), "all well");
    let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["items"][0]["collected"][0]["files"], 1, "{document}");
    let missing = ["run", "web", "--collect", "/tmp/none", "--command", "exit 3"];
    let error = home.error(255, &[&missing[..], &login].concat());
    assert!(error["message"].as_str().is_some_and(|it| it.contains("exit code 3")), "{error}");
    assert_eq!(state(&home), "saved");
}

#[test]
fn a_command_that_fails_leaves_the_vm_at_the_snapshot_too() {
    let home = booted();
    let run = home.run(&["run", "web", "--", "exit", "3"]);
    assert_eq!(run.code, 3, "{run:#?}");
    assert_eq!(state(&home), "saved");
    // A guest that cannot be reached in time.
    home.ok(&["start", "web"]);
    home.ok(&["stop", "web", "--force"]);
    home.ok(&["snapshot", "take", "web", "off"]);
    let late =
        ["run", "web", "--from", "off", "--reach-within", "100ms", "--screenshot", "late.png"];
    let error = home.error(255, &[&late[..], &["--command", "true"]].concat());
    assert_eq!(error["code"], "timed_out", "{error}");
    assert_eq!(error["evidence"]["state"], "running");
    assert_eq!(state(&home), "poweroff");
}

#[test]
fn what_is_missing_is_said_before_the_vm_is_touched() {
    let home = booted();
    let error = home.error(255, &["run", "web", "--from", "bootet", "--command", "true"]);
    assert_eq!(error["hint"], "did you mean `booted`?", "{error}");
    assert_eq!(home.error(2, &["run", "web", "--from", "booted"])["code"], "usage");
    assert_eq!(state(&home), "running");
    home.ok(&["create", "bare", "--no-disk", "-q"]);
    assert_eq!(home.error(3, &["rollback", "bare"])["code"], "snapshot_not_found");
}

#[test]
fn a_rollback_goes_on_from_the_last_snapshot_or_a_named_one() {
    let home = booted();
    home.ok(&["type", "web", "not to stay"]);
    assert!(home.ok(&["rollback", "web"]).contains("web: rolled back (running"));
    home.ok(&["wait", "web", "ssh", "--timeout", "100ms"]);
    home.ok(&["snapshot", "take", "web", "later"]);
    home.ok(&["rollback", "web", "booted"]);
    let steps = home.json(&["rollback", "web", "--dry-run"]);
    assert!(steps["items"].as_array().unwrap().len() >= 3, "stop, restore, start: {steps}");
    home.error(2, &["rollback", "web", "booted", "later"]);
}

#[test]
fn a_rehearsed_run_changes_nothing() {
    let home = booted();
    let steps = home.json(&["run", "web", "--dry-run", "--command", "make test"]);
    assert!(steps.to_string().contains("make test"), "{steps}");
    assert_eq!(state(&home), "running");
}
