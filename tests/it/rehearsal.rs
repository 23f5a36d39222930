//! `--dry-run` tells every step and takes none.

use crate::support::command::Home;

fn steps(home: &Home, arguments: &[&str]) -> String {
    let before = home.ok(&["list", "--json"]);
    let mut all = arguments.to_vec();
    all.push("--dry-run");
    let told = home.ok(&all);
    assert_eq!(home.ok(&["list", "--json"]), before, "{arguments:?} changed something");
    told
}

#[test]
fn a_start_after_a_step_that_was_not_taken_is_told_too() {
    let home = Home::simulated();
    let told = steps(&home, &["create", "new", "--no-disk", "--start", "--wait", "ssh"]);
    assert!(told.contains("create new") && told.contains("start new"), "{told}");

    home.ok(&["create", "web", "--memory", "64", "--no-disk", "--start"]);
    let told = steps(&home, &["restart", "web"]);
    assert!(told.contains("start web"), "{told}");

    home.ok(&["snapshot", "take", "web", "s"]);
    let told = steps(&home, &["snapshot", "restore", "web", "s", "--force", "--start"]);
    assert!(told.contains("start web"), "{told}");
}

#[test]
fn setup_checks_the_host_and_makes_nothing() {
    let home = Home::simulated();
    let told = steps(&home, &["setup"]);
    assert!(told.contains("config.json would be written"), "{told}");
    assert!(!home.path().join("state/config.json").exists());
}
