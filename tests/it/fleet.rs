//! Files of VMs through the built program, on simulated VMs.

use std::fs;
use std::process::Stdio;
use std::time::Instant;

use serde_json::{Value, json};

use crate::support::command::{Home, Run, program_file};

const LAB: &str = r#"{"schema": 1, "vms": {
    "base": {"memory": 64, "no_disk": true, "start": false},
    "dc": {"memory": "128M", "cpus": 1, "no_disk": true, "wait": "additions"},
    "client": {"count": 2, "from": "base", "depends_on": {"dc": "ssh"}}}}"#;

fn home_with(file: &str) -> Home {
    let home = Home::simulated();
    fs::write(home.path().join("vms.json"), file).unwrap();
    home
}

/// Runs with `--json` and returns the exit code and the document.
#[track_caller]
fn json_of(home: &Home, arguments: &[&str]) -> (i32, Value) {
    let run = home.run(&[arguments, &["--json"]].concat());
    let document = serde_json::from_str(&run.stdout);
    (run.code, document.unwrap_or_else(|e| panic!("{e}: {run:#?}")))
}

fn of<'a>(document: &'a Value, vm: &str) -> &'a Value {
    let items = document["items"].as_array().unwrap();
    items.iter().find(|item| item["vm"] == vm).unwrap_or_else(|| panic!("no {vm}: {document}"))
}

fn column(items: &Value, key: &str) -> Vec<String> {
    let items = items.as_array().unwrap().iter();
    items.map(|item| item[key].as_str().unwrap_or("null").to_owned()).collect()
}

