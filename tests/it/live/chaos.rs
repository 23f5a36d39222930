//! Chaos on a real VirtualBox behind the program that injects faults.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use super::processes;
use super::world::World;
use crate::chaos::books::{self, Listed, Wrongs};
use crate::chaos::moves::{Cast, NAMES};
use crate::chaos::seeds::{Measure, seeds};
use crate::chaos::storm::{Weather, misdeeds, rage, summary, tell};

const MEASURE: Measure = Measure { rounds: 1, length: 6, workers: 3 };

const WEATHER: Weather =
    Weather { strikes: 20, longest: Duration::from_secs(4), deadline: Duration::from_secs(90) };

#[test]
fn chaos_leaves_no_traces_on_virtualbox() {
    let measure = MEASURE.or_as_asked();
    for seed in seeds(measure.rounds) {
        let Some(world) = World::new("chaos") else { return };
        round(world, seed, measure);
    }
}

fn round(mut world: World, seed: u64, measure: Measure) {
    let mut random = fastrand::Rng::with_seed(seed);
    let cast = Cast::deal(&mut random);
    // A remote display's ports are the host's too; each world of this process is alone.
    let first = 41_000 + std::process::id() % 500 * 20;
    let ports = json!({"networking": {
        "ssh_port_range": [first, first + 13], "rdp_port_range": [first + 14, first + 19],
    }});
    fs::write(world.home.path().join("state/config.json"), ports.to_string()).unwrap();
    books::begin(&world.home, &cast);
    hurry(&mut world, ["5", "8", "25"]);
    world.plan(seed, &breaks());
    let deeds = rage(&world.home, &cast, measure, WEATHER, seed);
    world.plan(seed, &json!([]));
    hurry(&mut world, ["30", "60", "300"]);
    processes::wait_until_idle(&world);
    let mut wrongs = Wrongs::default();
    let repaired = books::repair(&world.home, &mut wrongs);
    check(&world, &mut wrongs);
    books::remove_all(&world.home, &mut wrongs);
    books::reuse(&world.home, &NAMES, &mut wrongs);
    check(&world, &mut wrongs);
    let mut all = misdeeds(&deeds, WEATHER.deadline);
    all.extend(wrongs.into_list());
    eprintln!("seed {seed}: {}", summary(&deeds));
    if !all.is_empty() {
        tell(&deeds);
        keep(&world, seed);
        panic!("VM_CLI_CHAOS_SEED={seed}: {}\nrepaired: {repaired:#}", all.join("\n"));
    }
}

/// Sets how long a call may look, change a setting, and change more.
fn hurry(world: &mut World, seconds: [&str; 3]) {
    for (key, seconds) in ["QUERY", "CHANGE", "START"].into_iter().zip(seconds) {
        world.home.set(&format!("VM_CLI_TIMEOUTS_{key}_SECONDS"), seconds);
    }
    world.home.set("VM_CLI_TIMEOUTS_LOCK_SECONDS", "40");
    world.home.set("VM_CLI_TIMEOUTS_CANCEL_GRACE_SECONDS", "2");
}

/// Calls fail in passing, for good, before, during and after the deed, or never end.
fn breaks() -> Value {
    json!([
        {"match": "", "fault": "locked", "odds": 0.06},
        {"match": "", "fault": "not_ready", "odds": 0.05},
        {"match": "", "fault": "service", "odds": 0.03},
        {"match": "", "fault": "slow", "ms": 700, "odds": 0.08},
        {"match": "", "fault": "die_before", "odds": 0.02},
        {"match": "", "fault": "die_during", "ms": 400, "odds": 0.03},
        {"match": "", "fault": "die_after", "odds": 0.03},
        {"match": "", "fault": "exit0_error", "odds": 0.02},
        // One that lies about a setting cannot be told from one that obeys.
        {"match": "showvminfo", "fault": "rubbish", "odds": 0.02},
        {"match": "list ", "fault": "rubbish", "odds": 0.02},
        {"match": "list ", "fault": "empty", "odds": 0.02},
        {"match": "unregistervm", "fault": "empty", "odds": 0.02},
        {"match": "storageattach", "fault": "empty", "odds": 0.02},
        {"match": "clonevm", "fault": "rubbish", "odds": 0.02},
        {"match": "", "fault": "flood", "odds": 0.005},
        // Copies may take very long: their deadline is 24 times that of a start.
        {"match": "clonevm", "fault": "pass"},
        {"match": "", "fault": "hang", "odds": 0.015},
        {"match": "", "fault": "hang_hard", "odds": 0.005},
    ])
}

