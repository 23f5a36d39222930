//! Installations that are interrupted, on the simulator: nothing is lost, nothing is left.
#![cfg(unix)]

use std::fs;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::iso::small_medium;
use crate::support::command::{Home, Run, program_file};

const WINDOWS: [&str; 8] = [
    "create-windows",
    "own",
    "--iso-path",
    "win.iso",
    "--edition",
    "Professional",
    "--accept-license",
    "--auto-start",
];

const LINUX: [&str; 7] = [
    "create-linux",
    "own",
    "--distro",
    "cloud-init",
    "--iso-path",
    "seed/answers.iso",
    "--auto-start",
];

fn home() -> Home {
    let home = Home::simulated();
    fs::write(home.path().join("win.iso"), small_medium()).unwrap();
    home.ok(&["answer-media", "--cloud-image", "--output", "seed"]);
    // There is a world to put failures into.
    home.ok(&["create", "other", "--no-disk"]);
    home
}

fn strike(home: &Home, faults: &Value) {
    let file = home.path().join("state/simulator.json");
    let mut world: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    world["faults"] = faults.clone();
    fs::write(&file, world.to_string()).unwrap();
}

/// Returns how many installations something is kept of.
fn kept(home: &Home) -> usize {
    fs::read_dir(home.path().join("state/installs")).map_or(0, Iterator::count)
}

/// Begins an installation whose guest never answers, and waits until its VM runs.
fn begin(home: &Home, command: &[&str]) -> Child {
    strike(home, &json!([{"operation": "exec", "kind": "guest_unreachable"}]));
    let mut process = home.command(program_file());
    process.args(command).arg("--json").stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = process.spawn().unwrap();
    let deadline = Instant::now() + Duration::from_mins(1);
    while !home.ok(&["list", "--state", "running", "-q"]).contains("own") {
        assert!(Instant::now() < deadline, "it never ran");
    }
    child
}

/// The installation goes on, and nothing is left of what it needed but a password that was made up.
fn goes_on(home: &Home, command: &str) {
    strike(home, &json!([]));
    let done = home.json(&[command, "own", "--resume"])["items"][0].clone();
    assert_eq!((&done["phase"], &done["snapshot"]), (&json!("ready"), &json!("clean")), "{done}");
    assert!(
        !home
            .path()
            .join("state/installs")
            .join(done["id"].as_str().unwrap())
            .join("answers")
            .exists()
    );
    assert_eq!(home.json(&["gc"])["items"], json!([]));
    home.ok(&["delete", "own", "--yes", "--force"]);
    assert_eq!(kept(home), 0);
}

#[test]
fn ctrl_c_leaves_it_going_on_in_the_vm_and_says_how_to_take_it_up() {
    for command in [&WINDOWS[..], &LINUX] {
        let home = home();
        let child = begin(&home, command);
        let kill = home.command("kill").args(["-INT", &child.id().to_string()]).status();
        assert!(kill.unwrap().success());
        let run = Run::from(child.wait_with_output().unwrap());
        assert_eq!(run.code, 130, "{run:#?}");
        let told: Value = serde_json::from_str(&run.stdout).unwrap();
        let error = &told["error"];
        assert_eq!(error["code"], "canceled", "{told}");
        let hint = error["hint"].as_str().unwrap();
        assert!(hint.contains(&format!("vm-cli {} own --resume", command[0])), "{hint}");
        assert!(hint.contains("vm-cli delete own --force"), "{hint}");
        assert_eq!(kept(&home), 1);
        goes_on(&home, command[0]);
    }
}

#[test]
fn killed_while_it_is_watched_it_goes_on_or_is_undone() {
    for command in [&WINDOWS[..], &LINUX] {
        let home = home();
        let mut child = begin(&home, command);
        child.kill().unwrap();
        child.wait().unwrap();
        let mended = home.json(&["gc"]);
        let what: Vec<&Value> =
            mended["items"].as_array().unwrap().iter().map(|it| &it["what"]).collect();
        assert!(what.iter().all(|it| **it == json!("abandoned_task")), "the VM stays: {mended}");
        goes_on(&home, command[0]);

        let mut child = begin(&home, command);
        child.kill().unwrap();
        child.wait().unwrap();
        home.ok(&["delete", "own", "--yes", "--force"]);
        assert_eq!(kept(&home), 0, "its answers are gone with it");
    }
}

#[test]
fn a_vm_that_could_not_be_made_leaves_no_answers() {
    for command in [&WINDOWS[..], &LINUX] {
        let home = home();
        strike(&home, &json!([{"operation": "create", "kind": "program_failed"}]));
        home.error(1, command);
        assert_eq!((home.ok(&["list", "-q"]).as_str(), kept(&home)), ("other\n", 0));
    }
}

#[test]
fn gc_undoes_one_that_was_killed_while_its_vm_was_made() {
    let home = home();
    home.ok(&LINUX[..LINUX.len() - 1]);
    assert_eq!(kept(&home), 1);
    // As if the process had been killed just before it wrote that the VM is made.
    let sql = rusqlite::Connection::open(home.path().join("state/store.sqlite")).unwrap();
    let update = "UPDATE vms SET phase = 'creating', owner_pid = 1, owner_started = 0 \
                  WHERE name = 'own'";
    assert_eq!(sql.execute(update, []).unwrap(), 1);
    assert_eq!(home.json(&["gc"])["items"][0]["what"], "half_made_vm");
    assert_eq!((home.ok(&["list", "-q"]).as_str(), kept(&home)), ("other\n", 0));
}

#[test]
fn two_at_once_of_one_name_make_one_vm() {
    let home = home();
    let begin = || {
        let mut process = home.command(program_file());
        process.args(LINUX).arg("--json").stdout(Stdio::piped()).stderr(Stdio::piped());
        process.spawn().unwrap()
    };
    let both = [begin(), begin()].map(|it| Run::from(it.wait_with_output().unwrap()));
    let mut codes = both.each_ref().map(|run| run.code);
    codes.sort_unstable();
    assert_eq!(codes, [0, 4], "{both:#?}");
    assert_eq!(kept(&home), 1, "the one that lost took its answers away");
    assert_eq!(home.ok(&["list", "-q"]).lines().count(), 2);
}
