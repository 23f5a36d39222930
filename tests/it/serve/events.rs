use std::time::Duration;

use serde_json::{Value, json};

use super::talk::Talk;
use super::{token, with_vm};
use crate::support::command::Home;
use crate::support::served::Served;

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

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_is_told_when_it_changes_and_only_to_who_asks_for_it() {
    let (home, served, _) = with_vm();
    home.ok(&["create", "db", "--memory", "64", "--no-disk", "-q"]);
    let mut every = Talk::open(&served, None).await.unwrap();
    every.ask("subscribe", &json!({})).await;
    let mut screens = Talk::open(&served, None).await.unwrap();
    screens.ask("subscribe", &json!({"types": ["vm.screen"], "vms": ["web"]})).await;
    home.ok(&["start", "web", "-q"]);
    home.ok(&["start", "db", "-q"]);
    let mut hashes = Vec::new();
    // It boots: its screen shows one thing after the other.
    while hashes.len() < 2 {
        let told = screens.hear_until(|it| it["type"] == "vm.screen").await;
        assert_eq!(told["vm"]["name"], "web");
        assert!(told["data"]["width"].is_u64() && told["data"]["height"].is_u64(), "{told}");
        hashes.push(told["data"]["hash"].clone());
    }
    assert_ne!(hashes[0], hashes[1]);
    let still = json!({"condition": "screen-stable", "timeout_seconds": 60});
    served.ok("POST", "/v1/vms/web/wait", &still);
    served.ok("POST", "/v1/vms/web/stop", &json!({"way": "power_off"}));
    loop {
        let told = every.hear_until(|it| it["type"].is_string()).await;
        assert_ne!(told["type"], "vm.screen", "nobody asked for it: {told}");
        if told["type"] == "vm.state" && told["data"]["to"] == "poweroff" {
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn snapshots_are_told_whoever_makes_them_and_metrics_while_they_are_wanted() {
    let (home, served, _) = with_vm();
    let mut talk = Talk::open(&served, None).await.unwrap();
    let types = json!({"types": ["vm.snapshot", "host.metrics"]});
    talk.ask("subscribe", &types).await;
    let measured = talk.hear_until(|it| it["type"] == "host.metrics").await;
    assert!(measured["data"]["memory_bytes"].as_u64().unwrap() > 0, "{measured}");
    let change = |told: &Value| (told["vm"]["name"].clone(), told["data"]["change"].clone());
    served.ok("POST", "/v1/vms/web/snapshots", &json!({"name": "here"}));
    let told = talk.hear_until(|it| it["type"] == "vm.snapshot").await;
    assert_eq!(change(&told), (json!("web"), json!("taken")));
    home.ok(&["snapshot", "delete", "web", "here", "--yes", "-q"]);
    let told = talk.hear_until(|it| it["type"] == "vm.snapshot").await;
    assert_eq!(change(&told), (json!("web"), json!("deleted")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_is_told_when_it_begins_and_when_it_is_over() {
    let (_home, served, id) = with_vm();
    let mut talk = Talk::open(&served, None).await.unwrap();
    talk.ask("subscribe", &json!({"types": ["agent.*"]})).await;
    served.ok("POST", "/v1/vms/web/lease", &json!({"seconds": 1}));
    let taken = talk.hear_until(|it| it["type"] == "agent.lease_taken").await;
    assert_eq!((&taken["actor"], &taken["vm"]["name"]), (&json!("local"), &json!("web")));
    let over = talk.hear_until(|it| it["type"] == "agent.lease_expired").await;
    assert_eq!((&over["actor"], &over["data"]["id"]), (&json!("local"), &json!(id)));
    served.ok("POST", "/v1/agents/pause", &Value::Null);
    let paused = talk.hear_until(|it| it["type"] == "agent.paused").await;
    assert_eq!(paused["data"]["paused"], true);
}
