//! How many VBoxManage calls a command makes, and which.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::world::World;

/// Returns the calls noted since the last look, the service's own start-up not among them.
fn taken(log: &Path) -> Vec<String> {
    let text = fs::read_to_string(log).unwrap_or_default();
    fs::remove_file(log).ok();
    text.lines()
        .map(|line| {
            let call: Value = serde_json::from_str(line).unwrap();
            let words = call["argv"].as_array().unwrap().iter();
            words
                .map(|word| word.as_str().unwrap_or_default().to_owned())
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect()
}

#[test]
fn commands_make_no_more_calls_than_they_need() {
    let Some(mut world) = World::new("calls") else { return };
    let log = world.observe();
    let home = &world.home;
    home.ok(&["create", "--name", "my-first-vm", "--memory", "512", "--disk", "2"]);
    let create = taken(&log);
    assert_eq!(create.len(), 5, "{create:#?}");
    home.ok(&["status", "--name", "my-first-vm"]);
    let status = taken(&log);
    assert_eq!(status.len(), 1, "{status:#?}");
    home.ok(&["list"]);
    let list = taken(&log);
    assert_eq!(list.len(), 2, "{list:#?}");
    assert!(
        list.iter().all(|call| call.starts_with("list ")),
        "no call of list takes a lock: {list:#?}"
    );
    home.ok(&["start", "my-first-vm"]);
    let start = taken(&log);
    assert_eq!(start.len(), 1, "{start:#?}");
    home.ok(&["stop", "my-first-vm", "--force"]);
    home.ok(&["delete", "my-first-vm", "--yes"]);
}

#[test]
fn a_rehearsal_shows_the_calls_and_makes_none_that_changes_anything() {
    let Some(mut world) = World::new("rehearsal") else { return };
    let log = world.observe();
    let home = &world.home;
    let shown =
        home.ok(&["create", "--name", "web", "--memory", "512", "--disk", "2", "--dry-run"]);
    for verb in ["createvm", "modifyvm", "storagectl", "createmedium", "storageattach"] {
        assert!(shown.contains(verb), "{shown}");
    }
    let made = taken(&log);
    assert!(made.iter().all(|call| call.starts_with("list ")), "{made:#?}");
    home.error(3, &["status", "web"]);
    home.ok(&["create", "--name", "web", "--memory", "512", "--no-disk"]);
    taken(&log);
    for arguments in [
        vec!["start", "web", "--dry-run"],
        vec!["snapshot", "take", "web", "s", "--dry-run"],
        vec!["delete", "web", "--yes", "--dry-run"],
    ] {
        let shown = home.ok(&arguments);
        assert!(shown.contains("web"), "{shown}");
        let made = taken(&log);
        assert!(made.iter().all(|call| call.starts_with("showvminfo ")), "{made:#?}");
    }
    assert_eq!(home.json(&["status", "web"])["items"][0]["state"], "poweroff");
}
