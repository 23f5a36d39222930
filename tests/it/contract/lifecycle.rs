use vm_cli::error::ErrorKind;
use vm_cli::model::{Display, Monitor, StopMode, VmRef, VmState};

use super::Guest;
use super::bench::{Bench, forward};
use super::free_port;

const STATE: [ErrorKind; 1] = [ErrorKind::InvalidState];
const LIVE: [ErrorKind; 2] = [ErrorKind::InvalidState, ErrorKind::Locked];

/// A VM goes through its life, and refuses in each state what makes no sense there.
pub(super) async fn check(bench: &Bench) {
    let vm = bench.make(40, &bench.wanted("life")).await;
    while_off(bench, &vm).await;
    bench.start(&vm).await;
    while_live(bench, &vm).await;
    paused(bench, &vm).await;
    seen(bench, &vm).await;
    forwarded(bench, &vm).await;
    saved(bench, &vm).await;
    bench.power_off(&vm).await;
    while_off(bench, &vm).await;
    if bench.options.guest == Guest::Listens {
        listening(bench, &vm).await;
    }
    bench.delete(&vm).await;
    bench.refused("delete again", &[ErrorKind::VmNotFound], || bench.driver.delete(&vm)).await;
}

async fn while_off(bench: &Bench, vm: &VmRef) {
    let driver = &bench.driver;
    for mode in StopMode::ALL {
        bench.refused("stop while off", &STATE, || driver.stop(vm, *mode)).await;
    }
    bench.refused("pause while off", &STATE, || driver.pause(vm)).await;
    bench.refused("resume while off", &STATE, || driver.resume(vm)).await;
    bench.refused("reset while off", &STATE, || driver.reset(vm)).await;
    if let Some(console) = driver.console() {
        bench
            .refused("screenshot while off", &STATE, || console.screenshot(vm, Monitor::default()))
            .await;
    }
    assert!(bench.done("facts", || driver.guest_facts(vm)).await.addresses.is_empty());
    assert_eq!(bench.inspect(vm).await.state, VmState::PoweredOff);
}

async fn while_live(bench: &Bench, vm: &VmRef) {
    let driver = &bench.driver;
    bench.refused("start again", &LIVE, || driver.start(vm, Display::Headless)).await;
    bench.refused("delete while live", &LIVE, || driver.delete(vm)).await;
    bench.refused("resume while running", &STATE, || driver.resume(vm)).await;
    bench.done("reset", || driver.reset(vm)).await;
    bench.until(vm, VmState::Running).await;
    let list = bench.done("list", || driver.list()).await;
    assert_eq!(list.len(), 1);
    assert_eq!(list[0].state, VmState::Running);
}

async fn paused(bench: &Bench, vm: &VmRef) {
    let driver = &bench.driver;
    bench.done("pause", || driver.pause(vm)).await;
    bench.until(vm, VmState::Paused).await;
    bench.refused("pause again", &STATE, || driver.pause(vm)).await;
    bench.refused("delete while paused", &LIVE, || driver.delete(vm)).await;
    bench.done("resume", || driver.resume(vm)).await;
    bench.until(vm, VmState::Running).await;
}

/// The first picture may take a while: a screen without a mode is transient.
async fn seen(bench: &Bench, vm: &VmRef) {
    let Some(console) = bench.driver.console() else { return };
    let png = bench.done("screenshot", || console.screenshot(vm, Monitor::default())).await;
    let picture = image::load_from_memory_with_format(&png, image::ImageFormat::Png).unwrap();
    assert!(picture.width() >= 320 && picture.height() >= 200);
}

async fn forwarded(bench: &Bench, vm: &VmRef) {
    let Some(forwarding) = bench.driver.forwarding() else { return };
    let names = async || -> Vec<String> {
        let found = bench.inspect(vm).await;
        found.forwards().map(|forward| forward.name.clone()).collect()
    };
    let rule = forward("web", free_port(), 80);
    bench.done("add a forward", || forwarding.add(vm, &rule)).await;
    assert_eq!(names().await, ["ssh", "web"]);
    let exists = [ErrorKind::AlreadyExists];
    bench.refused("add it again", &exists, || forwarding.add(vm, &rule)).await;
    bench.done("remove the forward", || forwarding.remove(vm, "web")).await;
    assert_eq!(names().await, ["ssh"]);
    let missing = [ErrorKind::NotFound];
    bench.refused("remove it again", &missing, || forwarding.remove(vm, "web")).await;
}

async fn saved(bench: &Bench, vm: &VmRef) {
    let driver = &bench.driver;
    bench.done("save", || driver.stop(vm, StopMode::Save)).await;
    bench.until(vm, VmState::Saved).await;
    bench.refused("pause while saved", &STATE, || driver.pause(vm)).await;
    bench.refused("power off while saved", &STATE, || driver.stop(vm, StopMode::PowerOff)).await;
    bench.start(vm).await;
    bench.done("pause", || driver.pause(vm)).await;
    bench.done("save while paused", || driver.stop(vm, StopMode::Save)).await;
    bench.until(vm, VmState::Saved).await;
    bench.start(vm).await;
}

/// The guest runs commands, once it is up, and goes off by its power button.
async fn listening(bench: &Bench, vm: &VmRef) {
    let driver = &bench.driver;
    bench.start(vm).await;
    if let Some(commands) = driver.guest_commands() {
        let said = bench.done("run echo", || commands.run(vm, "echo hello")).await;
        assert_eq!((said.exit_code, said.stdout.as_slice()), (0, &b"hello\n"[..]));
        let failed = bench.done("run exit", || commands.run(vm, "exit 7")).await;
        assert_eq!(failed.exit_code, 7);
        assert!(!bench.done("facts", || driver.guest_facts(vm)).await.addresses.is_empty());
    }
    bench.done("press the power button", || driver.stop(vm, StopMode::Acpi)).await;
    bench.until(vm, VmState::PoweredOff).await;
}