fn steps(item: &Value) -> Vec<&str> {
    item["steps"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect()
}

/// Lets calls of an operation fail.
fn break_calls(home: &Home, fault: &Value) {
    let file = home.path().join("state/simulator.json");
    let mut world: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    world["faults"] = json!([fault]);
    fs::write(&file, world.to_string()).unwrap();
}

fn is_up(home: &Home) -> bool {
    home.run(&["status", "-f", "vms.json", "-q"]).code == 0
}

#[test]
fn up_makes_what_the_file_says_once_and_down_takes_it_away_again() {
    let home = home_with(LAB);
    home.ok(&["create", "--name", "stranger", "--memory", "64", "--no-disk", "--start"]);
    let plan = home.json(&["up", "--dry-run"]);
    assert_eq!(column(&of(&plan, "dc")["steps"], "step"), ["create", "start", "wait", "wait"]);
    assert_eq!(column(&of(&plan, "client-2")["after"], "vm"), ["dc", "base"]);
    assert_eq!(home.ok(&["list", "-q"]), "stranger\n", "a rehearsal changes nothing");
    let (code, before) = json_of(&home, &["status", "-f", "vms.json"]);
    assert_eq!((code, &of(&before, "dc")["state"]), (1, &Value::Null));

    let made = home.json(&["up"]);
    assert_eq!(column(&made["items"], "vm"), ["base", "dc", "client-1", "client-2"]);
    assert_eq!(steps(of(&made, "base")), ["create"]);
    assert_eq!(steps(of(&made, "dc")), ["create", "start"]);
    assert_eq!(steps(of(&made, "client-2")), ["clone", "start"]);
    assert_eq!(of(&made, "dc")["forwards"][0]["guest_port"], 22);
    assert!(is_up(&home));
    let again = home.json(&["up"]);
    assert!(again["items"].as_array().unwrap().iter().all(|it| it["changed"] == false), "{again}");
    assert!(home.ok(&["up", "--dry-run"]).contains("nothing to do"));

    home.ok(&["stop", "dc", "--force"]);
    let (code, standing) = json_of(&home, &["status", "-f", "vms.json"]);
    assert_eq!((code, &of(&standing, "dc")["as_in_file"]), (1, &json!(false)), "{standing}");
    assert_eq!(steps(of(&home.json(&["up"]), "dc")), ["start"]);

    let stopped = home.json(&["down", "--force-after", "1s"]);
    assert_eq!(column(&stopped["items"], "vm"), ["client-2", "client-1", "dc", "base"]);
    assert_eq!(steps(of(&stopped, "base")), Vec::<&str>::new());
    let refused = home.error(9, &["down", "--delete"]);
    assert_eq!(refused["code"], "confirmation_required");
    assert_eq!(home.ok(&["list", "-q"]).lines().count(), 5);
    home.ok(&["down", "--delete", "--yes"]);
    assert_eq!(home.ok(&["list", "-q"]), "stranger\n");
    assert_eq!(home.json(&["status", "stranger"])["items"][0]["state"], "running");
    home.ok(&["down", "--delete", "--yes"]);
}

#[test]
fn names_bring_what_they_need_and_nothing_else() {
    let home = home_with(LAB);
    let made = home.json(&["up", "dc"]);
    assert_eq!(column(&made["items"], "vm"), ["dc"]);
    let made = home.json(&["up", "client-2"]);
    assert_eq!(column(&made["items"], "vm"), ["base", "dc", "client-2"]);
    let seen = home.json(&["status", "-f", "vms.json", "dc", "client-2"]);
    assert_eq!(column(&seen["items"], "vm"), ["dc", "client-2"]);
    let gone = home.json(&["down", "client", "--force", "--delete", "--yes"]);
    assert_eq!(column(&gone["items"], "vm"), ["client-2", "client-1"]);
    assert_eq!(steps(of(&gone, "client-1")), Vec::<&str>::new());
    let error = home.error(3, &["up", "cliant"]);
    assert!(error["hint"].as_str().unwrap().contains("`client`"), "{error}");
}

#[test]
fn a_file_that_is_wrong_touches_nothing_and_tells_everything() {
    let home = home_with(
        r#"{"vms": {"a": {"memroy": 1, "cpus": 0}, "b": {"depends_on": {"c": "sssh"}}}}"#,
    );
    let run = home.run(&["up"]);
    assert_eq!(run.code, 2, "{run:#?}");
    for told in [
        "`vms.json` has 3 problems",
        "`vms.a.memroy`: is not a known key, did you mean `memory`?",
        "`vms.a.cpus`: must be a whole number from 1 to 64, not 0",
        "`vms.b.depends_on.c`: `sssh` is not one of created, running, ip, ssh, additions",
        "vm-cli config schema --vms",
    ] {
        assert!(run.stderr.contains(told), "{told}: {}", run.stderr);
    }
    fs::write(
        home.path().join("ring.json"),
        r#"{"vms": {"a": {"depends_on": ["b"]},
        "b": {"depends_on": ["c"]}, "c": {"depends_on": ["b"]}}}"#,
    )
    .unwrap();
    let ring = home.error(2, &["down", "-f", "ring.json"]);
    assert!(ring["causes"][0].as_str().unwrap().contains("`b` -> `c` -> `b`"), "{ring}");
    fs::write(
        home.path().join("copy.json"),
        r#"{"vms": {"a": {"memory": 64}, "b": {"from": "golden"}}}"#,
    )
    .unwrap();
    let copy = home.error(3, &["up", "-f", "copy.json"]);
    assert_eq!(copy["causes"], json!(["`vms.b.from`: there is no VM `golden`"]));
    let missing = home.error(3, &["up", "-f", "nosuch.json"]);
    assert_eq!(missing["code"], "file_not_found");
    assert_eq!(home.ok(&["list", "-q"]), "");
}

