//! Pieces of work, and the agents that do them.

use serde_json::{Value, json};

use super::talk::Talk;
use crate::support::command::Home;
use crate::support::served::Served;

/// An agent of a name that can do something.
async fn agent(served: &Served, name: &str, can: &[&str]) -> Talk {
    let mut talk = Talk::open_with(served, "/v1/ws", &[("x-agent", name)]).await.unwrap();
    talk.ask("agent_register", &json!({"kind": "tester", "capabilities": can})).await;
    talk
}

async fn take(agent: &mut Talk, wait: u32) -> Value {
    agent.ask("work_take", &json!({"wait_seconds": wait})).await["work"].clone()
}

fn offer(served: &Served, content: &str, needs: &[&str], priority: &str) -> String {
    let wish = json!({"content": content, "needs": needs, "priority": priority,
        "most_attempts": 2});
    let offered = served.ok("POST", "/v1/work", &wish);
    offered["work"]["id"].as_str().unwrap().to_owned()
}

fn show(served: &Served, id: &str) -> Value {
    served.ok("GET", &format!("/v1/work/{id}"), &Value::Null)["work"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_most_urgent_piece_that_an_agent_can_do_is_its() {
    let home = Home::simulated();
    let served = Served::start(&home);
    offer(&served, "later", &["click"], "low");
    let first = offer(&served, "now", &["click"], "high");
    offer(&served, "other", &["click", "fly"], "critical");
    let unknown = served.fails("POST", "/v1/work/take", &Value::Null);
    assert_eq!(unknown, (409, "invalid_state".to_owned()));
    let mut clicker = agent(&served, "clicker", &["click", "type"]).await;
    let taken = take(&mut clicker, 0).await;
    assert_eq!((&taken["id"], &taken["holder"]), (&json!(first), &json!("local:clicker")));
    let end = json!({"work": first, "attempt": 1, "result": {"seen": true}});
    clicker.ask("work_end", &end).await;
    assert_eq!(take(&mut clicker, 0).await["content"], "later");
    assert_eq!(take(&mut clicker, 0).await, Value::Null, "it cannot fly");
    let done = show(&served, &first);
    assert_eq!((&done["state"], &done["result"]), (&json!("done"), &json!({"seen": true})));
    // Who ended it cannot end it again, and nobody can end another one's.
    let again = served.fails("POST", &format!("/v1/work/{first}/end"), &json!({"attempt": 1}));
    assert_eq!(again, (409, "invalid_state".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_waits_gets_what_comes() {
    let home = Home::simulated();
    let served = Served::start(&home);
    let mut waiting = agent(&served, "waiting", &[]).await;
    waiting.say(&json!({"id": "t", "method": "work_take", "params": {"wait_seconds": 60}})).await;
    let id = offer(&served, "come", &[], "medium");
    let taken = waiting.hear_until(|it| it["id"] == "t").await;
    assert_eq!(taken["result"]["work"]["id"], json!(id));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_agent_had_goes_to_another_and_not_for_ever() {
    let home = Home::simulated();
    let served = Served::start(&home);
    let mut told = Talk::open(&served, None).await.unwrap();
    told.ask("subscribe", &json!({"types": ["work.*", "agent.gone"]})).await;
    let id = offer(&served, "fragile", &[], "medium");
    let mut first = agent(&served, "first", &[]).await;
    assert_eq!(take(&mut first, 0).await["attempts"], 1);
    drop(first);
    told.hear_until(|it| it["type"] == "agent.gone" && it["actor"] == "local:first").await;
    let mut second = agent(&served, "second", &[]).await;
    let taken = take(&mut second, 60).await;
    assert_eq!((&taken["id"], &taken["attempts"]), (&json!(id), &json!(2)));
    // What comes late of the dead one is not taken.
    let mut late = agent(&served, "first", &[]).await;
    late.say(&json!({"id": "e", "method": "work_end", "params": {"work": id, "attempt": 1}})).await;
    let refused = late.hear_until(|it| it["id"] == "e").await;
    assert_eq!(refused["error"]["code"], "invalid_state", "{refused}");
    // It says that it goes on for a second, and then nothing: that was the last attempt.
    let keep = json!({"work": id, "attempt": 2, "seconds": 1});
    second.ask("work_keep", &keep).await;
    let ended = told.hear_until(|it| it["type"] == "work.done").await;
    assert_eq!((&ended["task"], &ended["data"]["state"]), (&json!(id), &json!("failed")));
    assert_eq!(take(&mut second, 0).await, Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_is_tried_again_and_what_is_canceled_is_not() {
    let mut home = Home::simulated();
    home.set("VM_CLI_RETRY_BASE_DELAY_MS", "1");
    let served = Served::start(&home);
    let mut one = agent(&served, "one", &[]).await;
    let id = offer(&served, "hard", &[], "medium");
    assert_eq!(take(&mut one, 0).await["id"], json!(id));
    one.ask("work_end", &json!({"work": id, "attempt": 1, "error": "too hard"})).await;
    assert_eq!(take(&mut one, 60).await["attempts"], 2);
    served.ok("DELETE", &format!("/v1/work/{id}"), &Value::Null);
    one.say(&json!({"id": "k", "method": "work_keep", "params": {"work": id, "attempt": 2}})).await;
    let refused = one.hear_until(|it| it["id"] == "k").await;
    assert_eq!(refused["error"]["code"], "invalid_state", "{refused}");
    assert_eq!(show(&served, &id)["state"], "canceled");
}
