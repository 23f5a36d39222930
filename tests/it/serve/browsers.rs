//! What only browsers need.

use serde_json::Value;

use super::talk::Talk;
use super::token;
use crate::support::command::Home;
use crate::support::served::Served;

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_opens_one_web_socket_and_nothing_else() {
    let mut home = Home::simulated();
    home.set("VM_CLI_SECURITY_REQUIRE_AUTHENTICATION", "true");
    let mut served = Served::start(&home);
    assert_eq!(served.fails("POST", "/v1/tickets", &Value::Null).0, 401);
    served.with_token(token(&home, "kim", &["--scope", "observe"]));
    let made = served.ok("POST", "/v1/tickets", &Value::Null);
    assert_eq!(made["seconds"], 60);
    let ticket = made["ticket"].as_str().unwrap();
    served.with_token(None);
    let path = format!("/v1/ws?ticket={ticket}");
    // It is no token, and opens no other door.
    assert_eq!(served.ask("GET", &format!("/v1/vms?ticket={ticket}"), &Value::Null).status, 401);
    let bearer = format!("Authorization: Bearer {ticket}");
    assert_eq!(served.ask_with("GET", "/v1/vms", &[&bearer], "").status, 401);
    let mut talk = Talk::open_with(&served, &path, &[]).await.unwrap();
    assert_eq!(talk.hear().await["data"]["actor"], "token:kim");
    talk.ask("vm_list", &Value::Null).await;
    assert_eq!(Talk::open_with(&served, &path, &[]).await.err(), Some(401));
    assert_eq!(Talk::open_with(&served, "/v1/ws?ticket=vmt_0", &[]).await.err(), Some(401));
}

#[test]
fn a_browser_that_asks_for_an_icon_is_answered() {
    let mut home = Home::simulated();
    home.set("VM_CLI_SECURITY_REQUIRE_AUTHENTICATION", "true");
    let served = Served::start(&home);
    assert_eq!(served.ask("GET", "/favicon.ico", &Value::Null).status, 204);
}
