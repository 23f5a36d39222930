//! VMs that install themselves, as a person makes them: on the simulator.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::iso::small_medium;
use crate::support::command::Home;

const WINDOWS: [&str; 6] =
    ["create-windows", "win", "--iso-path", "win.iso", "--edition", "Professional"];

fn home() -> Home {
    let home = Home::simulated();
    fs::write(home.path().join("win.iso"), small_medium()).unwrap();
    home.ok(&["answer-media", "--cloud-image", "--output", "seed"]);
    home
}

/// No file.
const NOTHING: [PathBuf; 0] = [];

fn item(home: &Home, arguments: &[&str]) -> Value {
    home.json(arguments)["items"][0].clone()
}

/// Returns every file below the folder of the installations.
fn kept(home: &Home) -> Vec<PathBuf> {
    let folder = home.path().join("state/installs");
    let mut found = Vec::new();
    for vm in fs::read_dir(folder).into_iter().flatten() {
        found.extend(fs::read_dir(vm.unwrap().path()).unwrap().map(|file| file.unwrap().path()));
    }
    found
}

#[test]
fn windows_ends_ready_with_nothing_left_of_its_installation() {
    let home = home();
    let version = ["--windows-version", "11", "--accept-license", "--auto-start"];
    let made = item(&home, &[&WINDOWS[..], &version].concat());
    assert_eq!((&made["phase"], &made["snapshot"]), (&"ready".into(), &"clean".into()), "{made}");
    assert_eq!((&made["state"], &made["user"]), (&"running".into(), &"tester".into()), "{made}");
    let password = made["password"].as_str().unwrap();
    let file = Path::new(made["password_file"].as_str().unwrap());
    assert_eq!(fs::read_to_string(file).unwrap().trim(), password);
    assert_eq!(kept(&home), [file], "the answers are gone");
    let found = item(&home, &["status", "win"]);
    assert_eq!((&found["cpus"], &found["firmware"]), (&4.into(), &"efi".into()), "{found}");
    let discs = found["disks"].to_string();
    assert!(!discs.contains("iso"), "{discs}");
    assert!(home.ok(&["snapshot", "list", "win"]).contains("clean"));
    home.ok(&["delete", "win", "--yes", "--force"]);
    assert_eq!(kept(&home), NOTHING);
}

#[cfg(unix)]
#[test]
fn what_is_kept_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let home = home();
    home.ok(&[&WINDOWS[..], &["--accept-license"]].concat());
    let files = kept(&home);
    assert_eq!(files.len(), 3, "{files:?}");
    for file in files {
        let mode = fs::metadata(&file).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, if file.is_dir() { 0o700 } else { 0o600 }, "{}", file.display());
    }
}

#[test]
fn an_installation_that_was_not_seen_to_its_end_goes_on() {
    let home = home();
    fs::write(home.path().join("secret"), "a long secret\n").unwrap();
    let linux = ["create-linux", "own", "--distro", "cloud-init", "--iso-path", "seed/answers.iso"];
    let made = item(&home, &[&linux[..], &["--password-file", "secret"]].concat());
    assert_eq!((&made["phase"], &made["state"]), (&"made".into(), &"poweroff".into()), "{made}");
    assert_eq!(made["next"][0], "vm-cli create-linux own --resume");
    assert_eq!((&made["password"], kept(&home).len()), (&Value::Null, 3));
    let done = item(&home, &["create-linux", "own", "--resume"]);
    assert_eq!(done["phase"], "ready", "{done}");
    // Who gave the password has it.
    assert_eq!(done["password_file"], Value::Null);
    assert_eq!(kept(&home), NOTHING);
    let error = home.error(4, &["create-linux", "own", "--resume"]);
    assert_eq!(error["code"], "invalid_state", "{error}");
}

#[test]
fn an_installation_that_takes_too_long_is_told_and_goes_on() {
    let home = home();
    home.ok(&["create-linux", "own", "--distro", "cloud-init", "--iso-path", "seed/answers.iso"]);
    let file = home.path().join("state/simulator.json");
    let faults = |faults: Value| {
        let mut world: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        world["faults"] = faults;
        fs::write(&file, world.to_string()).unwrap();
    };
    faults(json!([{"operation": "exec", "kind": "guest_unreachable"}]));
    let error = home.error(5, &["create-linux", "own", "--resume", "--timeout", "10ms"]);
    let hint = error["hint"].to_string();
    assert!(hint.contains("vm-cli create-linux own --resume"), "{error}");
    assert!(hint.contains("/var/log/cloud-init-output.log"), "{error}");
    faults(json!([]));
    assert_eq!(item(&home, &["create-linux", "own", "--resume"])["phase"], "ready");
}

