//! QEMU: the contract of hypervisors, and its main job with a guest that really boots.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use vm_cli::hypervisor::Hypervisor;
use vm_cli::hypervisor::qemu::{Options, Programs, QemuDriver};
use vm_cli::hypervisor::virtualbox::Deadlines;
use vm_cli::model::{Display, ExecutionEngine, Firmware, Severity, VmState};
use vm_cli::process::SystemRunner;

use crate::contract::{ContractOptions, Guest, hypervisor_contract};
use crate::support::command::Home;

const LOGIN: [&str; 4] = ["--username", "admin", "--password", "password"];

/// The folder of VMs of a test's own; the processes in it end with it.
struct Vms(PathBuf);

impl Drop for Vms {
    fn drop(&mut self) {
        for vm in std::fs::read_dir(&self.0).into_iter().flatten().flatten() {
            let pid = std::fs::read_to_string(vm.path().join("pid")).unwrap_or_default();
            if !pid.trim().is_empty() {
                Command::new("kill").arg(pid.trim()).status().ok();
            }
        }
    }
}

/// Returns the programs; `None`, said aloud, where they are not and none are required.
fn programs(name: &str) -> Option<Programs> {
    let path = std::env::var("PATH").unwrap_or_default();
    let programs = Programs::find(&[("PATH".to_owned(), path)]);
    if programs.system.is_some() && programs.image.is_some() {
        return Some(programs);
    }
    let required = std::env::var("VM_CLI_LIVE").is_ok_and(|it| it == "required");
    assert!(!required, "VM_CLI_LIVE=required, and there is no QEMU");
    eprintln!("SKIPPED, no QEMU on this host: {name}");
    None
}

fn iso() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guest/guest.iso").display().to_string()
}

fn driver(folder: &Path, programs: Programs) -> QemuDriver {
    QemuDriver::new(Options {
        folder: folder.to_owned(),
        programs,
        runner: Arc::new(SystemRunner::new(Duration::from_secs(10))),
        deadlines: Deadlines {
            query: Duration::from_secs(30),
            change: Duration::from_mins(1),
            start: Duration::from_mins(2),
        },
        ledger: None,
        clock: SystemTime::now,
    })
}

#[tokio::test]
async fn qemu_keeps_the_contract() {
    let Some(programs) = programs("the contract on QEMU") else { return };
    let folder = tempfile::tempdir().unwrap();
    let vms = Vms(folder.path().join("vms"));
    let driver = driver(&vms.0, programs);
    let health = driver.health().await;
    assert!(health.is_usable() && health.version.is_some(), "{health:?}");
    assert!(health.findings.iter().any(|it| it.check == "qemu_acceleration"));
    assert!(health.findings.iter().all(|it| it.severity != Severity::Problem));
    let options = ContractOptions {
        engine: ExecutionEngine::Recompiler,
        iso: Some(iso().into()),
        folder: Some(folder.path().join("elsewhere")),
        firmware: Firmware::Bios,
        // It boots, but nobody waits for it here: the main job presses its power button.
        guest: Guest::Deaf,
        patience: Duration::from_mins(1),
    };
    hypervisor_contract(Arc::new(driver), options).await;
    let left: Vec<_> = std::fs::read_dir(folder.path().join("elsewhere")).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn a_vm_whose_process_died_is_aborted_and_starts_again() {
    let Some(programs) = programs("a QEMU that dies") else { return };
    let home = home();
    create(&home, "doomed");
    home.ok(&["start", "doomed"]);
    let driver = driver(&vms_of(&home), programs);
    let _ended = Vms(vms_of(&home));
    let listed = driver.list().await.unwrap();
    let pid = vms_of(&home).join(listed[0].id.to_string()).join("pid");
    let pid = std::fs::read_to_string(pid).unwrap();
    assert!(Command::new("kill").args(["-9", pid.trim()]).status().unwrap().success());
    while driver.list().await.unwrap()[0].state == VmState::Running {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(driver.list().await.unwrap()[0].state, VmState::Aborted);
    let vm = listed[0].id.into();
    driver.start(&vm, Display::Headless).await.unwrap();
    assert_eq!(driver.inspect(&vm).await.unwrap().state, VmState::Running);
    home.ok(&["delete", "doomed", "--force", "--yes"]);
    assert!(driver.list().await.unwrap().is_empty());
}

#[test]
fn a_vm_is_made_seen_commanded_put_back_and_removed() {
    if programs("the main job on QEMU").is_none() {
        return;
    }
    let home = home();
    let _ended = Vms(vms_of(&home));
    create(&home, "web");
    home.ok(&["start", "web", "--wait=ssh", "--timeout", "5m"]);
    assert_eq!(exec(&home, "echo out; exit 3"), (3, "out\n".to_owned()));
    home.ok(&["screenshot", "web", "-o", "one.png"]);
    assert!(std::fs::read(home.path().join("one.png")).unwrap().starts_with(b"\x89PNG"));
    home.ok(&["snapshot", "--name", "web", "--snapshot-name", "clean"]);
    assert_eq!(exec(&home, "touch /tmp/dirt").0, 0);
    home.ok(&["snapshot", "restore", "web", "clean", "--force", "--start"]);
    let (code, _) = exec(&home, "ls /tmp/dirt");
    assert!(code != 0 && code != 255, "the guest answers, and the file is gone: {code}");
    home.ok(&["stop", "web", "--save"]);
    assert_eq!(home.json(&["status", "web"])["items"][0]["state"], "saved");
    home.ok(&["start", "web"]);
    home.ok(&["stop", "web", "--timeout", "2m"]);
    assert_eq!(home.json(&["list"])["items"][0]["state"], "poweroff");
    home.ok(&["delete", "web", "--force", "--yes"]);
    assert_eq!(std::fs::read_dir(vms_of(&home)).unwrap().count(), 1, "only the lock is left");
}

fn vms_of(home: &Home) -> PathBuf {
    home.path().join("state/qemu")
}

fn home() -> Home {
    let mut home = Home::with([]);
    home.set("VM_CLI_HYPERVISOR", "qemu");
    // KVM is not everywhere where its device is.
    home.set("VM_CLI_VM_DEFAULTS_EXECUTION_ENGINE", "recompiler");
    for limit in ["CPU", "MEMORY"] {
        home.set(&format!("VM_CLI_RESOURCE_LIMITS_MAX_{limit}_USAGE_PERCENT"), "100");
    }
    home.set("VM_CLI_SSH_CONNECT_SECONDS", "180");
    let first = 30_000 + std::process::id() % 500 * 20;
    let configuration =
        format!(r#"{{"networking": {{"ssh_port_range": [{first}, {}]}}}}"#, first + 19);
    std::fs::create_dir_all(home.path().join("state")).unwrap();
    std::fs::write(home.path().join("state/config.json"), configuration).unwrap();
    home
}

fn create(home: &Home, name: &str) {
    let iso = iso();
    let arguments = [
        "create",
        "--name",
        name,
        "--memory",
        "128",
        "--no-disk",
        "--cpus",
        "1",
        "--os-type",
        "Linux_64",
        "--iso",
        &iso,
        "--graphics",
        "vboxvga",
        "--firmware",
        "bios",
    ];
    home.ok(&arguments);
}

fn exec(home: &Home, command: &str) -> (i32, String) {
    let mut arguments = vec!["exec", "--name", "web", "--command", command];
    arguments.extend(LOGIN);
    let run = home.run(&arguments);
    (run.code, run.stdout)
}
