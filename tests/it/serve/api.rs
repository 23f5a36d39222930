//! The API against its own description: schemathesis, which draws requests that fit it and requests
//! that do not.

use std::process::Command;

use super::token;
use crate::support::command::Home;
use crate::support::served::Served;

/// Asks in every way; a host without schemathesis leaves it out, unless it must not.
fn check(served: &Served, secret: Option<&str>) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/check");
    let mut command = Command::new("sh");
    command.arg(script).arg(format!("http://{}", served.address)).args(secret);
    let folder = tempfile::tempdir().unwrap();
    let output = command.current_dir(folder.path()).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.code() == Some(127) {
        let required = std::env::var("VM_CLI_LIVE").is_ok_and(|it| it == "required");
        assert!(!required, "VM_CLI_LIVE=required, and there is no schemathesis: {complaint}");
        eprintln!("SKIPPED, no schemathesis on this host: the API against its description");
        return;
    }
    assert!(output.status.success(), "{told}\n{complaint}");
}

fn quick() -> Home {
    let mut home = Home::simulated();
    home.set("VM_CLI_SERVER_MAX_REQUESTS_PER_SECOND", "100000");
    home
}

#[test]
fn every_answer_is_one_that_the_description_tells() {
    let home = quick();
    check(&Served::start(&home), None);
}

#[test]
fn every_answer_is_told_with_a_token_too() {
    let mut home = quick();
    home.set("VM_CLI_SECURITY_REQUIRE_AUTHENTICATION", "true");
    let served = Served::start(&home);
    check(&served, Some(&token(&home, "observer", &["--scope", "observe"])));
}
