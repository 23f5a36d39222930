//! `hypervisor.*`, `storage.iso_path`, `ssh.connect_seconds`, `logging.*` and
//! two of `resource_limits`: where things are, and how they are reached.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use serde_json::json;
use vm_cli::config::{Folders, Settings};
use vm_cli::guest::OutputSink;
use vm_cli::orchestrator::{Setup, VmOrchestrator};
use vm_cli::request::{EventKind, Request};

use crate::live::world::World;
use crate::support::command::Run;

/// Runs `vm-cli` under a configuration.
fn with(world: &World, configuration: &serde_json::Value, arguments: &[&str]) -> Run {
    let file = world.home.path().join("given.json");
    fs::write(&file, configuration.to_string()).unwrap();
    let file = file.display().to_string();
    let mut all = vec!["--config", &file];
    all.extend(arguments);
    world.home.run(&all)
}

#[test]
fn the_configured_hypervisor_and_program_are_used() {
    let Some(world) = World::new("settings: hypervisor") else { return };
    world.home.ok(&["create", "real", "--memory", "64", "--no-disk"]);
    let list = |configuration| with(&world, &configuration, &["list", "-q"]).stdout;
    assert_eq!(list(json!({"hypervisor": {"driver": "virtualbox"}})), "real\n");
    assert_eq!(list(json!({"hypervisor": {"driver": "simulated"}})), "");
    // With no real program behind it, it is an installation without VMs.
    let fake = env!("CARGO_BIN_EXE_fake-vboxmanage");
    assert_eq!(list(json!({"hypervisor": {"vboxmanage": fake}})), "");
    let missing = json!({"hypervisor": {"vboxmanage": "/nowhere/VBoxManage"}});
    assert_eq!(with(&world, &missing, &["list"]).code, 6);
}

#[test]
fn a_disc_is_found_in_the_configured_folder() {
    let Some(world) = World::new("settings: iso_path") else { return };
    let folder = Path::new(&world.guest_iso()).parent().unwrap().to_path_buf();
    let create = ["create", "disc", "--memory", "64", "--no-disk", "--iso", "guest.iso"];
    let nowhere = with(&world, &json!({}), &create);
    assert_eq!(nowhere.code, 3, "{nowhere:#?}");
    let made = with(&world, &json!({"storage": {"iso_path": folder}}), &create);
    assert_eq!(made.code, 0, "{made:#?}");
    let info = world.vboxmanage(&["showvminfo", "disc", "--machinereadable"]);
    assert!(info.contains(&world.guest_iso()), "{info}");
}

/// A server that shows a banner and then says nothing stands where the guest's should.
#[test]
fn a_connection_is_given_up_when_configured() {
    let Some(mut world) = World::new("settings: connect_seconds") else { return };
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let rule = format!("mute,tcp,127.0.0.1,{},,22", listener.local_addr().unwrap().port());
    world.home.ok(&["create", "mute", "--memory", "64", "--no-disk", "--ssh-port", "none"]);
    std::thread::spawn(move || {
        let mut open = Vec::new();
        for mut stream in listener.incoming().flatten() {
            stream.write_all(b"SSH-2.0-mute\r\n").ok();
            open.push(stream);
        }
    });
    world.home.ok(&["start", "mute"]);
    // We give no VM a forward to a port that is taken. VirtualBox does, and says nothing.
    world.vboxmanage(&["controlvm", "mute", "natpf1", &rule]);
    world.home.set("VM_CLI_SSH_CONNECT_SECONDS", "1");
    let begun = Instant::now();
    let error = world.home.error(255, &["exec", "mute", "--password", "x", "--command", "true"]);
    assert_eq!(error["code"], "guest_unreachable", "{error}");
    assert!(error["message"].as_str().is_some_and(|it| it.contains("within 1s")), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(20), "the default is 30 s");
}

#[test]
fn text_is_typed_for_the_configured_layout() {
    let Some(world) = World::new("settings: keyboard_layout") else { return };
    world.home.ok(&["create", "keys", "--memory", "64", "--no-disk"]);
    for (layout, codes) in [("us", " 2c ac"), ("de", " 15 95")] {
        let settings = json!({"input": {"keyboard_layout": layout}});
        let run = with(&world, &settings, &["type", "keys", "z", "--dry-run"]);
        assert!(run.stdout.trim_end().ends_with(codes), "{layout}: {run:#?}");
    }
}

