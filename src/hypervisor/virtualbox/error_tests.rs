use std::fs;
use std::path::Path;
use std::time::Duration;

use super::explain;
use super::is_inaccessible;
use super::unfinished;
use crate::error::Error;
use crate::error::ErrorKind;
use crate::hypervisor::virtualbox::check::Failure;
use crate::hypervisor::virtualbox::check::check;
use crate::hypervisor::virtualbox::parse::noted_error;
use crate::model::VmRef;
use crate::model::typed;
use crate::process::CommandLine;
use crate::process::Effect;
use crate::process::Exit;
use crate::process::Output;
use crate::process::ProcessError;

fn failure(effect: Effect, exit: Exit, stdout: &str, stderr: &str) -> Failure {
    let deadline = Duration::from_secs(1);
    let line = match effect {
        Effect::Read => CommandLine::read("VBoxManage", deadline),
        Effect::Write => CommandLine::write("VBoxManage", deadline),
    };
    let output = Output { exit, stdout: stdout.to_owned(), stderr: stderr.to_owned() };
    check(&line, &output).expect_err("the call failed")
}

fn web() -> VmRef {
    "web".parse().unwrap()
}

fn recorded(name: &str) -> Error {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/virtualbox/7.2");
    let read = |end| fs::read_to_string(folder.join(format!("{name}.{end}"))).unwrap_or_default();
    let (stdout, stderr) = (read("stdout"), read("stderr"));
    assert!(!(stdout.is_empty() && stderr.is_empty()), "no fixture {name}");
    explain(&failure(Effect::Write, Exit::Code(1), &stdout, &stderr), Some(&web()))
}

/// Says something with a result code, as VBoxManage does.
fn said(text: &str, code: u32) -> String {
    let details = format!("VBoxManage: error: Details: code NAME (0x{code:08x}), component X");
    format!("VBoxManage: error: {text}\n{details}\n")
}

