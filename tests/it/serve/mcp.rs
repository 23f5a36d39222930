use serde_json::{Value, json};

use super::token;
use crate::support::command::Home;
use crate::support::served::{Reply, Served};

fn say(served: &Served, session: Option<&str>, message: &Value) -> Reply {
    let mut message = message.clone();
    message["jsonrpc"] = "2.0".into();
    let session = session.map(|it| format!("Mcp-Session-Id: {it}"));
    let mut more = vec!["Accept: application/json, text/event-stream"];
    more.extend(session.as_deref());
    served.ask_with("POST", "/mcp", &more, &message.to_string())
}

/// Returns the answer to a request: the event of the stream that has its id.
#[track_caller]
fn answer(reply: &Reply, id: u32) -> Value {
    let text = reply.text();
    let events = text.lines().filter_map(|it| it.strip_prefix("data:"));
    let mut messages = events.filter_map(|it| serde_json::from_str::<Value>(it.trim()).ok());
    messages.find(|it| it["id"] == id).unwrap_or_else(|| panic!("{}\n{text}", reply.head))
}

#[test]
fn an_agent_uses_its_token_over_http() {
    let mut home = Home::simulated();
    home.set("VM_CLI_SECURITY_REQUIRE_AUTHENTICATION", "true");
    home.ok(&["create", "web", "--memory", "64", "--no-disk", "-q"]);
    let mut served = Served::start(&home);
    let hello = json!({"id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-06-18", "capabilities": {},
        "clientInfo": {"name": "agent", "version": "1"}}});
    assert_eq!(say(&served, None, &hello).status, 401);
    served.with_token(token(&home, "agent", &["--scope", "lifecycle"]));
    let begun = say(&served, None, &hello);
    assert_eq!(answer(&begun, 1)["result"]["serverInfo"]["name"], "vm-cli");
    let session = begun.header("mcp-session-id").unwrap().to_owned();
    say(&served, Some(&session), &json!({"method": "notifications/initialized"}));
    let call = |id: u32, tool: &str| {
        let params = json!({"name": tool, "arguments": {"vm": "web"}});
        let asked = json!({"id": id, "method": "tools/call", "params": params});
        answer(&say(&served, Some(&session), &asked), id)["result"]["structuredContent"].clone()
    };
    assert_eq!(call(2, "vm_start")["items"][0]["state"], "running");
    assert_eq!(call(3, "vm_status")["error"]["code"], "permission_denied");
    assert_eq!(home.json(&["audit"])["items"][0]["who"], "token:agent");
    // Another one's token does not make the session's agent of him.
    served.with_token(token(&home, "other", &["--scope", "observe"]));
    let params = json!({"name": "vm_stop", "arguments": {"vm": "web"}});
    let asked = json!({"id": 4, "method": "tools/call", "params": params});
    let refused = answer(&say(&served, Some(&session), &asked), 4);
    let code = &refused["result"]["structuredContent"]["error"]["code"];
    assert_eq!(code, "permission_denied", "{refused}");
}

#[test]
fn conversations_are_bounded() {
    let home = Home::simulated();
    let mut home = home;
    home.set("VM_CLI_SERVER_MAX_REQUESTS_PER_SECOND", "100000");
    let served = Served::start(&home);
    let hello = json!({"id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-06-18", "capabilities": {},
        "clientInfo": {"name": "agent", "version": "1"}}});
    let refused = (0..1000).map(|_| say(&served, None, &hello)).find(|it| it.status != 200);
    let refused = refused.expect("an end of it");
    assert_eq!((refused.status, refused.code().as_str()), (429, "limit_exceeded"));
    served.ok("GET", "/v1/vms", &Value::Null);
}
