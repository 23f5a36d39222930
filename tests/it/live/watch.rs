//! VMs that come to harm on the real VirtualBox, and come back.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::booted::boot_anew;
use super::unlock::{process_of, signal};
use super::world::World;
use crate::support::watching::Watching;

fn idle(world: &World) {
    world.home.ok(&[
        "create",
        "--name",
        "web",
        "--memory",
        "32",
        "--no-disk",
        "--ssh-port",
        "none",
    ]);
}

fn state(world: &World) -> String {
    world.home.json(&["status", "web"])["items"][0]["state"].as_str().unwrap().to_owned()
}

/// Kills the VM's process; VirtualBox notices that by itself.
fn kill(world: &World) -> i32 {
    let process = process_of(world, "web");
    signal(process, "-KILL");
    process
}

#[test]
fn a_vm_whose_process_was_killed_comes_back_as_often_as_configured() {
    let Some(mut world) = World::new("watch: a killed process") else { return };
    idle(&world);
    world.home.ok(&["start", "web"]);
    // policy, interval_seconds, max_recoveries and window_minutes.
    world.home.set("VM_CLI_RECOVERY_POLICY", "restart");
    world.home.set("VM_CLI_WATCH_INTERVAL_SECONDS", "1");
    world.home.set("VM_CLI_RECOVERY_MAX_RECOVERIES", "1");
    world.home.set("VM_CLI_RECOVERY_WINDOW_MINUTES", "7");
    let mut watch = Watching::begin(&world.home, &["web"]);
    watch.next_with("state", "state", "running");
    let (first, begun) = (kill(&world), Instant::now());
    let done = watch.next("recovered")["recovery"].clone();
    assert!(begun.elapsed() < Duration::from_secs(9), "{:?}: slower than 10 s", begun.elapsed());
    assert_eq!((&done["found_state"], &done["trouble"]), (&json!("aborted"), &json!("aborted")));
    assert_eq!(done["clues"][0]["kind"], "process_ended", "{done}");
    assert!(done["disk_free_bytes"].as_u64().is_some_and(|it| 0 < it), "{done}");
    assert_eq!(state(&world), "running");
    assert_ne!(process_of(&world, "web"), first);

    kill(&world);
    let why = watch.next("gave_up")["message"].to_string();
    assert!(why.contains("1 recoveries within 7 min"), "{why}");
    assert_eq!(watch.end().0, 8);
    assert_eq!(state(&world), "aborted");
    assert_eq!(world.home.json(&["metrics"])["tasks"]["vms_recovered"], 1);
}

#[test]
fn a_vm_whose_process_was_killed_goes_back_to_the_configured_snapshot() {
    let Some(mut world) = World::new("watch: back to a snapshot") else { return };
    idle(&world);
    world.home.ok(&["snapshot", "take", "web", "clean"]);
    world.home.ok(&["snapshot", "take", "web", "later"]);
    world.home.ok(&["start", "web"]);
    world.home.set("VM_CLI_RECOVERY_POLICY", "restore-snapshot");
    world.home.set("VM_CLI_RECOVERY_SNAPSHOT", "clean");
    let mut watch = Watching::begin(&world.home, &["web", "--interval", "500ms"]);
    watch.next_with("state", "state", "running");
    kill(&world);
    let done = watch.next("recovered")["recovery"].clone();
    assert_eq!(done["steps"], json!(["restore_snapshot", "start"]), "{done}");
    let (code, summary) = watch.interrupt();
    assert_eq!((code, &summary["items"][0]["recoveries"]), (0, &json!(1)), "{summary}");
    assert_eq!(state(&world), "running");
    let snapshots = world.home.json(&["snapshot", "list", "web"]);
    let current = snapshots["items"].as_array().unwrap().iter().find(|it| it["current"] == true);
    assert_eq!(current.unwrap()["name"], "clean", "{snapshots}");
}

/// Saves the VM, and returns the file.
fn save(world: &World) -> PathBuf {
    world.home.ok(&["start", "web"]);
    world.vboxmanage(&["controlvm", "web", "savestate"]);
    world.state_file("web")
}

/// What happens to the file of a saved state.
#[derive(Debug, Clone, Copy)]
enum Damage {
    Cut,
    Flipped,
    Gone,
}

