//! Clones and appliances.

use std::fs;
use std::path::Path;
use std::time::Instant;

use serde_json::Value;

use super::world::World;

const ORIGINAL: &[&str] =
    &["create", "original", "--memory", "64", "--disk", "2", "--os-type", "Linux_64"];

/// Returns the value of a line of `showvminfo`.
fn value(info: &str, key: &str) -> String {
    let line = info.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    line.unwrap_or_else(|| panic!("no `{key}` in\n{info}")).trim_matches('"').to_owned()
}

fn bytes_below(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let size = |entry: fs::DirEntry| {
        let facts = entry.metadata().unwrap();
        if facts.is_dir() { bytes_below(&entry.path()) } else { facts.len() }
    };
    entries.map(size).sum()
}

fn ports(items: &Value) -> Vec<u64> {
    let items = items["items"].as_array().unwrap().iter();
    items.map(|item| item["forwards"][0]["host_port"].as_u64().unwrap()).collect()
}

#[test]
fn ten_linked_clones_cost_seconds_and_megabytes() {
    let Some(mut world) = World::new("ten linked clones") else { return };
    world.home.set("VM_CLI_NETWORKING_SSH_PORT_RANGE", "[24600,24699]");
    let home = &world.home;
    home.ok(ORIGINAL);
    let begun = Instant::now();
    let made = home.json(&["clone", "original", "copy-{}", "--linked", "--count", "10"]);
    let took = begun.elapsed();
    let machines = home.path().join("vms");
    let bytes: u64 = (1..=10).map(|n| bytes_below(&machines.join(format!("copy-{n}")))).sum();
    println!("10 linked clones: {:.2} s, {} KiB", took.as_secs_f64(), bytes >> 10);
    assert!(took.as_secs() < 30, "{took:?}");
    assert!(bytes < 100 << 20, "{bytes} bytes");
    let mut ports = ports(&made);
    ports.push(24_600);
    ports.sort_unstable();
    ports.dedup();
    assert_eq!(ports.len(), 11, "each has a port of its own: {made}");
    let notes = &made["items"][0]["notes"];
    assert!(notes[0].as_str().is_some_and(|note| note.contains("vm-cli-base")), "{notes}");
    let show = |name: &str| world.vboxmanage(&["showvminfo", name, "--machinereadable"]);
    let macs = ["original", "copy-1", "copy-2"].map(|name| value(&show(name), "macaddress1"));
    assert!(macs[0] != macs[1] && macs[1] != macs[2], "{macs:?}");
    let first = made["items"][0]["id"].as_str().unwrap();
    assert_eq!(value(&show("copy-1"), "UUID"), first);
    // What the clones stand on cannot be taken away from below them.
    let refused = home.error(4, &["delete", "original", "--yes"]);
    assert!(refused["message"].as_str().unwrap().contains("copy-1, copy-10, copy-2"), "{refused}");
    assert!(show("original").contains("vm-cli-base"));
    for number in 1..=10 {
        home.ok(&["delete", &format!("copy-{number}"), "--yes"]);
    }
    home.ok(&["delete", "original", "--yes"]);
    assert_eq!(fs::read_dir(machines).unwrap().count(), 0);
}

#[test]
fn a_clone_that_fails_leaves_nothing_of_any_of_its_siblings() {
    let Some(mut world) = World::new("a clone that fails") else { return };
    world.home.set("VM_CLI_NETWORKING_SSH_PORT_RANGE", "[24700,24749]");
    let home = &world.home;
    home.ok(ORIGINAL);
    home.ok(&["create", "copy-3", "--memory", "64", "--no-disk", "-q"]);
    let refused = home.error(4, &["clone", "original", "copy-{}", "--count", "4"]);
    assert_eq!(refused["code"], "already_exists");
    assert_eq!(home.ok(&["list", "-q"]), "original\ncopy-3\n");
    let folders = fs::read_dir(home.path().join("vms")).unwrap().count();
    assert_eq!(folders, 2, "nothing is left on disk");
    let media = world.vboxmanage(&["list", "hdds"]);
    assert_eq!(media.matches("Location:").count(), 1, "{media}");
    // Leases went with them: the next clone gets the first free port.
    let next = home.json(&["clone", "original", "next"]);
    assert_eq!(ports(&next), [24_702], "{next}");
}

#[test]
fn a_vm_goes_through_a_file_and_parallel_imports_do_not_meet() {
    let Some(mut world) = World::new("export and import") else { return };
    world.home.set("VM_CLI_NETWORKING_SSH_PORT_RANGE", "[24750,24799]");
    let home = &world.home;
    home.ok(ORIGINAL);
    let exported = home.json(&["export", "original", "-o", "original.ova"]);
    assert_eq!(exported["items"][0]["action"], "export");
    home.error(4, &["export", "original", "-o", "original.ova"]);
    home.ok(&["export", "original", "-o", "original.ova", "--force"]);
    let import = home.json(&["import", "original.ova", "--name", "named"]);
    assert_eq!(import["items"][0]["vm"], "named", "{import}");
    home.error(4, &["import", "original.ova", "--name", "named"]);
    home.error(3, &["import", "nowhere.ova"]);
    fs::write(home.path().join("rubbish.ova"), "rubbish").unwrap();
    let rubbish = home.run(&["import", "rubbish.ova"]);
    assert_ne!(rubbish.code, 0, "{rubbish:#?}");
    let runs: Vec<_> = (0..4)
        .map(|_| {
            let mut command = home.command(crate::support::command::program_file());
            command.args(["import", "original.ova", "--json"]);
            command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
            command.spawn().unwrap()
        })
        .collect();
    for run in runs {
        let output = run.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    let listed = home.json(&["list"]);
    let names: Vec<&str> =
        listed["items"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), 6, "{names:?}");
    assert!(names.iter().all(|name| !name.contains("import")), "{names:?}");
    let folders = fs::read_dir(home.path().join("vms")).unwrap().count();
    assert_eq!(folders, 6, "{names:?}");
    for name in names {
        home.ok(&["delete", name, "--yes"]);
    }
    assert_eq!(fs::read_dir(home.path().join("vms")).unwrap().count(), 0);
}

#[test]
fn a_running_vm_is_copied_from_a_snapshot_only() {
    let Some(mut world) = World::new("a running VM is cloned") else { return };
    world.home.set("VM_CLI_NETWORKING_SSH_PORT_RANGE", "[24800,24849]");
    let home = &world.home;
    home.ok(ORIGINAL);
    home.ok(&["start", "original"]);
    let refused = home.error(4, &["clone", "original", "copy"]);
    assert!(refused["hint"].as_str().unwrap().contains("--linked"), "{refused}");
    let linked = home.json(&["clone", "original", "copy", "--linked"]);
    assert_eq!(linked["items"][0]["state"], "saved", "its memory is in the snapshot: {linked}");
    home.ok(&["start", "copy"]);
    home.error(4, &["export", "original", "-o", "original.ova"]);
    home.ok(&["delete", "copy", "--yes", "--force"]);
}
