//! The life of a server: configured anew, ended, started again.
#![cfg(unix)]

use serde_json::{Value, json};

use super::tls;
use crate::support::command::Home;
use crate::support::served::Served;

fn hang_up(served: &Served) {
    let pid = served.child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-HUP", &pid]).status().unwrap().success());
}

#[track_caller]
fn until(right: impl Fn() -> bool) {
    let begun = std::time::Instant::now();
    while !right() {
        assert!(begun.elapsed().as_secs() < 60, "it does not come");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

#[test]
fn a_hangup_lets_another_configuration_take_effect() {
    let home = Home::simulated();
    let served = Served::start(&home);
    let status = || served.ask("GET", "/v1/vms", &Value::Null).status;
    assert_eq!(status(), 200);
    let folder = home.path().join("config");
    std::fs::create_dir_all(&folder).unwrap();
    let configure = |text: &str| {
        std::fs::write(folder.join("vm_orchestrator.json"), text).unwrap();
        hang_up(&served);
    };
    configure(r#"{"security": {"require_authentication": true}}"#);
    until(|| status() == 401);
    // One that is wrong changes nothing.
    configure("{");
    assert_eq!(status(), 401);
    configure(r#"{"security": {"require_authentication": false}}"#);
    until(|| status() == 200);
    assert_eq!(served.end("-TERM"), Some(0));
}

#[test]
fn a_hangup_reads_the_certificate_again() {
    let mut home = Home::simulated();
    let certificate = tls::certify(&mut home);
    let served = Served::start(&home);
    let old = home.path().join("old.pem");
    std::fs::copy(&certificate, &old).unwrap();
    tls::certify(&mut home);
    assert!(tls::ask(&served, &old, "/v1/vms").is_ok());
    hang_up(&served);
    until(|| tls::ask(&served, &certificate, "/v1/vms").is_ok());
    assert!(tls::ask(&served, &old, "/v1/vms").is_err());
}

#[test]
fn who_waits_for_a_change_has_its_answer_before_the_server_ends() {
    let home = Home::simulated();
    home.ok(&["create", "web", "--memory", "64", "--no-disk", "--start", "-q"]);
    let served = Served::start(&home);
    let stopping = std::thread::scope(|scope| {
        let asked =
            scope.spawn(|| served.ask("POST", "/v1/vms/web/stop", &json!({"way": "button"})));
        until(|| home.ok(&["tasks", "list", "--json"]).contains("\"stop\""));
        let pid = served.child.id().to_string();
        assert!(
            std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap().success()
        );
        asked.join().unwrap()
    });
    assert_eq!(stopping.status, 200, "{}", stopping.text());
    assert_eq!(home.json(&["status", "web"])["items"][0]["state"], "poweroff");
}
