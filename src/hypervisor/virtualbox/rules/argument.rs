//! Arguments, and what is left when nothing above fits but the code is known.

use super::ACCESS_DENIED;
use super::FILE_ERROR;
use super::INVALID_ARGUMENT;
use super::OBJECT_NOT_FOUND;
use super::Rule;
use crate::error::ErrorKind;

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: None,
        text: &["Unknown option: --vm-execution-engine"],
        kind: ErrorKind::Unsupported,
        message: "this VirtualBox cannot choose an execution engine",
        hint: "install VirtualBox 7.1 or later, or leave the engine out",
    },
    Rule {
        code: None,
        text: &["invalid guest OS type"],
        kind: ErrorKind::Usage,
        message: "VirtualBox knows no such operating system",
        hint: "run `VBoxManage list ostypes` to see the identifiers there are",
    },
    Rule {
        code: Some(INVALID_ARGUMENT),
        text: &["extended info not available"],
        kind: ErrorKind::NotFound,
        message: "{vm} has nothing of that name",
        hint: "run `vm-cli status --name {name}` to see its state",
    },
    Rule {
        code: Some(INVALID_ARGUMENT),
        text: &[],
        kind: ErrorKind::Usage,
        message: "VirtualBox refused a value: {said}",
        hint: "choose a value in the range that is named",
    },
    Rule {
        code: None,
        text: &["Could not find a controller"],
        kind: ErrorKind::NotFound,
        message: "{vm} has no such storage controller",
        hint: "run `vm-cli status --name {name}` to see its state",
    },
    Rule {
        code: None,
        text: &["No drive attached"],
        kind: ErrorKind::NotFound,
        message: "{vm} has no such drive",
        hint: "run `vm-cli status --name {name}` to see its state",
    },
    Rule {
        code: Some(OBJECT_NOT_FOUND),
        text: &[],
        kind: ErrorKind::NotFound,
        message: "VirtualBox found no such thing: {said}",
        hint: "run `vm-cli list` to see the VMs there are",
    },
    Rule {
        code: Some(ACCESS_DENIED),
        text: &[],
        kind: ErrorKind::PermissionDenied,
        message: "VirtualBox may not do that on this host",
        hint: "check your rights; for a host-only network, the ranges that `/etc/vbox/networks.conf` allows",
    },
    Rule {
        code: Some(FILE_ERROR),
        text: &[],
        kind: ErrorKind::Io,
        message: "VirtualBox could not use a file: {said}",
        hint: "check the file that is named",
    },
    Rule {
        code: None,
        text: &["Unknown option:"],
        kind: ErrorKind::Internal,
        message: "vm-cli and this VBoxManage do not understand each other: {said}",
        hint: "run `vm-cli setup` to compare the versions",
    },
    Rule {
        code: None,
        text: &["Invalid parameter '"],
        kind: ErrorKind::Internal,
        message: "vm-cli and this VBoxManage do not understand each other: {said}",
        hint: "run `vm-cli setup` to compare the versions",
    },
    Rule {
        code: None,
        text: &["Invalid command '"],
        kind: ErrorKind::Internal,
        message: "vm-cli and this VBoxManage do not understand each other: {said}",
        hint: "run `vm-cli setup` to compare the versions",
    },
    Rule {
        code: None,
        text: &["Syntax error"],
        kind: ErrorKind::Internal,
        message: "vm-cli and this VBoxManage do not understand each other: {said}",
        hint: "run `vm-cli setup` to compare the versions",
    },
    Rule {
        code: None,
        text: &["Invalid argument format"],
        kind: ErrorKind::Internal,
        message: "vm-cli and this VBoxManage do not understand each other: {said}",
        hint: "run `vm-cli setup` to compare the versions",
    },
];