#[test]
fn the_log_is_written_as_configured() {
    let Some(world) = World::new("settings: logging") else { return };
    let folder = world.home.path().join("elsewhere");
    let log = folder.join("vm_orchestrator.log");
    let list = |logging: serde_json::Value| {
        let mut logging = logging;
        logging["directory"] = json!(folder);
        assert_eq!(with(&world, &json!({"logging": logging}), &["list"]).code, 0);
        fs::read_to_string(&log).unwrap_or_default()
    };
    assert_eq!(list(json!({"level": "off"})), "");
    let usual = list(json!({}));
    assert!(usual.contains("list vms") && !usual.contains("ended:"), "{usual}");
    fs::remove_file(&log).unwrap();
    assert!(list(json!({"level": "debug"})).contains("ended:"));
    fs::remove_file(&log).unwrap();
    let lines = list(json!({"format": "json"}));
    assert!(lines.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
    assert!(!world.home.path().join("state/logs").exists(), "it is elsewhere");

    for day in ["2001-01-01", "2001-01-02", "2001-01-03"] {
        fs::write(folder.join(format!("vm_orchestrator.log.{day}")), "old").unwrap();
    }
    let yesterday = SystemTime::now() - Duration::from_hours(24);
    fs::File::options().append(true).open(&log).unwrap().set_modified(yesterday).unwrap();
    list(json!({"max_files": 2}));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "today's and yesterday's");
}

#[test]
fn no_vm_is_started_on_a_host_that_is_busier_than_configured() {
    let Some(mut world) = World::new("settings: max_cpu_usage_percent") else { return };
    world.home.ok(&["create", "busy", "--memory", "64", "--no-disk"]);
    world.home.set("VM_CLI_RESOURCE_LIMITS_MAX_CPU_USAGE_PERCENT", "1");
    let done = AtomicBool::new(false);
    let refused = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                std::hint::spin_loop();
            }
        });
        let run = world.home.run(&["start", "busy"]);
        done.store(true, Ordering::Relaxed);
        run
    });
    assert_eq!(refused.code, 9, "{refused:#?}");
    assert!(refused.stderr.contains("max_cpu_usage_percent"), "{refused:#?}");
    world.home.set("VM_CLI_RESOURCE_LIMITS_MAX_CPU_USAGE_PERCENT", "100");
    world.home.ok(&["start", "busy"]);
}

/// Prints nothing.
struct Nowhere;

impl OutputSink for Nowhere {
    fn stdout(&self, _: &[u8]) -> std::io::Result<()> {
        Ok(())
    }

    fn stderr(&self, _: &[u8]) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_more_operations_run_at_once_than_configured() {
    let Some(mut world) = World::new("settings: max_parallel_operations") else { return };
    let names = ["one", "two", "three"];
    for name in names {
        world.home.ok(&["create", name, "--memory", "64", "--no-disk"]);
    }
    world.plan(0, &json!([{"match": "showvminfo", "fault": "slow", "ms": 500}]));
    assert_eq!(Box::pin(most_at_once(&world, 1, names)).await, 1);
    assert_eq!(Box::pin(most_at_once(&world, 3, names)).await, 3);
}

/// Reads VMs at once, and returns how many of these tasks ran at the same time.
async fn most_at_once(world: &World, limit: u32, names: [&str; 3]) -> usize {
    let mut settings = Settings::default();
    settings.hypervisor.vboxmanage = Some(world.launcher());
    settings.resource_limits.max_parallel_operations = limit;
    let folders = Folders::within(world.home.path().join("library"));
    let orchestrator = VmOrchestrator::new(Setup::new(settings, folders)).unwrap();
    let mut events = orchestrator.events().subscribe();
    let status =
        |name: &str| orchestrator.handle(Request::Status(name.parse().unwrap()), Arc::new(Nowhere));
    let [one, two, three] = names;
    let (one, two, three) = tokio::join!(status(one), status(two), status(three));
    assert!(one.is_ok() && two.is_ok() && three.is_ok());
    orchestrator.close().await;
    let (mut now, mut most) = (0, 0);
    while let Some(event) = events.recv().await {
        match event.kind {
            EventKind::Started { .. } => now += 1,
            EventKind::Finished { .. } => now -= 1,
            EventKind::Queued { .. }
            | EventKind::AttemptFailed { .. }
            | EventKind::Progress { .. }
            | EventKind::Told { .. } => {}
        }
        most = most.max(now);
    }
    most
}