impl Damage {
    fn to(self, file: &Path) {
        let mut bytes = fs::read(file).unwrap();
        let middle = bytes.len() / 2;
        match self {
            Self::Gone => return fs::remove_file(file).unwrap(),
            Self::Cut => bytes.truncate(middle),
            Self::Flipped => bytes[middle..middle + 8].fill(b'X'),
        }
        fs::write(file, bytes).unwrap();
    }
}

#[test]
fn a_saved_state_that_cannot_be_read_is_told_and_thrown_away() {
    let Some(mut world) = World::new("watch: damaged saved states") else { return };
    idle(&world);
    for (damage, left) in
        [(Damage::Cut, "saved"), (Damage::Flipped, "aborted-saved"), (Damage::Gone, "saved")]
    {
        damage.to(&save(&world));
        let error = world.home.error(4, &["start", "web"]);
        assert_eq!(error["code"], "saved_state_unreadable", "{error}");
        assert!(error["hint"].as_str().unwrap().contains("vm-cli recover web"), "{error}");
        assert_eq!(state(&world), left);
        let found = world.home.json(&["recover", "web"])["items"][0].clone();
        assert_eq!(found["trouble"], "saved_state_unreadable", "{found}");
        assert!(found["clues"].to_string().contains("saved_state"), "{found}");
        let planned = world.home.ok(&["recover", "web", "--policy", "restart", "--dry-run"]);
        assert!(planned.contains("discardstate") && planned.contains("startvm"), "{planned}");
        let done = world.home.json(&["recover", "web", "--policy", "restart"])["items"][0].clone();
        assert_eq!(done["steps"], json!(["discard_saved_state", "start"]), "{done}");
        assert_eq!(state(&world), "running");
        world.home.ok(&["stop", "web", "--force"]);
    }
    // Nobody asked for it to run: only who must keep it running finds the damage.
    Damage::Cut.to(&save(&world));
    let policy = ["web", "--policy", "restart", "--interval", "500ms", "--keep-running"];
    // Those by hand count too.
    world.home.set("VM_CLI_RECOVERY_MAX_RECOVERIES", "9");
    let mut watch = Watching::begin(&world.home, &policy);
    let done = watch.next("recovered")["recovery"].clone();
    assert_eq!(done["steps"], json!(["discard_saved_state", "start"]), "{done}");
    assert_eq!((watch.interrupt().0, state(&world).as_str()), (0, "running"));
}

/// A floppy disk whose boot sector makes the CPU give up: cli; xor ax,ax; mov ds,ax;
/// lidt [0x7c10]; int3. An interrupt without a table for interrupts is a triple fault.
fn fatal_floppy(world: &World) -> String {
    let mut image = vec![0_u8; 1_474_560];
    let code = [0xfa, 0x31, 0xc0, 0x8e, 0xd8, 0x0f, 0x01, 0x1e, 0x10, 0x7c, 0xcc];
    image[..code.len()].copy_from_slice(&code);
    image[510..512].copy_from_slice(&[0x55, 0xaa]);
    let file = world.home.path().join("fatal.img");
    fs::write(&file, image).unwrap();
    file.display().to_string()
}

#[test]
fn a_vm_that_is_stuck_is_told_and_ended_and_started_again() {
    let Some(world) = World::new("watch: a guru meditation") else { return };
    let bios = ["--firmware", "bios", "--os-type", "Other", "--no-disk", "--ssh-port", "none"];
    world.home.ok(&[["create", "web", "--memory", "32"].as_slice(), &bios].concat());
    let floppy = fatal_floppy(&world);
    world.vboxmanage(&["storagectl", "web", "--name", "Floppy", "--add", "floppy"]);
    let drive = ["storageattach", "web", "--storagectl", "Floppy", "--port", "0", "--device", "0"];
    world.vboxmanage(&[drive.as_slice(), &["--type", "fdd", "--medium", &floppy]].concat());
    world.vboxmanage(&["modifyvm", "web", "--boot1", "floppy"]);
    world.home.ok(&["start", "web"]);
    let mut watch = Watching::begin(&world.home, &["web", "--interval", "500ms"]);
    assert_eq!(watch.next("harmed")["trouble"], "stuck");
    assert_eq!(watch.interrupt().0, 0);

    let error = world.home.error(4, &["start", "web"]);
    assert!(error["hint"].as_str().unwrap().contains("vm-cli recover web"), "{error}");
    let found = world.home.json(&["recover", "web"])["items"][0].clone();
    let meditation = |it: &Value| it["kind"] == "guru_meditation";
    assert!(found["clues"].as_array().unwrap().iter().any(meditation), "{found}");
    let done = world.home.json(&["recover", "web", "--policy", "restart"])["items"][0].clone();
    assert_eq!(done["steps"], json!(["emergency_stop", "start"]), "{done}");
    assert_eq!((&done["found_state"], &done["state"]), (&json!("stuck"), &json!("running")));
}

