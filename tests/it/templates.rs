//! Templates on the simulator: what is made of them, and what nobody does to them by accident.

use std::fs;
use std::thread;

use serde_json::{Value, json};

use crate::support::command::Home;

fn home() -> Home {
    let home = Home::simulated();
    home.ok(&["create", "base", "--os-type", "Debian_64", "--no-disk"]);
    home
}

fn item(home: &Home, arguments: &[&str]) -> Value {
    home.json(arguments)["items"][0].clone()
}

/// Returns the names of all VMs, sorted.
fn vms(home: &Home) -> Vec<String> {
    let mut names: Vec<String> = home.ok(&["list", "-q"]).lines().map(str::to_owned).collect();
    names.sort();
    names
}

fn strike(home: &Home, faults: &Value) {
    let file = home.path().join("state/simulator.json");
    let mut world: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    world["faults"] = faults.clone();
    fs::write(&file, world.to_string()).unwrap();
}

#[test]
fn a_file_of_vms_names_its_template() {
    let home = home();
    let file = r#"{"schema": 1, "vms": {"lab": {"template": "clean", "count": 2}}}"#;
    fs::write(home.path().join("vms.json"), file).unwrap();
    for arguments in [&["up"][..], &["up", "--dry-run"]] {
        let error = home.error(3, arguments);
        assert!(error.to_string().contains("there is no template `clean`"), "{error}");
        assert_eq!(vms(&home), ["base"]);
    }
    home.ok(&["template", "save", "base", "--as", "clean"]);
    let plan = home.ok(&["up", "--dry-run"]);
    assert!(plan.contains("create from the template `clean`, start"), "{plan}");
    home.ok(&["up"]);
    assert_eq!(vms(&home), ["base", "lab-1", "lab-2"]);
    let shown = item(&home, &["template", "show", "clean"]);
    assert_eq!(shown["clones"], json!(["lab-1", "lab-2"]), "{shown}");
    home.ok(&["status", "-f", "vms.json"]);
    home.ok(&["down", "--force", "--delete", "--yes"]);
    assert_eq!(vms(&home), ["base"], "the template's VM stays");
}

#[test]
fn vms_are_made_of_a_template_each_with_what_must_be_its_own() {
    let home = home();
    let saved = item(&home, &["template", "save", "base", "--as", "clean"]);
    assert_eq!((&saved["vm"], &saved["action"]), (&json!("base"), &json!("template-save")));
    let made = home.json(&["create", "lab", "--template", "clean", "--count", "3", "--start"]);
    let made = made["items"].as_array().unwrap();
    let names: Vec<&Value> = made.iter().map(|it| &it["vm"]).collect();
    assert_eq!(json!(names), json!(["lab-1", "lab-2", "lab-3"]));
    assert!(made.iter().all(|it| it["state"] == "running" && it["action"] == "create"), "{made:?}");
    assert!(made[0]["notes"][0].as_str().unwrap().contains("SSH host keys"), "{made:?}");
    let mut ports: Vec<&Value> = made.iter().map(|it| &it["forwards"][0]["host_port"]).collect();
    ports.dedup();
    assert_eq!(ports.len(), 3, "{made:?}");
    let windows = item(&home, &["create", "win", "--os-type", "Windows11_64", "--no-disk"]);
    assert_eq!(windows["vm"], "win");
    home.ok(&["template", "save", "win"]);
    let made = item(&home, &["create", "win-2", "--template", "win"]);
    assert!(made["notes"][0].as_str().unwrap().contains("sysprep"), "{made}");
    home.ok(&["delete", "win-2", "--yes"]);
    home.ok(&["template", "delete", "win"]);
    // Without a name they are called like the template.
    home.ok(&["create", "--template", "clean"]);
    let shown = item(&home, &["template", "show", "clean"]);
    let expected = json!(["clean", "lab-1", "lab-2", "lab-3"]);
    assert_eq!((&shown["vm"], &shown["clones"]), (&json!("base"), &expected), "{shown}");
    assert_eq!(home.json(&["template", "list", "--format", "json"])["items"][0], shown);
    assert!(home.ok(&["template", "list", "--format", "yaml"]).contains("lab-2"));
    assert_eq!(home.ok(&["template", "list", "-q"]), "clean\n");
}

