//! In a folder that somebody else filled, nothing of theirs is run.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::support::command::Home;

#[test]
fn a_checkout_cannot_name_the_program_that_is_run() {
    let home = Home::with([]);
    let evil = home.path().join("evil.sh");
    fs::write(&evil, "#!/bin/sh\ntouch was-run\n").unwrap();
    fs::set_permissions(&evil, fs::Permissions::from_mode(0o755)).unwrap();
    fs::create_dir(home.path().join("config")).unwrap();
    let file = home.path().join("config/vm_orchestrator.json");
    fs::write(file, r#"{"hypervisor": {"vboxmanage": "./evil.sh"}}"#).unwrap();

    for command in ["list", "system-status", "setup", "demo"] {
        let error = home.error(2, &[command]);
        assert_eq!(error["code"], "config_invalid", "{command}");
        let told = error.to_string();
        assert!(told.contains("`hypervisor.vboxmanage` must not be set"), "{command}: {told}");
    }
    assert!(!home.path().join("was-run").exists());
}
