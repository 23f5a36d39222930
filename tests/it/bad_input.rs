//! Wrong input, damaged files, a hypervisor that misbehaves: a clear error and the right exit
//! code, never a panic, a hang, or half a VM.

use std::fs;

use crate::support::command::Home;

#[test]
fn awkward_names_are_refused_before_anything_is_made() {
    let home = Home::simulated();
    let long = "x".repeat(300);
    for name in
        ["", " ", "-x", "--help-me", "a/b", "a\\b", "..", "a\"b", "a\nb", "a\tb", long.as_str()]
    {
        let run = home.run(&["create", "--name", name, "--memory", "64"]);
        assert_eq!(run.code, 2, "{name:?}: {run:#?}");
        assert!(!run.stderr.contains("panicked"), "{name:?}: {run:#?}");
        assert!(!run.stderr.trim().is_empty(), "{name:?} is explained");
    }
    for name in ["Büro 7", "仮想マシン", "it's", "a,b;c"] {
        home.ok(&["create", "--name", name, "--memory", "64", "--no-disk"]);
        home.ok(&["start", "--name", name]);
        home.ok(&["delete", name, "--yes", "--force"]);
    }
    assert_eq!(home.json(&["list"])["items"], serde_json::json!([]));
}

#[test]
fn absurd_sizes_are_refused_with_the_limit() {
    let home = Home::simulated();
    for arguments in [
        ["--memory", "0"],
        ["--memory", "-5"],
        ["--memory", "999999999999"],
        ["--memory", "lots"],
        ["--disk", "0"],
        ["--disk", "-1"],
        ["--disk", "99999999"],
        ["--cpus", "0"],
        ["--cpus", "-2"],
        ["--cpus", "100000"],
        ["--ssh-port", "0"],
        ["--ssh-port", "70000"],
        ["--execution-engine", "magic"],
        ["--timeout", "soon"],
    ] {
        let mut all = vec!["create", "--name", "web"];
        all.extend(arguments);
        let run = home.run(&all);
        assert_eq!(run.code, 2, "{arguments:?}: {run:#?}");
        assert!(run.stderr.contains(arguments[1]), "{arguments:?} is named: {run:#?}");
    }
    assert_eq!(home.json(&["list"])["items"], serde_json::json!([]));
}

#[test]
fn what_is_not_there_is_named_with_what_could_be_meant() {
    let home = Home::simulated();
    home.ok(&["create", "--name", "web-server", "--memory", "64", "--no-disk"]);
    let error = home.error(3, &["start", "--name", "web-sever"]);
    assert_eq!(error["code"], "vm_not_found");
    assert!(error["hint"].as_str().unwrap().contains("web-server"), "{error}");
    let error = home.error(3, &["create", "--name", "x", "--iso", "missing.iso"]);
    assert_eq!(error["code"], "file_not_found");
    fs::create_dir(home.path().join("folder.iso")).unwrap();
    home.error(2, &["create", "--name", "x", "--iso", "folder.iso"]);
    home.error(4, &["create", "--name", "web-server", "--memory", "64"]);
    home.error(3, &["snapshot", "restore", "web-server", "nothing"]);
}

#[test]
fn a_damaged_configuration_is_reported_whole() {
    let home = Home::simulated();
    let file = home.path().join("broken.json");
    fs::write(
        &file,
        r#"{"vm_defaults": {"memroy_mb": 1, "cpu_cores": "two"}, "retry": {"max_attempts": 0}, "nonsense": 1}"#,
    )
    .unwrap();
    let run = home.run(&["--config", "broken.json", "list"]);
    assert_eq!(run.code, 2, "{run:#?}");
    for part in ["memroy_mb", "memory_mb", "cpu_cores", "max_attempts", "nonsense", "broken.json"] {
        assert!(run.stderr.contains(part), "{part}: {run:#?}");
    }
    fs::write(&file, "{ not json").unwrap();
    let run = home.run(&["--config", "broken.json", "list"]);
    assert_eq!(run.code, 2, "{run:#?}");
    assert!(run.stderr.contains("line 1"), "{run:#?}");
    assert_eq!(home.run(&["--config", "gone.json", "list"]).code, 2);
}

#[test]
fn damaged_state_is_reported_or_set_aside() {
    let home = Home::simulated();
    home.ok(&["create", "--name", "web", "--memory", "64", "--no-disk"]);
    let state = home.path().join("state");
    let mut damaged = 0;
    for entry in fs::read_dir(&state).unwrap().flatten() {
        if entry.file_type().unwrap().is_file() {
            fs::write(entry.path(), b"\x00garbage{{{").unwrap();
            damaged += 1;
        }
    }
    assert!(damaged >= 2, "the store and the simulator's file were there");
    let run = home.run(&["list"]);
    assert!([1, 2].contains(&run.code), "{run:#?}");
    assert!(!run.stderr.contains("panicked"), "{run:#?}");
    assert!(run.stderr.contains("error:"), "{run:#?}");
}

#[test]
fn a_delete_without_a_terminal_needs_a_word() {
    let home = Home::simulated();
    home.ok(&["create", "--name", "web", "--memory", "64", "--no-disk"]);
    let error = home.error(9, &["delete", "web"]);
    assert_eq!(error["code"], "confirmation_required");
    assert!(error["hint"].as_str().unwrap().contains("--yes"), "{error}");
    home.ok(&["delete", "web", "--yes"]);
}

#[test]
fn a_missing_vboxmanage_is_said_with_the_next_step() {
    let mut home = Home::with([]);
    home.set("VM_CLI_VBOXMANAGE", "/nowhere/VBoxManage");
    let error = home.error(6, &["list"]);
    assert_eq!(error["code"], "hypervisor_missing");
    assert!(error["hint"].as_str().unwrap().contains("vm-cli setup"), "{error}");
    assert_eq!(home.run(&["system-status"]).code, 6);
    assert_eq!(home.run(&["setup"]).code, 6);
}

#[test]
fn a_paused_vm_is_not_waited_for() {
    let home = Home::simulated();
    home.ok(&["create", "my vm", "--memory", "64", "--no-disk", "--start"]);
    home.ok(&["pause", "my vm"]);
    let error = home.error(4, &["wait", "my vm", "ssh", "--timeout", "20s"]);
    assert_eq!(error["message"], "`my vm` is paused, not running");
    let hint = format!("run `vm-cli resume {}`", vm_cli::model::typed("my vm"));
    assert_eq!(error["hint"], hint);
    let error = home.error(255, &["exec", "my vm", "--command", "dir"]);
    assert_eq!(error["code"], "invalid_state");
}

#[test]
fn a_state_folder_that_cannot_be_made_is_no_missing_vm() {
    let mut home = Home::simulated();
    fs::write(home.path().join("file"), "").unwrap();
    let inside_a_file = home.path().join("file/state").display().to_string();
    let places = [Some(inside_a_file), cfg!(target_os = "linux").then(|| "/proc/state".to_owned())];
    for place in places.into_iter().flatten() {
        home.set("VM_CLI_HOME", place);
        for words in [&["create", "web"][..], &["list"], &["gc"], &["start", "web"]] {
            let error = home.error(1, words);
            assert!(error["hint"].as_str().unwrap().contains("VM_CLI_HOME"), "{words:?}: {error}");
        }
    }
}