#[test]
fn what_depends_on_a_failed_vm_is_left_out_and_the_next_up_goes_on() {
    let home = home_with(
        r#"{"vms": {"dc": {"memory": 64, "no_disk": true},
            "web": {"memory": 64, "no_disk": true, "depends_on": ["dc"]},
            "tests": {"memory": 64, "no_disk": true, "depends_on": {"web": "created"}},
            "other": {"memory": 64, "no_disk": true, "start": false}}}"#,
    );
    home.ok(&["create", "--name", "stranger", "--memory", "64", "--no-disk"]);
    break_calls(&home, &json!({"operation": "start", "kind": "program_failed", "times": 1}));
    let (code, document) = json_of(&home, &["up"]);
    assert_eq!(code, 8, "{document}");
    assert_eq!(column(&document["items"], "vm"), ["other"]);
    assert_eq!(column(&document["errors"], "vm"), ["dc", "web", "tests"]);
    let codes = ["program_failed", "canceled", "canceled"];
    assert_eq!(column(&document["errors"], "code"), codes);
    let why = document["errors"][2]["message"].as_str().unwrap();
    assert_eq!(why, "`tests` was left out: `dc` failed first");
    assert_eq!(home.ok(&["list", "dc", "other", "web", "tests", "-q"]).lines().count(), 2);
    let run = home.run(&["up"]);
    assert_eq!(run.code, 0, "{run:#?}");
    assert!(is_up(&home));
    break_calls(&home, &json!({"operation": "stop", "kind": "program_failed", "times": 1}));
    let (code, document) = json_of(&home, &["down", "--force", "--parallel", "1"]);
    assert_eq!(
        (code, column(&document["errors"], "vm")),
        (8, vec!["tests".to_owned(), "web".to_owned(), "dc".to_owned()])
    );
    assert_eq!(home.json(&["status", "dc"])["items"][0]["state"], "running");
    home.ok(&["down", "--force", "--delete", "--yes"]);
}

#[test]
fn fail_fast_begins_nothing_after_a_failure() {
    let home = home_with(
        r#"{"vms": {"a": {"memory": 64, "no_disk": true}, "b": {"memory": 64, "no_disk": true}}}"#,
    );
    home.ok(&["create", "--name", "stranger", "--memory", "64", "--no-disk"]);
    break_calls(&home, &json!({"operation": "start", "kind": "program_failed", "times": 1}));
    let (code, document) = json_of(&home, &["up", "--fail-fast", "--parallel", "1"]);
    assert_eq!(
        (code, column(&document["errors"], "code")),
        (8, vec!["program_failed".to_owned(), "canceled".to_owned()])
    );
    assert_eq!(home.ok(&["list", "a", "b", "-q"]), "a\n");
}

#[test]
fn what_differs_from_the_file_is_told_and_left_alone() {
    let home = home_with(LAB);
    home.ok(&["up"]);
    let text = LAB.replace("128M", "256M").replace("\"cpus\": 1", "\"cpus\": 2");
    fs::write(home.path().join("vms.json"), text).unwrap();
    let (code, standing) = json_of(&home, &["status", "-f", "vms.json"]);
    assert_eq!(code, 1);
    let expected = json!([
        {"key": "memory", "file": "256 MiB", "found": "128 MiB"},
        {"key": "cpus", "file": "2", "found": "1"},
    ]);
    assert_eq!(of(&standing, "dc")["drift"], expected);
    assert_eq!(of(&home.json(&["up", "--dry-run"]), "dc")["drift"], expected);
    let run = home.run(&["up"]);
    assert_eq!(run.code, 0, "{run:#?}");
    let note = "note: `dc` was left as it is: memory is 128 MiB, the file says 256 MiB\n";
    assert!(run.stderr.contains(note), "{run:#?}");
    assert_eq!(home.json(&["status", "dc"])["items"][0]["memory_mib"], 128);
}

