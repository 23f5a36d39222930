//! Many commands at the same moment, on a real VirtualBox: none fails.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use vm_cli::config::{Environment, Folders, Platform, Settings};
use vm_cli::orchestrator::{Setup, VmOrchestrator};

use super::world::World;
use crate::support::command::{Run, program_file};

/// Begins a command.
fn begin(world: &World, arguments: &[String]) -> Child {
    let mut command = world.home.command(program_file());
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

fn words(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}

/// Runs commands at the same moment and returns what each came to.
fn at_once(world: &World, lines: &[String]) -> Vec<(String, Run)> {
    let begun: Vec<_> =
        lines.iter().map(|line| (line.clone(), begin(world, &words(line)))).collect();
    let end = |(line, child): (String, Child)| (line, Run::from(child.wait_with_output().unwrap()));
    begun.into_iter().map(end).collect()
}

/// Runs commands at the same moment; all must succeed.
#[track_caller]
fn all_succeed(world: &World, lines: &[String]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut failed = Vec::new();
    for (line, run) in at_once(world, lines) {
        if run.code != 0 {
            failed.push(format!("vm-cli {line}: {run:#?}"));
        }
        runs.push(run);
    }
    assert!(failed.is_empty(), "{} of {}: {}", failed.len(), lines.len(), failed.join("\n"));
    runs
}

fn times(count: usize, line: impl Fn(usize) -> String) -> Vec<String> {
    (0..count).map(line).collect()
}

#[track_caller]
fn small(world: &World, name: &str) {
    world.home.ok(&[
        "create",
        "--name",
        name,
        "--memory",
        "64",
        "--no-disk",
        "--os-type",
        "Debian_64",
        "--cpus",
        "1",
    ]);
}

#[test]
fn reads_of_one_vm_that_is_off_share_their_calls() {
    let Some(mut world) = World::new("parallel: 24 reads") else { return };
    let log = world.observe();
    small(&world, "web");
    fs::remove_file(&log).ok();
    for run in all_succeed(&world, &times(24, |_| "status web --json".to_owned())) {
        let document: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(document["items"][0]["state"], "poweroff", "{document}");
    }
    let calls = fs::read_to_string(&log).unwrap().lines().count();
    assert!(calls <= 12, "24 reads at the same moment made {calls} calls");
}

#[test]
fn changes_and_reads_of_one_vm_do_not_disturb_each_other() {
    let Some(world) = World::new("parallel: 12 changes beside 12 reads") else { return };
    small(&world, "web");
    let mut lines = times(12, |n| format!("snapshot take web s{n}"));
    lines.extend(times(12, |n| {
        if n % 2 == 0 { "status web --json".to_owned() } else { "snapshot list web".to_owned() }
    }));
    all_succeed(&world, &lines);
    let listed = world.home.json(&["snapshot", "list", "web"]);
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(12), "{listed}");
}

#[test]
fn a_live_vm_is_photographed_read_and_changed_at_once() {
    let Some(world) = World::new("parallel: a live VM") else { return };
    small(&world, "web");
    world.home.ok(&["start", "web"]);
    let mut lines = times(4, |n| format!("snapshot take web s{n}"));
    lines.extend(times(8, |_| "status web".to_owned()));
    lines.extend(times(3, |_| "pause web".to_owned()));
    all_succeed(&world, &lines);
    assert_eq!(world.home.json(&["status", "web"])["items"][0]["state"], "paused");
    all_succeed(&world, &times(6, |_| "start web".to_owned()));
    world.home.ok(&["stop", "web", "--force"]);
}

#[test]
fn the_first_calls_of_a_cold_service_all_succeed() {
    let Some(mut world) = World::new("parallel: 16 cold lists") else { return };
    let cold = |world: &mut World, round: usize| {
        let folder = world.home.path().join(format!("cold{round}"));
        let socket = folder.display().to_string().replace('/', "_");
        world.home.set("VBOX_USER_HOME", folder.display().to_string());
        world.home.set("VBOX_IPC_SOCKETID", socket.chars().rev().take(20).collect::<String>());
    };
    for round in 0..2 {
        cold(&mut world, round);
        all_succeed(&world, &times(16, |_| "list --json".to_owned()));
    }
    // The wrapper script removes the socket of a service that is just starting.
    let wrapper = ["/usr/bin/VBoxManage", "/usr/local/bin/VBoxManage"];
    let Some(wrapper) = wrapper.iter().find(|file| fs::metadata(file).is_ok()) else { return };
    world.home.set("VM_CLI_VBOXMANAGE", *wrapper);
    for round in 2..4 {
        cold(&mut world, round);
        all_succeed(&world, &times(16, |_| "list --json".to_owned()));
    }
}

