//! The guest: its services, its screen, its passwords.

use super::GUEST_ERROR;
use super::INVALID_ARGUMENT;
use super::PASSWORD_INCORRECT;
use super::Rule;
use super::UNEXPECTED;
use crate::error::ErrorKind;

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: Some(INVALID_ARGUMENT),
        text: &["Unsupported resolution for screen shot"],
        kind: ErrorKind::DisplayNotReady,
        message: "the screen of {vm} has no mode yet",
        hint: "wait until the guest has set up its screen, then try again",
    },
    Rule {
        code: Some(INVALID_ARGUMENT),
        text: &["Argument aWidth is invalid"],
        kind: ErrorKind::DisplayNotReady,
        message: "the screen of {vm} has no mode yet",
        hint: "wait until the guest has set up its screen, then try again",
    },
    Rule {
        code: None,
        text: &["not able to logon"],
        kind: ErrorKind::GuestAuth,
        message: "the guest of {vm} refused the user or the password",
        hint: "check the user and the password",
    },
    Rule {
        code: None,
        text: &["VERR_AUTHENTICATION_FAILURE"],
        kind: ErrorKind::GuestAuth,
        message: "the guest of {vm} refused the user or the password",
        hint: "check the user and the password",
    },
    Rule {
        code: Some(PASSWORD_INCORRECT),
        text: &[],
        kind: ErrorKind::GuestAuth,
        message: "that is not the password of {vm}",
        hint: "check the password",
    },
    Rule {
        code: None,
        text: &["Reading from guest process", "VERR_TIMEOUT"],
        kind: ErrorKind::TimedOut,
        message: "the command in the guest of {vm} did not end in time",
        hint: "give it more time with `--timeout`",
    },
    Rule {
        code: None,
        text: &["VERR_PROC_NO_ARG_TRANSLATION"],
        kind: ErrorKind::Unsupported,
        message: "the Guest Additions of {vm} run in a locale without such letters",
        hint: "use plain letters for variables and folders, or `--via ssh`",
    },
    Rule {
        code: None,
        text: &["guest process", "No such file or directory"],
        kind: ErrorKind::NotFound,
        message: "the guest of {vm} has no such program",
        hint: "check the program that the cause names",
    },
    Rule {
        code: None,
        text: &["guest file", "VERR_DISK_FULL"],
        kind: ErrorKind::DiskFull,
        message: "the disk of the guest of {vm} is full",
        hint: "make room in the guest, or choose another disk of it",
    },
    Rule {
        code: None,
        text: &["Guest file", "denied"],
        kind: ErrorKind::PermissionDenied,
        message: "the user may not use that file in the guest of {vm}",
        hint: "choose another place, or another `--username`",
    },
    Rule {
        code: None,
        text: &["Guest file", "not found"],
        kind: ErrorKind::NotFound,
        message: "the guest of {vm} has no such file, or no folder for it",
        hint: "check the path; folders on the way must be there",
    },
    Rule {
        code: None,
        text: &["Guest directory", "not found"],
        kind: ErrorKind::NotFound,
        message: "the guest of {vm} has no such folder",
        hint: "check the path; folders on the way must be there",
    },
    Rule {
        code: None,
        text: &["guest filesystem object", "No such file"],
        kind: ErrorKind::NotFound,
        message: "the guest of {vm} has no such file",
        hint: "check the path",
    },
    Rule {
        code: None,
        text: &["Guest Additions are not installed or not ready"],
        kind: ErrorKind::GuestNotReady,
        message: "the Guest Additions of {vm} are not there, or not up yet",
        hint: "run `vm-cli wait {name} additions`",
    },
    Rule {
        code: None,
        text: &["guest execution service is not ready"],
        kind: ErrorKind::GuestNotReady,
        message: "the Guest Additions of {vm} are not up yet",
        hint: "run `vm-cli wait {name} additions`",
    },
    Rule {
        code: None,
        text: &["Error starting guest session"],
        kind: ErrorKind::GuestNotReady,
        message: "the guest of {vm} is still busy with another session",
        hint: "wait some seconds and try again",
    },
    Rule {
        code: Some(UNEXPECTED),
        text: &["Session is not in started state"],
        kind: ErrorKind::GuestNotReady,
        message: "the Guest Additions of {vm} are not up yet",
        hint: "run `vm-cli wait {name} additions`",
    },
    Rule {
        code: Some(GUEST_ERROR),
        text: &[],
        kind: ErrorKind::GuestNotReady,
        message: "the Guest Additions of {vm} did not answer",
        hint: "run `vm-cli wait {name} additions`",
    },
];
