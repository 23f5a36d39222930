//! VirtualBox on this host: its service, its driver, hardware virtualisation, host networks.

use super::ABORT;
use super::CALL_FAILED;
use super::CLASS_NOT_REGISTERED;
use super::NO_INTERFACE;
use super::OUT_OF_MEMORY;
use super::Rule;
use super::SERVER_EXEC_FAILURE;
use super::SERVER_UNAVAILABLE;
use crate::error::ErrorKind;

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: Some(CLASS_NOT_REGISTERED),
        text: &[],
        kind: ErrorKind::HypervisorUnusable,
        message: "the installation of VirtualBox is damaged",
        hint: "install VirtualBox again, then run `vm-cli setup`",
    },
    Rule {
        code: Some(NO_INTERFACE),
        text: &[],
        kind: ErrorKind::HypervisorUnusable,
        message: "the installation of VirtualBox is damaged",
        hint: "install VirtualBox again, then run `vm-cli setup`",
    },
    Rule {
        code: None,
        text: &["global settings directory"],
        kind: ErrorKind::PermissionDenied,
        message: "VirtualBox's settings folder is not accessible",
        hint: "check who owns the folder, and `VBOX_USER_HOME` if it is set",
    },
    Rule {
        code: Some(SERVER_EXEC_FAILURE),
        text: &[],
        kind: ErrorKind::ServiceUnavailable,
        message: "VirtualBox's service is starting or stopping",
        hint: "wait some seconds and try again",
    },
    Rule {
        code: None,
        text: &["Failed to create the VirtualBox object"],
        kind: ErrorKind::ServiceUnavailable,
        message: "VirtualBox's service is starting or stopping",
        hint: "wait some seconds and try again",
    },
    Rule {
        code: Some(SERVER_UNAVAILABLE),
        text: &[],
        kind: ErrorKind::ServiceUnavailable,
        message: "VirtualBox's service did not answer",
        hint: "wait some seconds and try again",
    },
    Rule {
        code: Some(CALL_FAILED),
        text: &[],
        kind: ErrorKind::ServiceUnavailable,
        message: "VirtualBox's service did not answer",
        hint: "wait some seconds and try again",
    },
    Rule {
        code: Some(ABORT),
        text: &[],
        kind: ErrorKind::ServiceUnavailable,
        message: "VirtualBox's service did not answer",
        hint: "wait some seconds and try again",
    },
    Rule {
        code: Some(OUT_OF_MEMORY),
        text: &[],
        kind: ErrorKind::LimitExceeded,
        message: "this host has too little memory for {vm}",
        hint: "stop another VM, or give this one less memory",
    },
    Rule {
        code: None,
        text: &["VERR_NO_MEMORY"],
        kind: ErrorKind::LimitExceeded,
        message: "this host has too little memory for {vm}",
        hint: "stop another VM, or give this one less memory",
    },
    Rule {
        code: None,
        text: &["VERR_SUP_DRIVERLESS"],
        kind: ErrorKind::HypervisorUnusable,
        message: "{vm} needs VirtualBox's driver, and it is not loaded",
        hint: "load the driver (`vm-cli setup` says how), or make the VM with `--execution-engine interpreter`",
    },
    Rule {
        code: None,
        text: &["VERR_VM_DRIVER"],
        kind: ErrorKind::HypervisorUnusable,
        message: "VirtualBox's driver is not loaded",
        hint: "run `vm-cli setup` to see what is missing",
    },
    Rule {
        code: None,
        text: &["vboxdrv"],
        kind: ErrorKind::HypervisorUnusable,
        message: "VirtualBox's driver is not loaded",
        hint: "run `vm-cli setup` to see what is missing",
    },
    Rule {
        code: None,
        text: &["VERR_SUPDRV_NO_RAW_MODE_HYPER_V_ROOT"],
        kind: ErrorKind::HypervisorUnusable,
        message: "Hyper-V is in VirtualBox's way",
        hint: "switch Hyper-V and memory integrity off in Windows, then restart it",
    },
    Rule {
        code: None,
        text: &["VERR_NEM_"],
        kind: ErrorKind::HypervisorUnusable,
        message: "the host's own hypervisor would not run {vm}",
        hint: "switch Hyper-V's platform features on or off together in Windows, or make the VM with `--execution-engine interpreter`",
    },
    Rule {
        code: None,
        text: &["VERR_VMX_IN_VMX_ROOT_MODE"],
        kind: ErrorKind::HypervisorUnusable,
        message: "another hypervisor uses VT-x",
        hint: "end the other hypervisor (on Linux: unload `kvm_intel`), then try again",
    },
    Rule {
        code: None,
        text: &["VERR_SVM_IN_USE"],
        kind: ErrorKind::HypervisorUnusable,
        message: "another hypervisor uses AMD-V",
        hint: "end the other hypervisor (on Linux: unload `kvm_amd`), then try again",
    },
    Rule {
        code: None,
        text: &["VERR_SVM_HOST_SVME_NOT_ENABLED"],
        kind: ErrorKind::HypervisorUnusable,
        message: "AMD-V is switched off on this host",
        hint: "remove `kvm.enable_virt_at_load=0` from the kernel's command line, or switch VT-x or AMD-V on in the firmware setup of this computer, or make the VM with `--execution-engine interpreter`",
    },
    Rule {
        code: None,
        text: &["VERR_VMX_"],
        kind: ErrorKind::HypervisorUnusable,
        message: "VT-x is not usable on this host",
        hint: "switch VT-x or AMD-V on in the firmware setup of this computer, or make the VM with `--execution-engine interpreter`",
    },
    Rule {
        code: None,
        text: &["VERR_SVM_"],
        kind: ErrorKind::HypervisorUnusable,
        message: "AMD-V is not usable on this host",
        hint: "switch VT-x or AMD-V on in the firmware setup of this computer, or make the VM with `--execution-engine interpreter`",
    },
    Rule {
        code: None,
        text: &["VT-x is not available"],
        kind: ErrorKind::HypervisorUnusable,
        message: "VT-x is not usable on this host",
        hint: "switch VT-x or AMD-V on in the firmware setup of this computer, or make the VM with `--execution-engine interpreter`",
    },
    Rule {
        code: None,
        text: &["AMD-V is not available"],
        kind: ErrorKind::HypervisorUnusable,
        message: "AMD-V is not usable on this host",
        hint: "switch VT-x or AMD-V on in the firmware setup of this computer, or make the VM with `--execution-engine interpreter`",
    },
    Rule {
        code: None,
        text: &["terminated unexpectedly during startup"],
        kind: ErrorKind::HypervisorUnusable,
        message: "the process of {vm} died while it started",
        hint: "look at `VBoxHardening.log` in the VM's log folder: virus scanners and damaged installations end it",
    },
    Rule {
        code: None,
        text: &["session was aborted"],
        kind: ErrorKind::OutcomeUnknown,
        message: "the process of {vm} died",
        hint: "run `vm-cli status --name {name}` to see its state and its log folder",
    },
    Rule {
        code: None,
        text: &["Could not launch the VM process", "VERR_FILE_NOT_FOUND"],
        kind: ErrorKind::Unsupported,
        message: "this installation of VirtualBox cannot show a window",
        hint: "start it without: `vm-cli start --name {name}`",
    },
    Rule {
        code: None,
        text: &["vboxnetctl"],
        kind: ErrorKind::HypervisorUnusable,
        message: "VirtualBox's network driver is not loaded",
        hint: "run `vm-cli setup` to see what is missing",
    },
    Rule {
        code: None,
        text: &["INTNET_FLT_IF_NOT_FOUND"],
        kind: ErrorKind::NotFound,
        message: "the host's network interface that {vm} is attached to is not there",
        hint: "attach it to another one, or use `--network nat`",
    },
    Rule {
        code: None,
        text: &["Failed to open/create the internal network"],
        kind: ErrorKind::NotFound,
        message: "the network that {vm} is attached to could not be opened",
        hint: "attach it to another one, or use `--network nat`",
    },
    Rule {
        code: None,
        text: &["vmnet_start_interface"],
        kind: ErrorKind::HypervisorUnusable,
        message: "macOS would not start the network of {vm}",
        hint: "use `--network nat`",
    },
    Rule {
        code: None,
        text: &["RTR3Init", "VERR_NO_TRANSLATION"],
        kind: ErrorKind::HypervisorUnusable,
        message: "VBoxManage needs a UTF-8 locale that this host does not have",
        hint: "install the locale `C.UTF-8`",
    },
];