#[test]
fn every_recorded_failure_has_its_kind() {
    for (name, kind) in [
        ("closemedium-attached", ErrorKind::InvalidState),
        ("controlvm-inaccessible", ErrorKind::InvalidState),
        ("controlvm-missing", ErrorKind::VmNotFound),
        ("controlvm-natpf-delete-missing", ErrorKind::NotFound),
        ("controlvm-natpf-duplicate", ErrorKind::AlreadyExists),
        ("controlvm-natpf-same-port", ErrorKind::AlreadyExists),
        ("controlvm-pause-off", ErrorKind::InvalidState),
        ("controlvm-poweroff-off", ErrorKind::InvalidState),
        ("createmedium-existing", ErrorKind::AlreadyExists),
        ("createvm-existing", ErrorKind::AlreadyExists),
        ("createvm-existing-uuid", ErrorKind::AlreadyExists),
        ("createvm-ostype-unknown", ErrorKind::Usage),
        ("createvm-unwritable", ErrorKind::Io),
        ("discardstate-running", ErrorKind::Locked),
        ("discardstate-off", ErrorKind::InvalidState),
        ("guestcontrol-no-additions", ErrorKind::GuestNotReady),
        ("guestcontrol-off", ErrorKind::InvalidState),
        ("guestcontrol-run-wrong-password", ErrorKind::GuestAuth),
        ("guestcontrol-second-session", ErrorKind::GuestNotReady),
        ("locale-not-utf8", ErrorKind::HypervisorUnusable),
        ("modifyvm-cpus-invalid", ErrorKind::Usage),
        ("modifyvm-memory-invalid", ErrorKind::Usage),
        ("modifyvm-memory-nonsense", ErrorKind::Internal),
        ("modifyvm-missing-uuid", ErrorKind::VmNotFound),
        ("modifyvm-name-existing", ErrorKind::AlreadyExists),
        ("modifyvm-running", ErrorKind::Locked),
        ("modifyvm-saved", ErrorKind::InvalidState),
        ("parallel-createvm-same-2", ErrorKind::ServiceUnavailable),
        ("parallel-guestproperty-1", ErrorKind::Locked),
        ("parallel-guestproperty-2", ErrorKind::Locked),
        ("parallel-mixed-showvminfo-1", ErrorKind::NotReady),
        ("parallel-modifyvm-2", ErrorKind::Locked),
        ("parallel-modifyvm-3", ErrorKind::ServiceUnavailable),
        ("parallel-showvminfo-1", ErrorKind::NotReady),
        ("pause-paused", ErrorKind::InvalidState),
        ("resume-running", ErrorKind::InvalidState),
        ("screenshotpng-no-mode", ErrorKind::DisplayNotReady),
        ("screenshotpng-off", ErrorKind::InvalidState),
        ("showvminfo-inaccessible", ErrorKind::InvalidState),
        ("showvminfo-missing-name", ErrorKind::VmNotFound),
        ("snapshot-delete-missing", ErrorKind::SnapshotNotFound),
        ("snapshot-delete-with-children", ErrorKind::InvalidState),
        ("snapshot-list-none", ErrorKind::SnapshotNotFound),
        ("snapshot-missing-vm", ErrorKind::VmNotFound),
        ("snapshot-restore-missing", ErrorKind::SnapshotNotFound),
        ("snapshot-restore-missing-uuid", ErrorKind::SnapshotNotFound),
        ("snapshot-restore-none", ErrorKind::SnapshotNotFound),
        ("snapshot-restore-running", ErrorKind::InvalidState),
        ("startvm-driverless", ErrorKind::HypervisorUnusable),
        ("startvm-gui", ErrorKind::Unsupported),
        ("startvm-iso-gone", ErrorKind::FileNotFound),
        ("startvm-killed", ErrorKind::OutcomeUnknown),
        ("startvm-running", ErrorKind::Locked),
        ("startvm-state-cut", ErrorKind::ProgramFailed),
        ("startvm-state-flipped", ErrorKind::SavedStateUnreadable),
        ("startvm-stuck", ErrorKind::Locked),
        ("startvm-viso-file-gone", ErrorKind::FileNotFound),
        ("storageattach-missing-controller", ErrorKind::NotFound),
        ("storageattach-missing-file", ErrorKind::FileNotFound),
        ("storagectl-duplicate", ErrorKind::AlreadyExists),
        ("unregistervm-missing", ErrorKind::VmNotFound),
        ("unregistervm-running", ErrorKind::Locked),
        ("usage-unknown-command", ErrorKind::Internal),
        ("usage-unknown-option", ErrorKind::Internal),
        ("usage-unknown-subcommand", ErrorKind::Internal),
    ] {
        let error = recorded(name);
        assert_eq!(error.kind(), kind, "{name}: {error}: {:?}", error.causes());
        assert!(error.next_step().is_some(), "{name}");
        assert_eq!(error.vm(), Some("web"), "{name}");
    }
}

