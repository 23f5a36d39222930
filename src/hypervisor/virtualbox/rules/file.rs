//! Files: there already, not there, in use, without room.

use super::FILE_ERROR;
use super::OBJECT_IN_USE;
use super::Rule;
use crate::error::ErrorKind;

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: None,
        text: &["Sharing violation"],
        kind: ErrorKind::FileBusy,
        message: "another program holds a file of {vm}",
        hint: "close VirtualBox Manager and file windows on the VM's folder, then try again",
    },
    Rule {
        code: None,
        text: &["VERR_SHARING_VIOLATION"],
        kind: ErrorKind::FileBusy,
        message: "another program holds a file of {vm}",
        hint: "close VirtualBox Manager and file windows on the VM's folder, then try again",
    },
    Rule {
        code: None,
        text: &["VERR_DISK_FULL"],
        kind: ErrorKind::DiskFull,
        message: "the host's disk is full",
        hint: "make room on the disk that holds the VM, then try again",
    },
    Rule {
        code: None,
        text: &["NAT rule of this name already exists"],
        kind: ErrorKind::AlreadyExists,
        message: "{vm} has a port forward of that name",
        hint: "run `vm-cli status --name {name}` to see its forwards",
    },
    Rule {
        code: None,
        text: &["NAT rule for this host port"],
        kind: ErrorKind::AlreadyExists,
        message: "{vm} has a port forward on that host port",
        hint: "run `vm-cli status --name {name}` to see its forwards",
    },
    Rule {
        code: Some(FILE_ERROR),
        text: &["Machine settings file", "already exists"],
        kind: ErrorKind::AlreadyExists,
        message: "there is a VM {vm}, or what is left of one",
        hint: "choose another name, or remove the folder that the cause names if no VM uses it",
    },
    Rule {
        code: None,
        text: &["shared folder path", "VERR_"],
        kind: ErrorKind::FileNotFound,
        message: "the folder to share with {vm} is not there, or may not be used",
        hint: "check the folder that the cause names",
    },
    Rule {
        code: None,
        text: &["Could not find a shared folder"],
        kind: ErrorKind::NotFound,
        message: "{vm} shares nothing of that name",
        hint: "run `vm-cli share list {name}`",
    },
    Rule {
        code: None,
        text: &["already exists"],
        kind: ErrorKind::AlreadyExists,
        message: "{said}",
        hint: "choose another name; `vm-cli list` shows the VMs there are",
    },
    Rule {
        code: None,
        text: &["has the same UUID as an existing"],
        kind: ErrorKind::AlreadyExists,
        message: "a VM with this identity is there already",
        hint: "run `vm-cli list` to see the VMs there are",
    },
    Rule {
        code: None,
        text: &["VERR_ALREADY_EXISTS"],
        kind: ErrorKind::AlreadyExists,
        message: "a file is there already that would be made for {vm}",
        hint: "move the file that the cause names out of the way",
    },
    Rule {
        code: Some(OBJECT_IN_USE),
        text: &[],
        kind: ErrorKind::InvalidState,
        message: "something of {vm} is still in use",
        hint: "run `vm-cli status --name {name}` to see its state",
    },
    Rule {
        code: None,
        text: &["Could not get the storage format of the medium"],
        kind: ErrorKind::Usage,
        message: "a file is no disk that VirtualBox can read",
        hint: "check the file that the cause names",
    },
    Rule {
        code: None,
        text: &["VERR_ACCESS_DENIED"],
        kind: ErrorKind::PermissionDenied,
        message: "a file of {vm} may not be used",
        hint: "check who owns the file or folder that the cause names",
    },
    Rule {
        code: None,
        text: &["VERR_PERMISSION_DENIED"],
        kind: ErrorKind::PermissionDenied,
        message: "a file of {vm} may not be used",
        hint: "check who owns the file or folder that the cause names",
    },
    Rule {
        code: None,
        text: &["Could not create a directory"],
        kind: ErrorKind::Io,
        message: "the folder of {vm} could not be made",
        hint: "check the folder for VMs: `vm-cli config show`",
    },
    Rule {
        code: None,
        text: &["VERR_VD_INVALID_SIZE"],
        kind: ErrorKind::Usage,
        message: "that is no size for a disk",
        hint: "choose a disk of at most 2 TiB",
    },
    Rule {
        code: None,
        text: &["VERR_FILE_NOT_FOUND"],
        kind: ErrorKind::FileNotFound,
        message: "a file that {vm} needs is not there",
        hint: "put the file that the cause names back, or take it out of the VM",
    },
    Rule {
        code: None,
        text: &["VERR_PATH_NOT_FOUND"],
        kind: ErrorKind::FileNotFound,
        message: "a folder that {vm} needs is not there",
        hint: "put the folder that the cause names back",
    },
];