#[test]
fn vms_made_at_once_get_ports_of_their_own() {
    let Some(world) = World::new("parallel: 12 creates") else { return };
    let file = world.home.path().join("ports.json");
    fs::write(&file, r#"{"networking": {"ssh_port_range": [24300, 24330]}}"#).unwrap();
    let lines = times(12, |n| {
        format!(
            "--config {} create --name vm{n} --memory 64 --no-disk --ssh-port free --json",
            file.display()
        )
    });
    let ports: BTreeSet<u64> = all_succeed(&world, &lines)
        .iter()
        .map(|run| {
            let made: Value = serde_json::from_str(&run.stdout).unwrap();
            made["items"][0]["forwards"][0]["host_port"].as_u64().unwrap()
        })
        .collect();
    assert_eq!(ports.len(), 12, "{ports:?}");
    assert_eq!(world.home.json(&["list"])["items"].as_array().map(Vec::len), Some(12));
}

#[test]
fn of_several_that_make_the_same_vm_one_does_and_the_others_say_so() {
    let Some(world) = World::new("parallel: one name") else { return };
    let line = "create --name web --memory 64 --disk 1".to_owned();
    let runs = at_once(&world, &times(6, |_| line.clone()));
    let made = runs.iter().filter(|(_, run)| run.code == 0).count();
    let refused = runs.iter().filter(|(_, run)| run.code == 4).count();
    assert_eq!((made, refused), (1, 5), "{runs:#?}");
    world.home.ok(&["snapshot", "take", "web", "whole"]);
}

#[test]
fn two_scripts_that_start_the_same_vms_both_succeed() {
    let Some(world) = World::new("parallel: two scripts") else { return };
    let names = times(5, |n| format!("vm{n}"));
    for name in &names {
        small(&world, name);
    }
    let script = names.iter().map(|name| format!("vm-cli start {name}")).collect::<Vec<_>>();
    let run = || {
        let mut shell = world.home.command("sh");
        shell.args(["-ec", &script.join("\n")]).stdout(Stdio::piped()).stderr(Stdio::piped());
        shell.spawn().unwrap()
    };
    for child in [run(), run()] {
        let run = Run::from(child.wait_with_output().unwrap());
        assert_eq!(run.code, 0, "{run:#?}");
    }
    let listed = world.home.json(&["list"]);
    let items = listed["items"].as_array().unwrap();
    assert!(items.len() == 5 && items.iter().all(|vm| vm["state"] == "running"), "{listed}");
    all_succeed(&world, &times(5, |n| format!("stop vm{n} --force")));
}

#[test]
fn who_waits_is_told_for_whom_and_a_killed_holder_is_in_nobodys_way() {
    let Some(mut world) = World::new("parallel: a killed holder") else { return };
    let plan = world.home.path().join("plan.json");
    world.observe();
    small(&world, "web");
    fs::write(
        &plan,
        r#"{"seed":1,"rules":[{"match":"snapshot","fault":"slow","ms":6000,"times":1}]}"#,
    )
    .unwrap();
    world.home.set("FAKE_VBOXMANAGE_PLAN", plan.display().to_string());
    let late = Instant::now() + Duration::from_secs(20);
    let mut holder = begin(&world, &words("snapshot take web s"));
    let mark = format!("held by pid {} (`vm-cli snapshot take web s`) since", holder.id());
    let impatient = world.home.path().join("impatient.json");
    fs::write(&impatient, r#"{"timeouts": {"lock_seconds": 1}}"#).unwrap();
    let impatient = impatient.display().to_string();
    // Until the holder has come to its long call.
    let error = loop {
        let run = world.home.run(&["--config", &impatient, "status", "web", "--json"]);
        if run.code != 0 {
            break serde_json::from_str::<Value>(&run.stdout).unwrap();
        }
        assert!(Instant::now() < late, "the holder never held it");
    };
    assert_eq!(error["error"]["code"], "vm_locked", "{error}");
    assert!(error["error"]["message"].as_str().unwrap().contains(&mark), "{error}");
    let waiter = begin(&world, &words("status web --json"));
    holder.kill().unwrap();
    holder.wait().unwrap();
    let run = Run::from(waiter.wait_with_output().unwrap());
    assert_eq!(run.code, 0, "{run:#?}");
    world.home.ok(&["snapshot", "take", "web", "t"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_of_one_process_share_their_calls_too() {
    let Some(mut world) = World::new("parallel: 24 reads of one process") else { return };
    let log = world.observe();
    small(&world, "web");
    fs::remove_file(&log).ok();
    let variables: Vec<(String, String)> = world.home.variables();
    let environment: Environment = variables.iter().cloned().collect();
    let folders = Folders::find(Platform::current(), &environment, world.home.path()).unwrap();
    let program = env!("CARGO_BIN_EXE_fake-vboxmanage");
    // The calls of a library are made in its own world: the log and the service are named to them
    // by a script.
    let script = world.home.path().join("vboxmanage.sh");
    let exports = variables
        .iter()
        .fold(String::new(), |text, (name, value)| format!("{text}export {name}='{value}'\n"));
    fs::write(&script, format!("#!/bin/sh\n{exports}exec {program} \"$@\"\n")).unwrap();
    make_executable(&script);
    let mut settings = Settings::default();
    settings.hypervisor.vboxmanage = Some(script);
    let setup = Setup { environment: variables, ..Setup::new(settings, folders) };
    let orchestrator = VmOrchestrator::new(setup).unwrap();
    let reads = (0..24).map(|_| {
        let orchestrator = orchestrator.clone();
        tokio::spawn(async move { orchestrator.vm_status(&"web".parse().unwrap()).await })
    });
    for read in reads.collect::<Vec<_>>() {
        assert_eq!(read.await.unwrap().unwrap().name, "web");
    }
    orchestrator.close().await;
    let calls = fs::read_to_string(&log).unwrap().lines().count();
    assert!(calls <= 3, "24 reads at the same moment made {calls} calls");
}

fn make_executable(file: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(file, fs::Permissions::from_mode(0o700)).unwrap();
}