#[test]
fn every_failure_that_others_met_has_its_kind() {
    for (text, code, kind) in [
        ("Medium '/x.vdi' is locked for reading by another task", 0x80bb_0007, ErrorKind::FileBusy),
        ("The console is not powered up", 0x8007_0005, ErrorKind::InvalidState),
        ("Access denied", 0x8007_0005, ErrorKind::PermissionDenied),
        ("Failed to create the VirtualBox object!", 0x8008_0005, ErrorKind::ServiceUnavailable),
        ("Failed to create the VirtualBox object!", 0x8004_0154, ErrorKind::HypervisorUnusable),
        ("the global settings directory is not accessible", 0, ErrorKind::PermissionDenied),
        ("Failed to replace 'a' with 'b': -114 (Sharing violation.)", 0, ErrorKind::FileBusy),
        ("Argument aWidth is invalid", 0x8007_0057, ErrorKind::DisplayNotReady),
        ("Session is not in started state", 0x8000_ffff, ErrorKind::GuestNotReady),
        ("the guest execution service is not ready (yet)", 0x80bb_0005, ErrorKind::GuestNotReady),
        ("failed to open /dev/vboxnetctl", 0x8000_4005, ErrorKind::HypervisorUnusable),
        ("VT-x is not available (VERR_VMX_NO_VMX)", 0x8000_4005, ErrorKind::HypervisorUnusable),
        ("(VERR_SVM_IN_USE)", 0x8000_4005, ErrorKind::HypervisorUnusable),
        ("(VERR_NEM_VM_CREATE_FAILED)", 0x8000_4005, ErrorKind::HypervisorUnusable),
        ("(VERR_SUPDRV_NO_RAW_MODE_HYPER_V_ROOT)", 0x8000_4005, ErrorKind::HypervisorUnusable),
        ("has terminated unexpectedly during startup", 0x8000_4005, ErrorKind::HypervisorUnusable),
        ("(VERR_CPUM_INVALID_XCR0)", 0x8000_4005, ErrorKind::SavedStateUnreadable),
        ("VERR_INTNET_FLT_IF_NOT_FOUND", 0x8000_4005, ErrorKind::NotFound),
        ("vmnet_start_interface returned 1001", 0x8000_4005, ErrorKind::HypervisorUnusable),
        (
            "Kernel driver not installed (VERR_VM_DRIVER_NOT_INSTALLED)",
            0x8000_4005,
            ErrorKind::HypervisorUnusable,
        ),
        ("(VERR_DISK_FULL)", 0x80bb_0004, ErrorKind::DiskFull),
        ("(VERR_ACCESS_DENIED)", 0x80bb_0004, ErrorKind::PermissionDenied),
        ("out of memory", 0x8007_000e, ErrorKind::LimitExceeded),
        ("(machine state: Snapshotting)", 0x80bb_0002, ErrorKind::Changing),
        ("The machine is not mutable (state is Saving)", 0x80bb_0002, ErrorKind::Changing),
        ("(machine state: Running)", 0x80bb_0002, ErrorKind::InvalidState),
        (
            "Failed to save machine state.\nVBoxManage: error: Assertion failed: [SUCCEEDED(hrc)] at \
             'MachineImpl.cpp' (10409) in nsresult Machine::i_saveStorageControllers(Storage&)",
            0x8000_4005,
            ErrorKind::NotReady,
        ),
        ("something new", 0x80bb_0099, ErrorKind::ProgramFailed),
    ] {
        let stderr = said(text, code);
        let error = explain(&failure(Effect::Write, Exit::Code(1), "", &stderr), Some(&web()));
        assert_eq!(error.kind(), kind, "{text}: {error}");
    }
}

#[test]
fn an_unknown_failure_speaks_for_itself() {
    let stderr = said("something new", 0x80bb_0099);
    let error = explain(&failure(Effect::Write, Exit::Code(1), "", &stderr), Some(&web()));
    assert_eq!(error.to_string(), "something new");
    assert!(error.causes()[0].contains("0x80bb0099"), "{:?}", error.causes());
}

#[test]
fn a_service_that_goes_away_leaves_a_change_in_the_dark() {
    let stderr = said("Call to remote object failed", 0x8007_06be);
    let kind = |effect| explain(&failure(effect, Exit::Code(1), "", &stderr), None).kind();
    assert_eq!(kind(Effect::Read), ErrorKind::ServiceUnavailable);
    assert_eq!(kind(Effect::Write), ErrorKind::OutcomeUnknown);
}