#[test]
fn an_installation_whose_end_nobody_sees_is_not_waited_for() {
    let home = home();
    let linux = ["create-linux", "own", "--distro", "cloud-init", "--iso-path", "seed/answers.iso"];
    home.ok(&linux);
    let file = kept(&home).into_iter().find(|it| it.ends_with("install.json")).unwrap();
    let mut record: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    // As of an installation that the hypervisor itself answers.
    record["ready"] = Value::Null;
    fs::write(&file, record.to_string()).unwrap();
    let error = home.error(1, &["create-linux", "own", "--resume"]);
    assert_eq!(error["code"], "unsupported", "{error}");
    assert!(error["hint"].as_str().unwrap().contains("vm-cli snapshot take own clean"), "{error}");
    assert_eq!(item(&home, &["status", "own"])["state"], "poweroff");
}

#[test]
fn nothing_is_made_of_what_is_refused() {
    let home = home();
    let refused = |code: i32, arguments: &[&str], why: &str| {
        let error = home.error(code, arguments);
        assert!(error.to_string().contains(why), "{arguments:?}: {error}");
        assert_eq!(home.json(&["list"])["items"], Value::Array(Vec::new()), "{arguments:?}");
        assert_eq!(kept(&home), NOTHING);
    };
    let windows = |more: &[&'static str]| -> Vec<&'static str> {
        [&WINDOWS[..], &["--accept-license"], more].concat()
    };
    refused(9, &WINDOWS, "--accept-license");
    refused(2, &[&WINDOWS[..4], &["--accept-license"]].concat(), "Core, Professional");
    refused(2, &windows(&["--windows-version", "10"]), "installs Windows 11, not Windows 10");
    refused(2, &windows(&["--memory", "1024"]), "1024 MiB of memory");
    refused(2, &windows(&["--disk", "20"]), "--disk 64");
    refused(2, &windows(&["--cpus", "1"]), "--cpus 2");
    refused(2, &windows(&["--username", "a/b"]), "forbids");
    refused(1, &windows(&["--engine", "virtualbox"]), "no unattended installation");
    refused(2, &windows(&["--auto-start", "--ssh-port", "none"]), "nobody sees");
    refused(2, &["create-linux", "x", "--iso-path", "win.iso"], "create-windows");
    refused(2, &["create-linux", "x", "--iso-path", "seed/answers.iso"], "cloud-init");
    fs::write(home.path().join("page.iso"), "<!DOCTYPE html>").unwrap();
    refused(1, &["create-linux", "x", "--iso-path", "page.iso"], "page of the web");
}

#[test]
fn a_taken_name_leaves_the_vm_that_has_it_alone() {
    let home = home();
    home.ok(&["create", "win", "--no-disk", "--memory", "64"]);
    let error = home.error(4, &[&WINDOWS[..], &["--accept-license"]].concat());
    assert_eq!(error["code"], "already_exists", "{error}");
    assert_eq!(kept(&home), NOTHING);
    assert_eq!(item(&home, &["status", "win"])["disks"], Value::Array(Vec::new()));
}

#[test]
fn a_rehearsal_writes_the_answers_and_makes_nothing() {
    let home = home();
    let words = ["--accept-license", "--auto-start", "--dry-run"];
    for _again in 0..2 {
        let told = home.ok(&[&WINDOWS[..], &words].concat());
        let steps: Vec<&str> = told.lines().collect();
        assert!(steps[0].ends_with("state/rehearsals/win`"), "{told}");
        for step in ["create win", "start win", "eject SATA-2-0", "snapshot-take win, clean"] {
            assert!(told.contains(step), "{step}: {told}");
        }
        let xml = home.path().join("state/rehearsals/win/files/autounattend.xml");
        assert!(fs::read_to_string(xml).unwrap().contains("<unattend"));
    }
    assert_eq!(home.json(&["list"])["items"], Value::Array(Vec::new()));
}
