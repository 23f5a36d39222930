//! A file of VMs on a real VirtualBox: one waits for another's guest, and `up` is killed meanwhile.

use std::fs;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};
use vm_cli::store::Store;

use super::world::World;
use crate::support::command::program_file;

/// How long the guest may take to boot on a busy host.
const PATIENCE: &str = "6m";

fn write(world: &World, vms: &Value) {
    let file = world.home.path().join("vms.json");
    fs::write(file, json!({"schema": 1, "vms": vms}).to_string()).unwrap();
}

fn spawned(world: &World, arguments: &[&str]) -> Child {
    let mut command = world.home.command(program_file());
    command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Kills a command, and it alone, after this time.
fn kill_after(world: &World, arguments: &[&str], time: Duration) {
    let mut child = spawned(world, arguments);
    std::thread::sleep(time);
    child.kill().unwrap();
    child.wait().unwrap();
}

fn steps(document: &Value, vm: &str) -> Vec<String> {
    let items = document["items"].as_array().unwrap();
    let item = items.iter().find(|it| it["vm"] == vm).unwrap_or_else(|| panic!("{document}"));
    let steps = item["steps"].as_array().unwrap().iter();
    steps.map(|it| it.as_str().unwrap().to_owned()).collect()
}

#[track_caller]
fn nothing_is_left(world: &World, moment: &str) {
    assert_eq!(world.vboxmanage(&["list", "vms"]), "", "{moment}");
    let folders = fs::read_dir(world.home.path().join("vms")).map_or(0, Iterator::count);
    assert_eq!(folders, 0, "{moment}");
    let store = Store::open(&world.home.path().join("state/store.sqlite"), SystemTime::now());
    let store = store.unwrap().store;
    assert_eq!(store.leases().list().unwrap(), [], "{moment}");
    assert_eq!(store.vms().list_unfinished().unwrap(), [], "{moment}");
}

#[test]
fn a_vm_waits_for_anothers_guest_through_a_kill_and_down_leaves_nothing() {
    let Some(world) = World::new("fleet") else { return };
    let home = &world.home;
    let small = json!({"memory": 32, "disk": 1, "cpus": 1, "os_type": "Linux_64",
        "firmware": "bios", "graphics": "vboxvga", "start": false});
    let dc = json!({"memory": 128, "no_disk": true, "cpus": 1, "os_type": "Linux_64",
        "firmware": "bios", "graphics": "vboxvga", "iso": world.guest_iso(), "wait": "additions",
        "timeout": PATIENCE});
    let client = json!({"count": 2, "from": "base", "depends_on": {"dc": "ssh"}});
    write(&world, &json!({"client": client, "dc": dc, "base": small}));

    let mut up = spawned(&world, &["up"]);
    let deadline = Instant::now() + Duration::from_mins(2);
    while !home.ok(&["list", "--state", "running", "-q"]).contains("dc") {
        assert!(Instant::now() < deadline, "`dc` never ran");
    }
    up.kill().unwrap();
    up.wait().unwrap();
    assert_eq!(home.ok(&["list", "client-*", "-q"]), "", "clients wait for the guest");
    let plan = home.ok(&["up", "--dry-run"]);
    assert!(plan.contains("wait for ssh, wait for additions"), "{plan}");

    let rest = home.json(&["up"]);
    assert_eq!(steps(&rest, "dc"), Vec::<String>::new(), "it runs already: {rest}");
    assert_eq!(steps(&rest, "client-2"), ["clone", "start"], "{rest}");
    let said = home.run(&[
        "exec",
        "dc",
        "--command",
        "true",
        "--username",
        "admin",
        "--password",
        "password",
    ]);
    assert_eq!(said.code, 0, "{said:#?}");
    let standing = home.run(&["status", "-f", "vms.json"]);
    assert_eq!(standing.code, 0, "nothing differs from the file: {standing:#?}");
    let again = home.json(&["up"]);
    assert!(again["items"].as_array().unwrap().iter().all(|it| it["changed"] == false), "{again}");

    kill_after(&world, &["down", "--delete", "--force", "--yes"], Duration::from_millis(700));
    let gone = home.json(&["down", "--delete", "--force", "--yes"]);
    assert_eq!(gone["errors"], json!([]));
    nothing_is_left(&world, "after down");
}

#[test]
fn up_killed_at_any_moment_is_finished_by_the_next_one() {
    let Some(world) = World::new("fleet killed") else { return };
    let home = &world.home;
    let small = json!({"memory": 32, "no_disk": true, "cpus": 1, "os_type": "Linux_64",
        "firmware": "bios", "graphics": "vboxvga"});
    let mut after = small.clone();
    after["depends_on"] = json!(["first"]);
    after["count"] = json!(2);
    write(&world, &json!({"first": small, "then": after}));
    let begun = Instant::now();
    home.ok(&["up"]);
    let takes = begun.elapsed();
    home.ok(&["down", "--delete", "--force", "--yes"]);
    nothing_is_left(&world, "unharmed");
    let seed = std::env::var("VM_CLI_SEED")
        .ok()
        .and_then(|it| it.parse().ok())
        .unwrap_or_else(|| fastrand::u64(..));
    eprintln!("VM_CLI_SEED={seed}, {takes:?}");
    let mut random = fastrand::Rng::with_seed(seed);
    for turn in 0..5 {
        let time = takes.mul_f64(random.f64());
        let moment = format!("turn {turn}, killed after {time:?} of {takes:?}, seed {seed}");
        kill_after(&world, &["up"], time);
        let run = home.run(&["up"]);
        assert_eq!(run.code, 0, "{moment}: {run:#?}");
        let standing = home.run(&["status", "-f", "vms.json"]);
        assert_eq!(standing.code, 0, "{moment}: {standing:#?}");
        home.ok(&["down", "--delete", "--force", "--yes"]);
        nothing_is_left(&world, &moment);
    }
}