#[test]
fn how_a_silent_program_ended_decides() {
    let kind = |effect, exit| explain(&failure(effect, exit, "", ""), None).kind();
    assert_eq!(kind(Effect::Read, Exit::Code(126)), ErrorKind::HypervisorUnusable);
    assert_eq!(kind(Effect::Write, Exit::Code(2)), ErrorKind::Internal);
    assert_eq!(kind(Effect::Read, Exit::Code(1)), ErrorKind::ProgramFailed);
    assert_eq!(kind(Effect::Read, Exit::Signal(9)), ErrorKind::ProgramFailed);
    assert_eq!(kind(Effect::Write, Exit::Signal(9)), ErrorKind::OutcomeUnknown);
}

#[test]
fn the_line_names_the_vm_and_the_hint_can_be_typed() {
    let error = recorded("showvminfo-missing-name");
    assert_eq!(error.to_string(), "there is no VM `web`");
    assert_eq!(
        error.causes(),
        ["VBoxManage: Could not find a registered machine named 'missing'; \
          Details: code VBOX_E_OBJECT_NOT_FOUND (0x80bb0001), component VirtualBoxWrap, \
          interface IVirtualBox, callee nsISupports"]
    );
    let spaced: VmRef = "it's mine".parse().unwrap();
    let stderr = said("Machine is not currently running", 0);
    let error = explain(&failure(Effect::Write, Exit::Code(1), "", &stderr), Some(&spaced));
    let hint = format!("run `vm-cli start --name {}`", typed("it's mine"));
    assert_eq!(error.next_step(), Some(hint.as_str()));
}

#[test]
fn an_option_that_is_too_new_is_not_our_bug() {
    let stderr = "VBoxManage: error: Unknown option: --vm-execution-engine\n";
    let error = explain(&failure(Effect::Write, Exit::Code(1), "", stderr), None);
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

#[test]
fn an_inaccessible_vm_is_recognised() {
    let stderr = said("The object functionality is limited", 0x8007_0005);
    assert!(is_inaccessible(&failure(Effect::Read, Exit::Code(1), "", &stderr)));
    let stderr = said("The object is not ready", 0x8007_0005);
    assert!(!is_inaccessible(&failure(Effect::Read, Exit::Code(1), "", &stderr)));
}

#[test]
fn a_call_that_did_not_end_is_judged_by_what_it_would_have_done() {
    let program = || "VBoxManage".to_owned();
    let late = || ProcessError::TimedOut { program: program(), after: Duration::from_secs(9) };
    let kind = |problem, effect| unfinished(problem, effect, Some(&web())).kind();
    assert_eq!(kind(late(), Effect::Read), ErrorKind::TimedOut);
    assert_eq!(kind(late(), Effect::Write), ErrorKind::OutcomeUnknown);
    let missing = ProcessError::NotFound { program: program() };
    let error = unfinished(missing, Effect::Write, None);
    assert_eq!(error.kind(), ErrorKind::HypervisorMissing);
    assert!(error.next_step().unwrap().contains("vm-cli setup"));
    let flood = ProcessError::Flood { program: program(), limit: 1 };
    assert_eq!(kind(flood, Effect::Read), ErrorKind::Unparseable);
}

#[test]
fn a_saved_state_that_cannot_be_read_is_known_by_what_the_log_says_of_the_start() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/virtualbox/7.2");
    let read = |name: String| fs::read_to_string(folder.join(name)).unwrap();
    for name in ["cut", "zeros", "gone"] {
        let stderr = read(format!("startvm-state-{name}.stderr"));
        let noted = noted_error(&read(format!("startvm-state-{name}.vbox-log.stdout"))).unwrap();
        let failure = failure(Effect::Write, Exit::Code(1), "", &stderr);
        let error = explain(&failure.explained_by(noted.code, noted.text), Some(&web()));
        assert_eq!(error.kind(), ErrorKind::SavedStateUnreadable, "{name}: {:?}", error.causes());
        assert_eq!(error.message(), "the saved state of `web` cannot be read");
        let hint = error.next_step().unwrap();
        assert!(hint.contains("`vm-cli recover web --policy restart`"), "{hint}");
        assert!(error.causes()[0].contains("saved state file"), "{:?}", error.causes());
    }
}
