//! Waiting, watching, reading logs, restarting and looking at the screen.

use std::time::Duration;

use super::{VM, ended, signal, started};
use crate::live::world::World;
use crate::support::command::program_file;

const SOON: Duration = Duration::from_secs(10);

pub(super) fn check(world: &World) {
    let home = &world.home;
    home.ok(&["wait", VM, "running"]);
    home.ok(&["wait", VM, "ip", "--timeout", "60s"]);
    home.ok(&["wait", VM, "additions", "--timeout", "60s"]);
    let late = home.error(5, &["wait", VM, "poweroff", "--timeout", "1s"]);
    assert_eq!(late["code"], "timed_out", "{late}");
    let message = late["message"].as_str().unwrap();
    assert!(message.contains(VM) && message.contains("1 s"), "{message}");
    assert_eq!(late["evidence"]["state"], "running", "{late}");
    assert_eq!(late["evidence"]["addresses"][0], "10.0.2.15", "{late}");
    assert!(late["evidence"]["log"].as_array().is_some_and(|it| it.len() == 5), "{late}");
    let picture = std::fs::read(late["evidence"]["screenshot"].as_str().unwrap()).unwrap();
    assert!(picture.starts_with(b"\x89PNG"));
    reported_anew(world);
    watched(world);
    logs(world);
    screen(world);
    restarted(world);
    off(world);
}

/// What a snapshot brings back is not taken for what the guest says now.
fn reported_anew(world: &World) {
    let home = &world.home;
    for _ in 0..2 {
        super::again(world);
        home.ok(&["wait", VM, "additions", "--timeout", "60s"]);
        let told = home.json(&["status", VM, "--guest"]);
        let guest = &told["items"][0]["guest"];
        assert_eq!(guest["stale"], false, "{told}");
        assert_eq!(
            (&guest["system"], &guest["addresses"][0]),
            (&"Linux".into(), &"10.0.2.15".into())
        );
    }
    home.ok(&["wait", VM, "screen-stable", "--timeout", "60s"]);
}

/// What runs until Ctrl-C ends with it.
fn watched(world: &World) {
    let mut call = world.home.command(program_file());
    call.args(["status", VM, "--watch", "--interval", "100ms", "--format", "jsonl"]);
    let child = started(call, "running");
    signal(&child, "-INT");
    assert_eq!(ended(child, SOON).code, 130);
}

fn logs(world: &World) {
    let home = &world.home;
    let vm = home.ok(&["logs", VM, "--lines", "100000"]);
    assert!(vm.contains("VirtualBox VM 7"), "its own log begins with its version");
    assert_eq!(home.ok(&["logs", VM, "-n", "3"]).lines().count(), 3);
    let ours = home.ok(&["logs"]);
    assert!(ours.contains("vm-cli logs"), "what was typed is in ours: {ours}");
    let mut call = home.command(program_file());
    call.args(["logs", VM, "-f", "-n", "0"]);
    let child = std::thread::scope(|scope| {
        let pause = scope.spawn(|| {
            // Each makes the VM's log longer; the first may come before it is followed.
            for _ in 0..20 {
                home.ok(&["pause", VM]);
                home.ok(&["resume", VM]);
            }
        });
        let child = started(call, "Changing the VM state from");
        pause.join().unwrap();
        child
    });
    signal(&child, "-INT");
    assert_eq!(ended(child, SOON).code, 130);
}

fn screen(world: &World) {
    let home = &world.home;
    let mut call = home.command(program_file());
    let picture = call.args(["screenshot", VM, "-o", "-"]).output().unwrap();
    let size = image::load_from_memory_with_format(&picture.stdout, image::ImageFormat::Png);
    assert!(size.is_ok_and(|it| it.width() == 1024 && it.height() == 768), "{picture:?}");
    home.error(2, &["screenshot", VM, "-o", "-", "--analyze"]);
}

/// A restart goes through the guest, a reset over its head.
fn restarted(world: &World) {
    let home = &world.home;
    let log = || home.ok(&["logs", VM, "--lines", "100000"]);
    let before = log();
    let run = home.json(&["restart", VM, "--timeout", "60s"]);
    assert_eq!(run["items"][0]["changed"], true, "{run}");
    assert_eq!(home.json(&["status", VM])["items"][0]["state"], "running");
    assert_ne!(log().lines().next(), before.lines().next(), "it is another process");
    assert!(!log().contains("Changing the VM state from 'RUNNING' to 'RESETTING'"));
    assert_eq!(home.json(&["reset", VM])["items"][0]["changed"], true);
    assert!(log().contains("Changing the VM state from 'RUNNING' to 'RESETTING'"), "{}", log());
}

fn off(world: &World) {
    let home = &world.home;
    home.ok(&["stop", VM, "--force"]);
    home.ok(&["wait", VM, "poweroff"]);
    for what in [["screenshot", VM], ["reset", VM], ["pause", VM]] {
        let error = home.error(4, &what);
        assert_eq!(error["code"], "invalid_state", "{what:?}: {error}");
    }
    let error = home.error(4, &["wait", VM, "ip", "--timeout", "1s"]);
    assert!(error["hint"].as_str().is_some_and(|it| it.contains("vm-cli start")), "{error}");
    let error = home.error(5, &["wait", VM, "running", "--timeout", "1s"]);
    assert_eq!(error["code"], "timed_out", "{error}");
    assert!(!home.path().join("guest.png").exists());
}
