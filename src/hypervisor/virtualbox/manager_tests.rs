use std::fs;

use crate::error::ErrorKind;
use crate::hypervisor::Console;
use crate::hypervisor::Forwarding;
use crate::hypervisor::Hypervisor;
use crate::hypervisor::Snapshots;
use crate::hypervisor::virtualbox::testing::Rig;
use crate::hypervisor::virtualbox::testing::failed;
use crate::hypervisor::virtualbox::testing::id;
use crate::hypervisor::virtualbox::testing::named;
use crate::hypervisor::virtualbox::testing::silent;
use crate::model::Display;
use crate::model::ExecutionEngine;
use crate::model::Forward;
use crate::model::Monitor;
use crate::model::Protocol;
use crate::model::Severity;
use crate::model::SnapshotId;
use crate::model::StopMode;
use crate::model::VmId;
use crate::model::VmState;
use crate::model::typed;
use crate::process::Exit;
use crate::process::Output;

#[tokio::test]
async fn a_vm_is_read_by_one_call_and_errors_know_its_name_then() {
    let full = include_str!("../../../tests/fixtures/virtualbox/7.2/showvminfo-full.stdout");
    let stopped = "VBoxManage: error: Machine 'x' is not currently running.\n";
    let stopped = Output { exit: Exit::Code(1), stdout: String::new(), stderr: stopped.into() };
    let rig = Rig::new([Output::ok(full), stopped]);
    let vm = rig.manager.inspect(&named("full")).await.unwrap();
    assert_eq!(rig.calls(), ["showvminfo full --machinereadable"]);
    let error = rig.manager.pause(&vm.id.into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidState);
    assert_eq!(error.to_string(), "`full` is not running");
}

#[tokio::test]
async fn a_listing_is_two_calls_without_a_lock_and_reads_the_files() {
    let all = format!("\"web\" {{{}}}\n\"new\" {{{}}}\n", id(), VmId::from_random(8));
    let running = format!("\"new\" {{{}}}\n", VmId::from_random(8));
    let rig = Rig::new([Output::ok(all), Output::ok(running)]);
    let xml = format!("<Machine uuid=\"{{{}}}\" aborted=\"true\"/>", id());
    rig.register(id(), &rig.folder.path().join("vms/web/web.vbox"), &xml);
    let vms = rig.manager.list().await.unwrap();
    let shown: Vec<_> = vms.iter().map(|vm| (vm.name.as_str(), vm.state.clone())).collect();
    assert_eq!(shown, [("web", VmState::Aborted), ("new", VmState::Running)]);
    assert_eq!(rig.calls(), ["list vms", "list runningvms"]);
}

#[tokio::test]
async fn an_inaccessible_vm_is_read_as_such_by_its_identity() {
    let limited = || failed("The object functionality is limited", 0x8007_0005);
    let rig = Rig::new([limited(), limited()]);
    let vm = rig.manager.inspect(&id().into()).await.unwrap();
    assert_eq!((vm.state, vm.id), (VmState::Inaccessible, id()));
    let error = rig.manager.inspect(&named("web")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidState);
}

#[tokio::test]
async fn half_an_answer_is_unparseable() {
    let rig = Rig::new([Output::ok("name=\"web\"\n")]);
    let error = rig.manager.inspect(&named("web")).await.unwrap_err();
    assert_eq!((error.kind(), error.vm()), (ErrorKind::Unparseable, Some("web")));
}

#[tokio::test]
async fn an_inaccessible_vm_that_is_gone_after_all_is_deleted() {
    let busy = || failed("The object is not ready", 0x8007_0005);
    let there = format!("\"<inaccessible>\" {{{}}}\n", id());
    let rig =
        Rig::new([Output::ok(&there), silent(), busy(), silent(), busy(), Output::ok(&there)]);
    rig.manager.list().await.unwrap();
    assert!(Hypervisor::delete(&rig.manager, &id().into()).await.is_ok());
    let error = Hypervisor::delete(&rig.manager, &id().into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotReady);
    assert!(error.message().contains(&id().to_string()), "its word is no name: {error}");
}

#[tokio::test]
async fn what_a_guest_reports_is_one_call() {
    let told =
        include_str!("../../../tests/fixtures/virtualbox/7.2/guestproperty-enumerate.stdout");
    let rig = Rig::new([Output::ok("No properties found.\n"), Output::ok(told)]);
    assert!(rig.manager.guest_facts(&named("web")).await.unwrap().addresses.is_empty());
    let facts = rig.manager.guest_facts(&named("web")).await.unwrap();
    assert_eq!(facts.addresses[0].to_string(), "10.0.2.15");
    assert_eq!(rig.calls()[0], "guestproperty enumerate web");
}