#[test]
fn a_vm_whose_process_hangs_is_ended_and_started_again() {
    let Some(mut world) = World::new("watch: a process that hangs") else { return };
    idle(&world);
    world.home.ok(&["start", "web"]);
    world.home.set("VM_CLI_TIMEOUTS_QUERY_SECONDS", "3");
    let hung = process_of(&world, "web");
    signal(hung, "-STOP");
    let policy = ["web", "--policy", "restart", "--interval", "500ms", "--failures", "2"];
    let mut watch = Watching::begin(&world.home, &policy);
    assert_eq!(watch.next("recovering")["trouble"], "silent");
    let done = watch.next("recovered")["recovery"].clone();
    assert_eq!(done["steps"], json!(["emergency_stop", "start"]), "{done}");
    assert_eq!((watch.interrupt().0, state(&world).as_str()), (0, "running"));
    assert_ne!(process_of(&world, "web"), hung);
}

#[test]
fn a_guest_that_stands_still_is_found_out_by_the_configured_checks_and_restarted() {
    let Some(mut world) = World::new("watch: health checks of a guest") else { return };
    boot_anew(&world, "web");
    // A login that is not answered is to be noticed soon.
    world.home.set("VM_CLI_SSH_CONNECT_SECONDS", "20");
    // checks, warnings, failures, grace_seconds, frozen_seconds and command.
    world.home.set("VM_CLI_WATCH_CHECKS", "ssh,heartbeat");
    world.home.set("VM_CLI_WATCH_WARNINGS", "command,screen");
    world.home.set("VM_CLI_WATCH_FAILURES", "2");
    world.home.set("VM_CLI_WATCH_GRACE_SECONDS", "180");
    world.home.set("VM_CLI_WATCH_FROZEN_SECONDS", "5");
    world.home.set("VM_CLI_WATCH_COMMAND", "test -e /no/such/file");
    world.home.set("VM_CLI_PASSWORD", "password");
    let mut watch =
        Watching::begin(&world.home, &["web", "--policy", "restart", "--interval", "1s"]);
    let mut seen = Vec::new();
    while seen.len() < 4 {
        let event = watch.next("health");
        // The screen was healthy first.
        let (check, health) = (event["check"].clone(), event["health"].clone());
        if check != "screen" || health == "unhealthy" {
            seen.push((check, health));
        }
    }
    for (check, health) in [
        ("ssh", "healthy"),
        ("heartbeat", "healthy"),
        ("command", "unhealthy"),
        ("screen", "unhealthy"),
    ] {
        assert!(seen.contains(&(json!(check), json!(health))), "{check}: {seen:?}");
    }
    let told = watch.told.iter().find(|it| it["check"] == "command").unwrap();
    assert!(told["message"].as_str().unwrap().contains("exit code 1"), "{told}");

    // The kernel stops; the VM runs on.
    let halt = ["exec", "web", "--user", "root", "--timeout", "5s", "--", "halt -f"];
    assert_ne!(world.home.run(&halt).code, 0);
    let begun = watch.next("recovering");
    assert_eq!(begun["trouble"], "unhealthy", "{begun}");
    let unwell = |it: &&Value| it["health"] == "unhealthy" && it["check"] != "command";
    let named: Vec<&Value> = watch.told.iter().filter(unwell).map(|it| &it["check"]).collect();
    assert!(named.contains(&&json!("heartbeat")), "{:#?}", watch.told);
    let done = watch.next("recovered")["recovery"].clone();
    assert_eq!(done["steps"], json!(["power_off", "start"]), "{done}");
    // It boots within the grace, and is not restarted meanwhile.
    loop {
        let event = watch.next("health");
        if event["check"] == "ssh" && event["health"] == "healthy" {
            break;
        }
    }
    let (code, summary) = watch.interrupt();
    assert_eq!((code, &summary["items"][0]["recoveries"]), (0, &json!(1)), "{summary}");
}