/// Checks that nothing is there that vm-cli does not list and know: no folder, no medium, no
/// process, no record.
fn check(world: &World, wrongs: &mut Wrongs) {
    let vms = books::listed(&world.home);
    let folders: BTreeSet<PathBuf> = vms.iter().map(|vm| folder_of(world, vm)).collect();
    let files = files(&world.home.path().join("vms"));
    // VirtualBox leaves the empty folder of a group, and so does vm-cli: it may be in use again.
    let group = world.home.path().join("vms/lab");
    for file in files.iter().filter(|file| **file != group) {
        if !folders.iter().any(|folder| file.starts_with(folder)) {
            wrongs.add(format!("{} is of no VM", file.display()));
        }
    }
    media(world, &folders, &files, wrongs);
    work(world, &vms, wrongs);
    books::check(&world.home, &vms, wrongs);
}

fn folder_of(world: &World, vm: &Listed) -> PathBuf {
    let shown = world.vboxmanage(&["showvminfo", &vm.id, "--machinereadable"]);
    let file = shown.lines().find_map(|line| line.strip_prefix("CfgFile=")).unwrap();
    Path::new(file.trim_matches('"')).parent().unwrap().to_path_buf()
}

/// Checks that every disk is there, registered, and of a VM.
fn media(world: &World, folders: &BTreeSet<PathBuf>, files: &[PathBuf], wrongs: &mut Wrongs) {
    let text = world.vboxmanage(&["list", "hdds"]);
    let disks = text.lines().filter_map(|line| line.strip_prefix("Location:"));
    let disks: BTreeSet<PathBuf> = disks.map(|line| PathBuf::from(line.trim())).collect();
    for disk in &disks {
        if !folders.iter().any(|folder| disk.starts_with(folder)) {
            wrongs.add(format!("the disk {} is of no VM", disk.display()));
        }
        if !disk.exists() {
            wrongs.add(format!("the disk {} has no file", disk.display()));
        }
    }
    for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "vdi")) {
        if !disks.contains(file) {
            wrongs.add(format!("the file {} is not registered", file.display()));
        }
    }
}

/// Checks that each live VM has one process, and no other has one.
fn work(world: &World, vms: &[Listed], wrongs: &mut Wrongs) {
    let processes = processes::of(world);
    let working = |vm: &Listed| processes.iter().filter(|it| it.is_of(&vm.id)).count();
    for vm in vms {
        let is_live = ["running", "paused"].contains(&vm.state.as_str());
        wrongs.equal(&format!("processes of {vm:?}"), &working(vm), &usize::from(is_live));
    }
    for process in processes.iter().filter(|it| it.is("VBoxHeadless")) {
        if !vms.iter().any(|vm| process.is_of(&vm.id)) {
            wrongs.add(format!("a process of no VM: {process:?}"));
        }
    }
}

/// Returns every file and every empty folder below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).into_iter().flatten().map(|it| it.unwrap().path()) {
        let inside = if path.is_dir() { files(&path) } else { Vec::new() };
        if inside.is_empty() { found.push(path) } else { found.extend(inside) }
    }
    found
}

/// Keeps what a failed round left to read, where that is asked for.
fn keep(world: &World, seed: u64) {
    let Ok(folder) = std::env::var("VM_CLI_CHAOS_KEEP") else { return };
    let target = Path::new(&folder).join(seed.to_string());
    let from = world.home.path();
    fs::create_dir_all(&target).unwrap();
    let mut copy = std::process::Command::new("cp");
    copy.arg("-r").args([from.join("state"), from.join("calls.jsonl")]).arg(&target);
    copy.status().unwrap();
    eprintln!("its state and its calls are kept in {}", target.display());
}
