use std::time::Duration;

use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::{token, with_vm};
use crate::support::command::Home;
use crate::support::served::Served;

/// A client over WebSocket.
struct Talk(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Talk {
    async fn open(served: &Served, protocols: Option<&str>) -> Result<Self, u16> {
        let url = format!("ws://{}/v1/ws", served.address);
        let mut request = url.into_client_request().unwrap();
        if let Some(protocols) = protocols {
            request.headers_mut().insert("sec-websocket-protocol", protocols.parse().unwrap());
        }
        match tokio_tungstenite::connect_async(request).await {
            Ok((stream, _)) => Ok(Self(stream)),
            Err(tokio_tungstenite::tungstenite::Error::Http(refusal)) => {
                Err(refusal.status().as_u16())
            }
            Err(other) => panic!("{other}"),
        }
    }

    async fn say(&mut self, message: &Value) {
        use futures_util::SinkExt as _;
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    /// Returns the next message; the end, with its code, is one too.
    async fn hear(&mut self) -> Value {
        use futures_util::StreamExt as _;
        loop {
            let next = tokio::time::timeout(Duration::from_mins(1), self.0.next());
            match next.await.expect("a message in time") {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).unwrap(),
                Some(Ok(Message::Close(Some(frame)))) => {
                    return json!({ "closed": u16::from(frame.code), "reason": frame.reason.as_str() });
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return json!({ "closed": null }),
            }
        }
    }

    /// Hears on until a message is the right one.
    async fn hear_until(&mut self, right: impl Fn(&Value) -> bool) -> Value {
        loop {
            let heard = self.hear().await;
            assert!(heard.get("closed").is_none(), "{heard}");
            if right(&heard) {
                return heard;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn methods_and_events_come_over_one_connection() {
    let (_home, served, id) = with_vm();
    let mut talk = Talk::open(&served, None).await.unwrap();
    let hello = talk.hear().await;
    assert_eq!((&hello["v"], &hello["type"]), (&json!(1), &json!("hello")));
    talk.say(&json!({"id": 1, "method": "subscribe", "params": {"types": ["vm.*", "task.done", "action"]}})).await;
    let last = talk.hear_until(|it| it["id"] == 1).await["result"]["last"].as_u64().unwrap();
    // The first look at the VMs has to be before the change.
    talk.say(&json!({"id": "a", "method": "vm_list"})).await;
    let listed = talk.hear_until(|it| it["id"] == "a").await;
    assert_eq!(listed["result"]["items"][0]["id"], *id);
    talk.say(&json!({"id": 2, "method": "vm_start", "params": {"vm": "web"}})).await;
    let (mut done, mut action, mut answered) = (None, None, false);
    while done.is_none() || action.is_none() || !answered {
        let heard = talk.hear().await;
        match heard["type"].as_str() {
            Some("task.done") => done = Some(heard),
            Some("action") => action = Some(heard),
            Some(_) => {}
            None => {
                answered |= heard["id"] == 2 && heard["result"]["items"][0]["state"] == "running";
            }
        }
    }
    let (done, action) = (done.unwrap(), action.unwrap());
    assert_eq!((&done["vm"]["name"], &done["data"]["type"]), (&json!("web"), &json!("start")));
    assert!(done["task"].is_string() && done["seq"].as_u64().unwrap() > last, "{done}");
    assert_eq!(
        (&action["actor"], &action["data"]["method"]),
        (&json!("local"), &json!("vm_start"))
    );

    for (message, code) in [
        (json!({"id": 3, "method": "format_disk"}), "not_found"),
        (json!({"id": 3, "method": "vm_start", "params": {"x": 1}}), "usage"),
        (json!({"id": 3, "method": "subscribe", "params": {"x": 1}}), "usage"),
        (json!({"id": 3}), "usage"),
    ] {
        talk.say(&message).await;
        let failed = talk.hear_until(|it| it.get("error").is_some()).await;
        assert_eq!(failed["error"]["code"], code, "{message}: {failed}");
    }

    // Who comes back misses nothing, and the same is told over HTTP.
    let mut again = Talk::open(&served, None).await.unwrap();
    again
        .say(&json!({"method": "subscribe", "params": {"types": ["task.done"], "since": last}}))
        .await;
    let missed = again.hear_until(|it| it["type"] == "task.done").await;
    assert_eq!(missed, done);
    let listed =
        served.ok("GET", &format!("/v1/events?since={last}&types=task.done"), &Value::Null);
    assert_eq!(listed["items"][0], done);
    again.say(&json!({"method": "subscribe", "params": {"since": 1}})).await;
    let gap = again.hear_until(|it| it["type"] == "gap").await;
    assert!(gap["data"]["lost_until"].as_u64().unwrap() <= last + 1, "{gap}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_that_changes_elsewhere_is_told() {
    let (home, served, _) = with_vm();
    let mut talk = Talk::open(&served, None).await.unwrap();
    talk.say(&json!({"id": 1, "method": "subscribe", "params": {"types": ["vm.*"], "vms": ["web", "db"]}})).await;
    talk.hear_until(|it| it["id"] == 1).await;
    // Made again until a look of the server's lies between.
    let made = loop {
        home.ok(&["create", "db", "--memory", "64", "--no-disk", "-q"]);
        let next = tokio::time::timeout(Duration::from_secs(10), talk.hear());
        if let Ok(heard) = next.await {
            break heard;
        }
        home.ok(&["delete", "db", "--yes", "-q"]);
    };
    assert_eq!((&made["type"], &made["vm"]["name"]), (&json!("vm.created"), &json!("db")));
    home.ok(&["start", "web", "-q"]);
    let started = talk.hear_until(|it| it["type"] == "vm.state").await;
    assert_eq!(started["data"]["to"], "running", "{started}");
    home.ok(&["delete", "db", "--yes", "-q"]);
    talk.hear_until(|it| it["type"] == "vm.deleted").await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_needed_here_too_and_the_end_has_a_reason() {
    let mut home = Home::simulated();
    home.set("VM_CLI_SECURITY_REQUIRE_AUTHENTICATION", "true");
    for name in ["web", "db"] {
        home.ok(&["create", name, "--memory", "64", "--no-disk", "-q"]);
    }
    let mut served = Served::start(&home);
    assert_eq!(Talk::open(&served, None).await.err(), Some(401));
    assert_eq!(Talk::open(&served, Some("vm-cli.token.vmc_0")).await.err(), Some(401));
    let secret = token(&home, "ci", &["--scope", "observe", "--vm", "web"]);
    let protocols = format!("vm-cli, vm-cli.token.{secret}");
    let mut talk = Talk::open(&served, Some(&protocols)).await.unwrap();
    assert_eq!(talk.hear().await["data"]["actor"], "token:ci");
    talk.say(&json!({"id": 1, "method": "subscribe"})).await;
    talk.hear_until(|it| it["id"] == 1).await;
    talk.say(&json!({"id": 2, "method": "vm_start", "params": {"vm": "web"}})).await;
    assert_eq!(talk.hear_until(|it| it["id"] == 2).await["error"]["code"], "permission_denied");
    served.with_token(token(&home, "kim", &["--scope", "admin"]));
    served.ok("POST", "/v1/vms/db/start", &Value::Null);
    served.ok("POST", "/v1/vms/web/start", &Value::Null);
    let heard = talk.hear().await;
    assert_eq!(heard["vm"]["name"], "web", "of `db` nothing is told: {heard}");
    assert_eq!(served.end("-INT"), Some(0));
    loop {
        let heard = talk.hear().await;
        if let Some(code) = heard.get("closed") {
            assert_eq!((code, &heard["reason"]), (&json!(1001), &json!("the server is closing")));
            break;
        }
    }
}
