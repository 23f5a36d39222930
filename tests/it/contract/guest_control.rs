use std::time::Duration;

use vm_cli::error::ErrorKind;
use vm_cli::files::{Digest, GuestFiles, Meter};
use vm_cli::hypervisor::{GuestControl, GuestEntry, GuestProgram};
use vm_cli::model::GuestSystem;
use vm_cli::model::{VmId, VmRef};
use vm_cli::request::Secret;

use super::Guest;
use super::bench::Bench;

/// Programs run and files go in and out of a guest that listens; another is not ready, and a VM
/// that is off or not there has no guest.
pub(super) async fn check(bench: &Bench) {
    let Some(control) = bench.driver.guest_control() else { return };
    let nobody = VmRef::from(VmId::from_random(404));
    refused(bench, control, &nobody, ErrorKind::VmNotFound).await;
    let vm = bench.make(90, &bench.wanted("entered")).await;
    refused(bench, control, &vm, ErrorKind::InvalidState).await;
    bench.start(&vm).await;
    match bench.options.guest {
        Guest::Listens => {
            programs(bench, control, &vm).await;
            files(bench, &*control.files(&entry(&vm))).await;
        }
        Guest::Deaf => refused(bench, control, &vm, ErrorKind::GuestNotReady).await,
    }
    bench.power_off(&vm).await;
    bench.delete(&vm).await;
}

fn entry(vm: &VmRef) -> GuestEntry {
    let (user, password) = ("admin".to_owned(), Secret::new("password"));
    GuestEntry { vm: vm.clone(), system: GuestSystem::Posix, user, password }
}

fn shell(line: &str) -> GuestProgram {
    GuestProgram {
        file: "/bin/sh".to_owned(),
        arguments: vec!["-c".to_owned(), line.to_owned()],
        environment: Vec::new(),
        folder: None,
        timeout: Some(Duration::from_secs(20)),
    }
}

async fn refused(bench: &Bench, control: &dyn GuestControl, vm: &VmRef, kind: ErrorKind) {
    let (entry, program) = (entry(vm), shell("true"));
    let run = || control.run_program(&entry, &program);
    bench.refused("run a program", &[kind], run).await;
    let files = control.files(&entry);
    bench.refused("look at a file", &[kind], || files.look("/tmp")).await;
}

async fn programs(bench: &Bench, control: &dyn GuestControl, vm: &VmRef) {
    let entry = entry(vm);
    for (line, stdout, stderr, exit_code) in
        [("echo hello", "hello\n", "", 0), ("echo a; echo b >&2; exit 7", "a\n", "b\n", 7)]
    {
        let program = shell(line);
        let ended = bench.done("run", || control.run_program(&entry, &program)).await;
        let texts = [&ended.stdout, &ended.stderr].map(|it| String::from_utf8_lossy(it));
        assert_eq!((ended.exit_code, texts), (exit_code, [stdout.into(), stderr.into()]), "{line}");
    }
}

/// A file goes in under a part's name, becomes the target, comes back as it was, and goes.
async fn files(bench: &Bench, guest: &dyn GuestFiles) {
    let folder = tempfile::tempdir().unwrap();
    let (sent, back) = (folder.path().join("sent"), folder.path().join("back"));
    std::fs::write(&sent, "ä file\n").unwrap();
    let (_go_on, stopped) = tokio::sync::watch::channel(false);
    let (length, meter) = (8, Meter::new(stopped, |_, _| {}));
    let home = bench.done("name the own folder", || guest.meant("")).await;
    let (part, target) = (format!("{home}/.part"), format!("{home}/a file"));
    let there = async |path: &str| bench.done("look", || guest.look(path)).await;
    assert_eq!(there(&target).await, None);
    bench.done("write", || guest.write(&sent, &part, 0, &meter)).await;
    assert_eq!(there(&part).await.map(|it| it.size), Some(length));
    let summed = bench.done("sum", || guest.digest(&part, length)).await;
    let whole = Digest::of_file(&sent, length).await.unwrap();
    assert_eq!(summed.map(|(digest, _)| digest), Some(whole));
    bench.done("settle", || guest.settle(&part, &target, Some(0o640))).await;
    assert_eq!(there(&part).await, None);
    bench.done("read", || guest.read(&target, &back, 0..length, &meter)).await;
    assert_eq!(std::fs::read_to_string(&back).unwrap(), "ä file\n");
    bench.done("remove", || guest.remove(&target)).await;
    bench.done("remove what is not there", || guest.remove(&target)).await;
    assert_eq!(there(&target).await, None);
}