#[test]
fn a_vm_starts_from_its_snapshot_each_time() {
    let home =
        home_with(r#"{"vms": {"web": {"memory": 64, "no_disk": true, "start_from": "clean"}}}"#);
    home.ok(&["up"]);
    let (code, standing) = json_of(&home, &["status", "-f", "vms.json"]);
    assert_eq!((code, &of(&standing, "web")["drift"][0]["key"]), (1, &json!("start_from")));
    home.ok(&["down", "--force"]);
    home.ok(&["snapshot", "take", "web", "clean"]);
    assert_eq!(steps(of(&home.json(&["up"]), "web")), ["restore", "start"]);
    assert!(is_up(&home));
    assert_eq!(steps(of(&home.json(&["up"]), "web")), Vec::<&str>::new());
}

#[test]
fn two_at_once_do_it_once() {
    let home = home_with(LAB);
    let up = || {
        let mut command = home.command(program_file());
        command
            .args(["up", "--json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let both = [up(), up()].map(|it| Run::from(it.wait_with_output().unwrap()));
    for run in &both {
        assert_eq!(run.code, 0, "{both:#?}");
    }
    assert!(is_up(&home));
    assert_eq!(home.ok(&["list", "-q"]).lines().count(), 4);
}

#[test]
fn killed_at_any_moment_the_next_up_goes_on_and_down_leaves_nothing() {
    let home = home_with(LAB);
    let begun = Instant::now();
    home.ok(&["up"]);
    let takes = begun.elapsed();
    home.ok(&["down", "--delete", "--force", "--yes"]);
    for tenth in 0..8 {
        let mut command = home.command(program_file());
        let mut up = command.arg("up").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(takes.mul_f64(f64::from(tenth) / 9.0));
        up.kill().unwrap();
        up.wait().unwrap();
        let run = home.run(&["up"]);
        assert_eq!(run.code, 0, "killed after {tenth} of 9 parts: {run:#?}");
        assert!(is_up(&home));
        home.ok(&["down", "--delete", "--force", "--yes"]);
        assert_eq!(home.ok(&["list", "-q"]), "", "killed after {tenth} of 9 parts");
    }
    home.ok(&["gc"]);
    assert_eq!(home.json(&["gc"])["items"], json!([]));
}

#[test]
fn a_half_made_vm_is_made_anew_and_not_taken_for_a_whole_one() {
    let home = home_with(LAB);
    home.ok(&["up", "dc"]);
    home.ok(&["down", "--force"]);
    let before = home.json(&["status", "dc"])["items"][0]["id"].clone();
    // As if the process had been killed just before it wrote that the VM is made.
    let sql = rusqlite::Connection::open(home.path().join("state/store.sqlite")).unwrap();
    let update = "UPDATE vms SET phase = 'creating', owner_pid = 1, owner_started = 0";
    assert_eq!(sql.execute(update, []).unwrap(), 1);
    let (code, standing) = json_of(&home, &["status", "-f", "vms.json", "dc"]);
    assert_eq!((code, &of(&standing, "dc")["state"]), (1, &Value::Null));
    let plan = home.json(&["up", "dc", "--dry-run"]);
    assert_eq!(of(&plan, "dc")["steps"][0]["step"], "create");
    assert_eq!(home.json(&["status", "dc"])["items"][0]["id"], before, "looking removes nothing");
    assert_eq!(steps(of(&home.json(&["up", "dc"]), "dc")), ["create", "start"]);
    assert_ne!(home.json(&["status", "dc"])["items"][0]["id"], before);
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_cleanly_and_the_next_up_goes_on() {
    let home = home_with(LAB);
    let mut command = home.command(program_file());
    let up = command.args(["up", "--json"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let up = up.spawn().unwrap();
    let deadline = Instant::now() + std::time::Duration::from_secs(20);
    while !home.ok(&["list", "--state", "running", "-q"]).contains("dc") {
        assert!(Instant::now() < deadline, "`dc` never ran");
    }
    let interrupted = home.command("kill").args(["-INT", &up.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    let run = Run::from(up.wait_with_output().unwrap());
    assert_eq!(run.code, 130, "{run:#?}");
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(column(&document["errors"], "vm"), ["dc", "client-1", "client-2"]);
    assert_eq!(document["errors"][1]["message"], "`client-1` was left out: canceled");
    home.ok(&["up"]);
    assert!(is_up(&home));
}