#[test]
fn a_template_is_neither_started_nor_deleted_by_accident() {
    let home = home();
    home.ok(&["template", "save", "base"]);
    home.ok(&["create", "lab", "--template", "base", "--count", "2"]);
    let refused = |arguments: &[&str], message: &str, hint: &str| {
        let error = home.error(4, arguments);
        assert_eq!(error["code"], "invalid_state", "{error}");
        assert!(error["message"].as_str().unwrap().contains(message), "{error}");
        assert!(error["hint"].as_str().unwrap().contains(hint), "{error}");
    };
    let needed = "it is the template `base`, and VMs need it: lab-1, lab-2";
    refused(&["start", "base"], needed, "create NAME --template base");
    refused(&["delete", "base", "--yes"], needed, "delete those, then run `vm-cli template delete");
    refused(&["delete", "base", "--yes", "--force"], needed, "template delete base");
    refused(&["snapshot", "delete", "base", "vm-cli-template"], needed, "template delete base");
    refused(&["template", "delete", "base"], "VMs need it: lab-1, lab-2", "delete them first");
    home.ok(&["delete", "lab-1", "lab-2", "--yes"]);
    refused(&["delete", "base", "--yes"], "it is the template `base`", "template delete base");
    let told = home.ok(&["template", "delete", "base"]);
    assert!(told.contains("template deleted") && told.contains("its VM stays"), "{told}");
    assert!(!home.ok(&["snapshot", "list", "base"]).contains("vm-cli-template"));
    home.ok(&["start", "base"]);
    home.ok(&["delete", "base", "--yes", "--force"]);
}

#[test]
fn what_cannot_be_a_template_or_made_of_one_is_refused() {
    let home = home();
    let refused = |code: i32, arguments: &[&str], why: &str| {
        let error = home.error(code, arguments).to_string();
        assert!(error.contains(why), "{arguments:?}: {error}");
    };
    refused(3, &["create", "x", "--template", "nosuch"], "there is no template `nosuch`");
    refused(2, &["template", "save", "base", "--as", "a/b"], "template name `a/b` contains `/`");
    refused(2, &["create", "x", "--template", "t", "--memory", "64"], "--memory");
    home.ok(&["start", "base"]);
    refused(4, &["template", "save", "base"], "it is running");
    home.ok(&["stop", "base", "--save"]);
    refused(4, &["template", "save", "base"], "it is saved");
    home.ok(&["create", "other", "--no-disk"]);
    home.ok(&["template", "save", "other", "--as", "clean"]);
    refused(4, &["template", "save", "other", "--as", "again"], "is the template `clean` already");
    refused(3, &["create", "x", "--template", "clea"], "did you mean `clean`?");
    home.ok(&["create", "third", "--no-disk"]);
    refused(4, &["template", "save", "third", "--as", "clean"], "there is a template `clean`");
    assert!(!home.ok(&["snapshot", "list", "third"]).contains("vm-cli"), "nothing was taken");
}

#[test]
fn all_of_several_are_made_or_none() {
    let home = home();
    home.ok(&["template", "save", "base", "--as", "clean"]);
    home.ok(&["create", "lab-3", "--no-disk"]);
    let five = ["create", "lab", "--template", "clean", "--count", "5"];
    let error = home.error(4, &five);
    assert_eq!(error["code"], "already_exists", "{error}");
    assert_eq!(vms(&home), ["base", "lab-3"]);
    home.ok(&["delete", "lab-3", "--yes"]);
    // Leases and notes went with them.
    assert_eq!(home.ok(&[&five[..], &["-q"]].concat()).lines().count(), 5);
}

#[test]
fn a_failed_save_leaves_nothing_and_gc_mends_one_that_was_killed() {
    let home = home();
    strike(&home, &json!([{"operation": "snapshot-take", "kind": "program_failed"}]));
    home.error(1, &["template", "save", "base", "--as", "clean"]);
    strike(&home, &json!([]));
    assert_eq!(home.json(&["template", "list"])["items"], json!([]));
    home.ok(&["template", "save", "base", "--as", "clean"]);
    // As a process leaves it that is killed between the snapshot and its end.
    let store = home.path().join("state/store.sqlite");
    let sql = rusqlite::Connection::open(store).unwrap();
    sql.execute("UPDATE templates SET snapshot = NULL, owner_pid = NULL", []).unwrap();
    home.error(4, &["create", "x", "--template", "clean"]);
    let planned = item(&home, &["gc", "--dry-run"]);
    assert_eq!(
        (&planned["what"], &planned["where"]),
        (&json!("half_saved_template"), &json!("clean"))
    );
    assert_eq!(item(&home, &["gc"])["what"], "half_saved_template");
    assert!(!home.ok(&["snapshot", "list", "base"]).contains("vm-cli-template"));
    assert_eq!(home.json(&["gc"])["items"], json!([]));
    home.ok(&["start", "base"]);
}

