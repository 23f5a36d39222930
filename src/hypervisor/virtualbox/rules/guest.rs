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
