//! A server that is killed under load, again and again.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use super::talk::Talk;
use crate::support::command::Home;
use crate::support::served::Served;

const ROUNDS: u32 = 20;
const SEED: u64 = 7;
/// So many tasks are submitted before each death, at most.
const LOAD: u32 = 4;

/// What a client has seen.
#[derive(Default)]
struct Seen {
    /// The tasks that were accepted, and the snapshots that they make.
    accepted: BTreeMap<String, String>,
    submitted: u32,
    /// The last event.
    last: Option<u64>,
}

impl Seen {
    /// Submits tasks, then looks at them, until the server is dead.
    fn load(&mut self, served: &Served) {
        let mut left = LOAD;
        while let Ok(stream) = TcpStream::connect(&served.address) {
            if left == 0 {
                served.ask_on(stream, "GET", "/v1/tasks", &[], "");
                continue;
            }
            left -= 1;
            self.submitted += 1;
            let name = format!("s{}", self.submitted);
            let task = json!({"method": "snapshot_take",
                "arguments": {"vm": "web", "name": name}});
            let reply = served.ask_on(stream, "POST", "/v1/tasks", &[], &task.to_string());
            if reply.status == 200
                && let Ok(told) = serde_json::from_slice::<Value>(&reply.body)
            {
                self.accepted.insert(told["id"].as_str().unwrap().to_owned(), name);
            }
        }
    }

    /// Goes on listening where the last server ended.
    async fn listen(&mut self, served: &Served) -> Option<Talk> {
        let mut talk = Talk::open(served, None).await.ok()?;
        let since = self.last.map_or(Value::Null, |it| json!(it));
        talk.say(&json!({"id": 0, "method": "subscribe", "params": {"since": since}})).await;
        Some(talk)
    }

    /// Hears what was told until the server died. Nothing is told twice, and nothing left out
    /// without it being said.
    async fn hear(&mut self, talk: &mut Talk) {
        let mut known = None;
        loop {
            let heard = talk.hear().await;
            match (heard["type"].as_str(), heard["seq"].as_u64()) {
                (Some("gap"), _) => known = heard["data"]["lost_until"].as_u64(),
                (Some("hello"), seq) => known = self.last.or(seq),
                (Some(_), Some(seq)) => {
                    assert!(self.last.is_none_or(|it| it < seq), "told twice: {heard}");
                    assert_eq!(known.map(|it| it + 1), Some(seq), "left out before {heard}");
                    (self.last, known) = (Some(seq), Some(seq));
                }
                (Some(_) | None, _) if heard.get("closed").is_some() => return,
                (Some(_) | None, _) => {}
            }
        }
    }
}

fn kill(served: &Served) {
    let pid = served.child.id().to_string();
    std::process::Command::new("kill").args(["-9", &pid]).status().unwrap();
}

fn state(told: &Value) -> &str {
    told.get("state").unwrap_or(&told["items"][0]["state"]).as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_it_loses_nothing_unmarked_and_the_dead_hold_nothing() {
    let mut home = Home::simulated();
    home.ok(&["create", "web", "--memory", "64", "--no-disk", "-q"]);
    home.set("VM_CLI_SERVER_MAX_REQUESTS_PER_SECOND", "100000");
    let mut random = fastrand::Rng::with_seed(SEED);
    let (mut seen, mut dead) = (Seen::default(), None);
    for round in 0..ROUNDS {
        let served = Served::start(&home);
        if round == 0 {
            let agent = Talk::open_with(&served, "/v1/ws", &[("x-agent", "dead")]).await;
            let mut agent = agent.unwrap();
            agent.ask("lease_take", &json!({"vm": "web", "seconds": 3600})).await;
            // It dies with its server, so that nobody sees it go.
            dead = Some(agent);
        }
        let mut listening = seen.listen(&served).await;
        let death = Duration::from_millis(random.u64(0..200));
        tokio::task::block_in_place(|| {
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    std::thread::sleep(death);
                    kill(&served);
                });
                seen.load(&served);
            });
        });
        if let Some(talk) = &mut listening {
            seen.hear(talk).await;
        }
    }
    drop(dead);
    assert!(!seen.accepted.is_empty() && seen.last.is_some());
    let served = Served::start(&home);
    let mut ends = BTreeMap::new();
    for (id, name) in &seen.accepted {
        let told = served.ok("GET", &format!("/v1/tasks/{id}?wait_seconds=60"), &Value::Null);
        let snapshots = served.ask("GET", "/v1/vms/web/snapshots", &Value::Null).text();
        let times = snapshots.matches(&format!("\"name\":\"{name}\"")).count();
        match state(&told) {
            "done" => assert_eq!(times, 1, "{name}: {told}"),
            "failed" => {
                assert!(times <= 1 && told.to_string().contains("outcome_unknown"), "{told}");
            }
            "canceled" => assert_eq!(times, 0, "{name}: {told}"),
            other => panic!("{name} is {other} for ever: {told}"),
        }
        *ends.entry(state(&told).to_owned()).or_insert(0) += 1;
    }
    let begun = std::time::Instant::now();
    while served.ok("GET", "/v1/agents", &Value::Null)["leases"] != json!([]) {
        assert!(begun.elapsed().as_secs() < 60, "a dead agent has its VM for ever");
    }
    eprintln!("{} tasks were accepted: {ends:?}", seen.accepted.len());
}

#[test]
fn what_a_killed_server_had_queued_begins_soon_after_or_never() {
    let home = Home::simulated();
    home.ok(&["create", "web", "--memory", "64", "--no-disk", "--start", "-q"]);
    let served = Served::start(&home);
    let submit = |method: &str, arguments: Value| {
        let task = json!({"method": method, "arguments": arguments});
        served.ok("POST", "/v1/tasks", &task)["id"].as_str().unwrap().to_owned()
    };
    let running =
        submit("vm_wait", json!({"vm": "web", "condition": "gone", "timeout_seconds": 600}));
    let fresh = submit("vm_pause", json!({"vm": "web"}));
    let old = submit("vm_stop", json!({"vm": "web", "way": "power_off"}));
    let typed = submit("keyboard_type", json!({"vm": "web", "text": "secret"}));
    while state(&served.ok("GET", &format!("/v1/tasks/{running}"), &Value::Null)) != "running" {}
    kill(&served);
    drop(served);
    // The stop was queued yesterday.
    let store = home.path().join("state/store.sqlite");
    assert!(!std::fs::read(&store).unwrap().windows(6).any(|it| it == b"secret"));
    let sql = rusqlite::Connection::open(&store).unwrap();
    let yesterday = "UPDATE calls SET queued_at = queued_at - 86400000 WHERE id = ?1";
    assert_eq!(sql.execute(yesterday, [&old]).unwrap(), 1);
    drop(sql);
    let served = Served::start(&home);
    let show =
        |id: &str| served.ok("GET", &format!("/v1/tasks/{id}?wait_seconds=60"), &Value::Null);
    assert_eq!(state(&show(&fresh)), "done");
    assert_eq!(state(&show(&old)), "canceled");
    assert_eq!(state(&show(&typed)), "canceled", "what is typed is written down nowhere");
    let unknown = show(&running);
    assert_eq!(state(&unknown), "failed");
    assert!(unknown.to_string().contains("outcome_unknown"), "{unknown}");
    let status = served.ok("GET", "/v1/vms/web", &Value::Null);
    assert_eq!(status["items"][0]["state"], "paused", "the stop of yesterday fired");
}