#[test]
fn a_template_whose_vm_is_gone_says_so_and_is_forgotten() {
    let home = home();
    home.ok(&["template", "save", "base", "--as", "clean"]);
    let file = home.path().join("state/simulator.json");
    fs::remove_file(file).unwrap();
    assert_eq!(item(&home, &["template", "show", "clean"])["vm"], Value::Null);
    let error = home.error(3, &["create", "x", "--template", "clean"]);
    assert!(error["hint"].as_str().unwrap().contains("template delete clean"), "{error}");
    home.ok(&["template", "delete", "clean"]);
    assert_eq!(home.json(&["template", "list"])["items"], json!([]));
}

#[test]
fn two_at_once_are_all_made() {
    let home = home();
    home.ok(&["template", "save", "base", "--as", "clean"]);
    thread::scope(|scope| {
        for name in ["a", "b"] {
            let home = &home;
            scope.spawn(move || {
                home.ok(&["create", name, "--template", "clean", "--count", "4"]);
            });
        }
    });
    assert_eq!(vms(&home).len(), 9);
    let mut ports: Vec<u64> = vms(&home)
        .iter()
        .map(|vm| {
            item(&home, &["status", vm])["adapters"][0]["forwards"][0]["host_port"]
                .as_u64()
                .unwrap()
        })
        .collect();
    ports.sort_unstable();
    ports.dedup();
    assert_eq!(ports.len(), 9, "no two have one port");
}

#[test]
fn a_rehearsal_saves_and_makes_nothing() {
    let home = home();
    let told = home.ok(&["template", "save", "base", "--dry-run"]);
    assert!(told.contains("snapshot-take base, vm-cli-template"), "{told}");
    assert_eq!(home.json(&["template", "list"])["items"], json!([]));
    home.ok(&["template", "save", "base"]);
    let told = home.ok(&["create", "lab", "--template", "base", "--count", "2", "--dry-run"]);
    assert!(told.contains("clone lab-1") && told.contains("clone lab-2"), "{told}");
    home.ok(&["template", "delete", "base", "--dry-run"]);
    assert_eq!(vms(&home), ["base"]);
    assert_eq!(home.json(&["template", "list"])["items"][0]["clones"], json!([]));
}

#[test]
fn a_copy_with_cloud_init_gets_a_disc_that_tells_it_who_it_is() {
    let home = Home::simulated();
    home.ok(&["answer-media", "--cloud-image", "--output", "seed"]);
    home.ok(&["create", "full", "--no-disk", "--iso", "seed/answers.iso"]);
    home.ok(&["template", "save", "full", "--cloud-init"]);
    let error = home.error(4, &["create", "web", "--template", "full"]);
    assert!(error["message"].as_str().unwrap().contains("no empty drive"), "{error}");
    assert_eq!(vms(&home), ["full"], "the copy was removed again");

    let linux = ["create-linux", "base", "--distro", "cloud-init", "--auto-start"];
    home.ok(&[&linux[..], &["--iso-path", "seed/answers.iso"]].concat());
    home.ok(&["stop", "base", "--force"]);
    home.ok(&["template", "save", "base", "--cloud-init"]);
    let made = home.json(&["create", "Web", "--template", "base", "--count", "2"]);
    let instance = |nth: usize| {
        let made = &made["items"][nth];
        assert_eq!(made["notes"], json!([]), "nothing is left of the template");
        let folder = home.path().join("state/installs").join(made["id"].as_str().unwrap());
        let disks = item(&home, &["status", made["vm"].as_str().unwrap()])["disks"].to_string();
        assert!(disks.contains(folder.join("answers/answers.iso").to_str().unwrap()), "{disks}");
        (fs::read_to_string(folder.join("answers/files/meta-data")).unwrap(), folder)
    };
    let [(first, folder), (second, _)] = [instance(0), instance(1)];
    assert!(first.contains("local-hostname: web-1\n"), "{first}");
    assert!(second.contains("local-hostname: web-2\n"), "{second}");
    home.ok(&["delete", "Web-1", "--yes"]);
    assert!(!folder.exists(), "its disc goes with it");
}
