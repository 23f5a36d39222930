//! The VM itself: found or not, locked, in the wrong state.

use super::ACCESS_DENIED;
use super::FILE_ERROR;
use super::INVALID_OBJECT_STATE;
use super::INVALID_SESSION_STATE;
use super::INVALID_VM_STATE;
use super::OBJECT_NOT_FOUND;
use super::Rule;
use super::UNEXPECTED;
use crate::error::ErrorKind;

/// What helps when a saved state is in the way.
const DISCARD: &str = "run `vm-cli recover {name} --policy restart`: it throws the saved state away and starts \
                       the VM afresh";

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: Some(OBJECT_NOT_FOUND),
        text: &["registered machine"],
        kind: ErrorKind::VmNotFound,
        message: "there is no VM {vm}",
        hint: "run `vm-cli list` to see the VMs there are",
    },
    Rule {
        code: None,
        text: &["Could not find a snapshot"],
        kind: ErrorKind::SnapshotNotFound,
        message: "{vm} has no such snapshot",
        hint: "run `vm-cli snapshot list {name}` to see its snapshots",
    },
    Rule {
        code: None,
        text: &["does not have any snapshots"],
        kind: ErrorKind::SnapshotNotFound,
        message: "{vm} has no snapshots",
        hint: "run `vm-cli snapshot {name} --snapshot-name NAME` to take one",
    },
    Rule {
        code: Some(INVALID_OBJECT_STATE),
        text: &["cannot be deleted", "child snapshot"],
        kind: ErrorKind::InvalidState,
        message: "that snapshot of {vm} carries others and cannot be deleted now",
        hint: "delete the snapshots below it first; `vm-cli snapshot list {name}` shows them",
    },
    Rule {
        code: Some(INVALID_OBJECT_STATE),
        text: &["Medium '", "locked"],
        kind: ErrorKind::FileBusy,
        message: "a disk of {vm} is used by another task",
        hint: "wait until that task is done, then try again",
    },
    Rule {
        code: Some(INVALID_OBJECT_STATE),
        text: &["is not locked by a session"],
        kind: ErrorKind::InvalidState,
        message: "no program of VirtualBox holds {vm}",
        hint: "run `vm-cli status --name {name}` to see its state",
    },
    Rule {
        code: Some(INVALID_OBJECT_STATE),
        text: &["lock"],
        kind: ErrorKind::Locked,
        message: "{vm} is locked by another program or is running",
        hint: "wait until the other program is done with it, or close its window; `vm-cli status --name {name}` shows its state",
    },
    Rule {
        code: Some(INVALID_OBJECT_STATE),
        text: &[],
        kind: ErrorKind::InvalidState,
        message: "{vm} is not in a state for that",
        hint: "run `vm-cli status --name {name}` to see its state",
    },
    Rule {
        code: Some(INVALID_SESSION_STATE),
        text: &[],
        kind: ErrorKind::Locked,
        message: "{vm} was let go by another program at that moment",
        hint: "wait until the other program is done with it, or close its window; `vm-cli status --name {name}` shows its state",
    },
    Rule {
        code: Some(UNEXPECTED),
        text: &["session is not locked"],
        kind: ErrorKind::Locked,
        message: "{vm} was let go by another program at that moment",
        hint: "wait until the other program is done with it, or close its window; `vm-cli status --name {name}` shows its state",
    },
    Rule {
        code: Some(ACCESS_DENIED),
        text: &["object is not ready"],
        kind: ErrorKind::NotReady,
        message: "VirtualBox is not done with {vm} yet",
        hint: "wait until the other program is done with it, or close its window; `vm-cli status --name {name}` shows its state",
    },
    Rule {
        code: Some(ACCESS_DENIED),
        text: &["functionality is limited"],
        kind: ErrorKind::InvalidState,
        message: "the settings file of {vm} cannot be read",
        hint: "put the settings file back, or remove the VM with `vm-cli delete --name {name}`",
    },
    Rule {
        code: Some(ACCESS_DENIED),
        text: &["console is not powered up"],
        kind: ErrorKind::InvalidState,
        message: "{vm} is not running",
        hint: "run `vm-cli start --name {name}`",
    },
    Rule {
        code: None,
        text: &["is not currently running"],
        kind: ErrorKind::InvalidState,
        message: "{vm} is not running",
        hint: "run `vm-cli start --name {name}`",
    },
    Rule {
        code: None,
        text: &["is not running (currently"],
        kind: ErrorKind::InvalidState,
        message: "{vm} is not running",
        hint: "run `vm-cli start --name {name}`",
    },
    Rule {
        code: Some(INVALID_VM_STATE),
        text: &["Already paused"],
        kind: ErrorKind::InvalidState,
        message: "{vm} is paused already",
        hint: "run `vm-cli resume --name {name}` to let it go on",
    },
    Rule {
        code: Some(INVALID_VM_STATE),
        text: &[],
        kind: ErrorKind::InvalidState,
        message: "{vm} is not in a state for that",
        hint: "run `vm-cli status --name {name}` to see its state",
    },
    Rule {
        code: None,
        text: &["VERR_CPUM_INVALID_XCR0"],
        kind: ErrorKind::SavedStateUnreadable,
        message: "the saved state of {vm} was made on another kind of CPU",
        hint: DISCARD,
    },
    Rule {
        code: None,
        text: &["VERR_SSM_LOAD_CPUID_MISMATCH"],
        kind: ErrorKind::SavedStateUnreadable,
        message: "the saved state of {vm} was made on another kind of CPU",
        hint: DISCARD,
    },
    Rule {
        code: None,
        text: &["VERR_SSM_"],
        kind: ErrorKind::SavedStateUnreadable,
        message: "the saved state of {vm} cannot be read",
        hint: DISCARD,
    },
    Rule {
        code: Some(FILE_ERROR),
        text: &["saved state file"],
        kind: ErrorKind::SavedStateUnreadable,
        message: "the saved state of {vm} cannot be read",
        hint: DISCARD,
    },
    // While a VM that was just paused is saved, 7.2.22 now and then meets an assertion of its own;
    // the VM stays as it was, and the next try passes.
    Rule {
        code: None,
        text: &["Assertion failed", "i_saveStorageControllers"],
        kind: ErrorKind::NotReady,
        message: "VirtualBox is not done with {vm} yet",
        hint: "try again",
    },
    Rule {
        code: None,
        text: &["closed before any attempt to power it on"],
        kind: ErrorKind::ProgramFailed,
        message: "the process of {vm} ended before it began",
        hint: "read `vm-cli logs {name}`: VirtualBox says the reason there alone",
    },
];