#[tokio::test]
async fn each_verb_is_one_call() {
    let rig = Rig::new(std::iter::repeat_with(silent).take(10));
    let (manager, vm) = (&rig.manager, named("web"));
    manager.start(&vm, Display::Gui).await.unwrap();
    manager.stop(&vm, StopMode::Acpi).await.unwrap();
    manager.stop(&vm, StopMode::PowerOff).await.unwrap();
    manager.stop(&vm, StopMode::Save).await.unwrap();
    manager.pause(&vm).await.unwrap();
    manager.resume(&vm).await.unwrap();
    manager.reset(&vm).await.unwrap();
    manager.take(&vm, &"clean".parse().unwrap(), "").await.unwrap();
    let snapshot = SnapshotId("1d".into());
    manager.restore(&vm, &snapshot).await.unwrap();
    Snapshots::delete(manager, &vm, &snapshot).await.unwrap();
    assert_eq!(
        rig.calls(),
        [
            "startvm web --type gui",
            "controlvm web acpipowerbutton",
            "controlvm web poweroff",
            "controlvm web savestate",
            "controlvm web pause",
            "controlvm web resume",
            "controlvm web reset",
            "snapshot web take clean",
            "snapshot web restore 1d",
            "snapshot web delete 1d",
        ]
    );
}

#[tokio::test]
async fn a_forward_of_a_vm_that_is_off_goes_into_its_settings() {
    let off = || {
        let stderr = "VBoxManage: error: Machine 'web' is not currently running.\n".to_owned();
        Output { exit: Exit::Code(1), stdout: String::new(), stderr }
    };
    let rig = Rig::new([silent(), off(), silent(), off(), silent()]);
    let forward = Forward {
        name: "ssh".to_owned(),
        protocol: Protocol::Tcp,
        host_address: None,
        host_port: 2222,
        guest_port: 22,
    };
    rig.manager.add(&named("web"), &forward).await.unwrap();
    rig.manager.add(&named("web"), &forward).await.unwrap();
    rig.manager.remove(&named("web"), "ssh").await.unwrap();
    let rule = typed("ssh,tcp,,2222,,22");
    let expected = [
        format!("controlvm web natpf1 {rule}"),
        format!("controlvm web natpf1 {rule}"),
        format!("modifyvm web --nat-pf1 {rule}"),
        "controlvm web natpf1 delete ssh".to_owned(),
        "modifyvm web --nat-pf1 delete ssh".to_owned(),
    ];
    assert_eq!(rig.calls(), expected);
}

#[tokio::test]
async fn a_picture_that_was_not_made_is_an_error_and_leaves_nothing() {
    let no_mode = failed("Unsupported resolution for screen shot: 0x0 (screen 0)", 0x8007_0057);
    let rig = Rig::new([no_mode, silent()]);
    let error = rig.manager.screenshot(&named("web"), Monitor::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DisplayNotReady);
    let error = rig.manager.screenshot(&named("web"), Monitor::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::FileNotFound);
    assert_eq!(fs::read_dir(rig.folder.path().join("scratch")).unwrap().count(), 0);
    assert_ne!(rig.calls()[0], rig.calls()[1], "each picture has its own file");
}

#[tokio::test]
async fn health_tells_what_is_wrong_the_worst_first() {
    let wrapper = include_str!("../../../tests/fixtures/virtualbox/7.2/version-wrapper.stdout");
    let health = Rig::new([Output::ok(wrapper)]).manager.health().await;
    assert!(health.is_usable());
    assert_eq!(health.version.as_deref(), Some("7.2.22_Debianr175245"));
    assert_eq!(health.engine, ExecutionEngine::Interpreter);
    let checks: Vec<_> = health.findings.iter().map(|f| (f.check.as_ref(), f.severity)).collect();
    assert_eq!(
        checks,
        [
            ("virtualbox_engine", Severity::Advice),
            ("virtualbox_wrapper", Severity::Advice),
            ("virtualbox_program", Severity::Fine),
            ("virtualbox_version", Severity::Fine),
            ("other_hypervisors", Severity::Fine),
        ]
    );
    let old = Rig::new([Output::ok("6.1.26_Ubuntur145957\n")]).manager.health().await;
    assert!(!old.is_usable());
    assert!(old.findings[0].message.contains("6.1.26"), "{:?}", old.findings);
    let missing = Rig::new([]).manager.health().await;
    assert_eq!((missing.version, missing.program), (None, None));
    assert!(missing.findings[0].fix.is_some());
}
