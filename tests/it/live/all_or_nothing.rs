//! A creation that fails, or is stopped, at any moment leaves nothing behind.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::json;

use super::world::World;
use crate::support::command::{Run, program_file};

/// The calls of a creation, in their order.
const VERBS: [&str; 5] = ["createvm", "modifyvm", "storagectl", "createmedium", "storageattach"];

/// Why a call does not come to a good end.
const FAULTS: [&str; 4] = ["die_before", "die_after", "exit0_error", "hang"];

const CREATE: [&str; 7] =
    ["create", "half made", "--memory", "64", "--disk", "1", "--ssh-port=free"];

#[test]
fn a_creation_that_fails_at_any_call_leaves_nothing() {
    let Some(mut world) = World::new("create: faults") else { return };
    world.home.set("VM_CLI_TIMEOUTS_CHANGE_SECONDS", "1");
    world.home.set("VM_CLI_TIMEOUTS_START_SECONDS", "1");
    for verb in VERBS {
        for fault in FAULTS {
            world.plan(0, &json!([{"match": format!("{verb} "), "fault": fault, "times": 1}]));
            let run = world.home.run(&with_json());
            assert_ne!(run.code, 0, "{verb} {fault}: {run:#?}");
            let what = format!("{verb}: {fault}");
            clean(&world, &what);
        }
    }
    can_be_made(&world);
}

#[test]
fn a_creation_that_is_stopped_at_any_moment_leaves_nothing() {
    let Some(mut world) = World::new("create: signals") else { return };
    // Each call is a little late, so that there are moments enough.
    world.plan(0, &json!([{"match": "", "fault": "slow", "ms": 60}]));
    let begun = Instant::now();
    can_be_made(&world);
    let whole = begun.elapsed();
    let seed = fastrand::u64(..);
    eprintln!("the seed of the moments: {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    for signal in ["-INT", "-TERM"].into_iter().cycle().take(10) {
        let moment = whole.mul_f64(random.f64() * 0.6);
        let mut call = world.home.command(program_file());
        let call = call.args(with_json()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = call.spawn().unwrap();
        std::thread::sleep(moment);
        let id = child.id().to_string();
        Command::new("kill").args([signal, &id]).status().unwrap();
        let run = Run::from(child.wait_with_output().unwrap());
        let what = format!("{signal} after {moment:?}: {run:#?}");
        if run.code == 0 {
            // It was done by then.
            world.home.ok(&["delete", "half made", "--yes"]);
        } else {
            let before_it_listened = run.code == -1 && run.stdout.is_empty();
            let expected = if signal == "-INT" { 130 } else { 143 };
            assert!(run.code == expected || before_it_listened, "{what}");
        }
        clean(&world, &what);
    }
    can_be_made(&world);
}

fn with_json() -> Vec<&'static str> {
    CREATE.into_iter().chain(["--json"]).collect()
}

/// Makes the VM under the same name, and removes it again.
fn can_be_made(world: &World) {
    world.home.ok(&CREATE);
    assert_eq!((rows(world, "leases"), rows(world, "vms")), (1, 1));
    world.home.ok(&["delete", "half made", "--yes"]);
    clean(world, "deleted");
}

/// No VM, no folder, no medium, no lease, no intent.
#[track_caller]
fn clean(world: &World, what: &str) {
    assert_eq!(world.vboxmanage(&["list", "vms"]), "", "{what}");
    assert_eq!(world.vboxmanage(&["list", "hdds"]), "", "{what}");
    assert_eq!(files(&world.home.path().join("vms")), Vec::<PathBuf>::new(), "{what}");
    for table in ["leases", "vms"] {
        assert_eq!(rows(world, table), 0, "{what}: left in the store's {table}");
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

fn rows(world: &World, table: &str) -> i64 {
    let store = world.home.path().join("state/store.sqlite");
    let sql = rusqlite::Connection::open(store).unwrap();
    sql.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}
