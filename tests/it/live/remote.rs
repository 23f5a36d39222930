//! The remote display of a real VM: where it listens, who gets in, and what is written of it.

use std::io::Read;
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use super::world::World;

const SECRET: &str = "hush-7";

/// Returns the port of a URL such as `vnc://127.0.0.1:5900`.
fn port(document: &Value) -> u16 {
    let url = document["items"][0]["url"].as_str().unwrap();
    let port = url.strip_prefix("vnc://127.0.0.1:");
    port.unwrap_or_else(|| panic!("{document}")).parse().unwrap()
}

/// Returns how the server greets.
fn greeting(port: u16) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut greeting = [0; 12];
    stream.read_exact(&mut greeting).unwrap();
    String::from_utf8_lossy(&greeting).into_owned()
}

#[test]
fn a_remote_display_is_for_this_host_and_who_knows_the_password() {
    let Some(mut world) = World::new("remote display") else { return };
    world.home.set("VM_CLI_LOGGING_LEVEL", "trace");
    let calls = world.observe();
    let home = &world.home;
    std::fs::write(home.path().join("secret"), SECRET).unwrap();
    home.ok(&["create", "web", "--memory", "64", "--no-disk", "--firmware", "bios"]);
    assert_eq!(home.error(3, &["display", "url", "web"])["code"], "not_found");
    // Off: its settings; live: its server.
    let off = home.json(&["display", "on", "web", "--password-file", "secret"]);
    assert_eq!(off["items"][0]["password"], Value::Null, "who gave it knows it");
    home.ok(&["start", "web"]);
    assert_eq!(greeting(port(&off)), "RFB 003.008\n");
    let live = home.json(&["display", "on", "web"]);
    assert_eq!(live["items"][0]["password"].as_str().unwrap().len(), 8, "{live}");
    assert_eq!(greeting(port(&live)), "RFB 003.008\n");
    assert_eq!(port(&home.json(&["display", "url", "web"])), port(&live));
    home.ok(&["display", "on", "web", "--password-file", "secret"]);
    home.ok(&["display", "off", "web"]);
    assert!(TcpStream::connect(("127.0.0.1", port(&live))).is_err());
    assert_eq!(home.json(&["display", "off", "web"])["items"][0]["changed"], false);
    home.ok(&["stop", "web", "--force"]);
    for text in [std::fs::read_to_string(calls).unwrap(), home.ok(&["logs", "-n", "100000"])] {
        assert!(!text.contains(SECRET), "the password was written down");
    }
}
