//! A host that offers itself to a hub.

use serde_json::{Value, json};

use super::tls::{ask, certify};
use super::token;
use crate::support::command::Home;
use crate::support::served::Served;

/// What a host may do at its hub.
const HOST: [&str; 4] = ["--scope", "observe", "--scope", "input"];

/// Asks the hub until the answer is right.
#[track_caller]
fn until(mut ask: impl FnMut() -> Value, right: impl Fn(&Value) -> bool) -> Value {
    let begun = std::time::Instant::now();
    loop {
        let told = ask();
        if right(&told) {
            return told;
        }
        assert!(begun.elapsed().as_secs() < 120, "{told}");
    }
}

fn offer(hub: &Served, method: &str, arguments: &Value) -> String {
    let content = json!({"method": method, "arguments": arguments});
    let wish = json!({"content": content, "needs": ["vm:web"], "most_attempts": 1});
    hub.ok("POST", "/v1/work", &wish)["work"]["id"].as_str().unwrap().to_owned()
}

fn ended(hub: &Served, id: &str) -> Value {
    let show = || hub.ok("GET", &format!("/v1/work/{id}"), &Value::Null)["work"].clone();
    until(show, |it| it["ended_at"].is_string())
}

#[test]
fn a_host_does_the_work_that_its_hub_gives_it() {
    let mut central = Home::simulated();
    central.set("VM_CLI_SECURITY_REQUIRE_AUTHENTICATION", "true");
    central.set("VM_CLI_SERVER_MAX_REQUESTS_PER_SECOND", "100000");
    let mut hub = Served::start(&central);
    hub.with_token(token(&central, "boss", &["--scope", "admin"]));
    let secret = token(&central, "lab", &HOST);

    let mut home = Home::simulated();
    home.ok(&["create", "web", "--memory", "64", "--no-disk", "-q"]);
    let file = home.path().join("hub.token");
    std::fs::write(&file, format!("{secret}\n")).unwrap();
    home.set("VM_CLI_AGENTS_HUB_URL", format!("ws://{}", hub.address));
    home.set("VM_CLI_AGENTS_HUB_TOKEN_FILE", file.to_str().unwrap());
    let host = Served::start(&home);
    let known = until(
        || hub.ok("GET", "/v1/agents", &Value::Null)["agents"].clone(),
        |it| it.as_array().is_some_and(|it| !it.is_empty()),
    );
    let can = known[0]["capabilities"].as_array().unwrap();
    assert!(can.contains(&json!("host")) && can.contains(&json!("vm:web")), "{known}");
    assert_eq!(known[0]["name"], "token:lab");

    let done = ended(&hub, &offer(&hub, "vm_start", &json!({"vm": "web"})));
    assert_eq!(done["state"], "done", "{done}");
    assert_eq!(done["result"]["items"][0]["state"], "running");
    // A hub may do nothing that loses something.
    let id = home.json(&["status", "web"])["items"][0]["id"].clone();
    let refused = ended(&hub, &offer(&hub, "vm_delete", &json!({"vm": "web", "confirm": id})));
    assert_eq!(refused["state"], "failed");
    assert_eq!(refused["result"]["code"], "permission_denied", "{refused}");

    // It comes back when the hub does, at the same place.
    let (_, port) = hub.address.rsplit_once(':').unwrap();
    central.set("VM_CLI_SERVER_PORT", port);
    let again = token(&central, "again", &["--scope", "admin"]);
    drop(hub);
    let mut hub = Served::start_at_configured_port(&central);
    hub.with_token(again);
    let done = ended(&hub, &offer(&hub, "vm_pause", &json!({"vm": "web"})));
    assert_eq!(done["state"], "done", "{done}");
    drop(host);

    // Over TLS it trusts the certificate that it was given.
    let mut central = Home::simulated();
    let certificate = certify(&mut central);
    std::fs::write(&file, token(&central, "lab", &HOST)).unwrap();
    let hub = Served::start(&central);
    home.set("VM_CLI_AGENTS_HUB_URL", format!("wss://{}", hub.address));
    home.set("VM_CLI_AGENTS_HUB_CERTIFICATE", certificate.to_str().unwrap());
    let _host = Served::start(&home);
    until(
        || ask(&hub, &certificate, "/v1/agents").unwrap().into(),
        |it| it.as_str().unwrap().contains("vm:web"),
    );
}
