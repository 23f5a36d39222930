use serde_json::{Value, json};

use super::with_vm;
use crate::support::served::Served;

fn ask_as(served: &Served, agent: &str, verb: &str, path: &str, body: &Value) -> (u16, Value) {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let reply = served.ask_with(verb, path, &[&format!("X-Agent: {agent}")], &body);
    (reply.status, reply.json())
}

#[test]
fn two_agents_never_type_into_one_vm() {
    let (_home, served, id) = with_vm();
    served.ok("POST", "/v1/vms/web/start", &Value::Null);
    let take = |agent: &str, seconds: f64| {
        ask_as(&served, agent, "POST", "/v1/vms/web/lease", &json!({"seconds": seconds}))
    };
    let give = |agent: &str| ask_as(&served, agent, "DELETE", "/v1/vms/web/lease", &Value::Null).0;
    let typed = |agent: &str| {
        let text = json!({"text": "hi"});
        ask_as(&served, agent, "POST", &format!("/v1/vms/{id}/keyboard/type"), &text)
    };
    assert_eq!(typed("a").0, 200);
    let (status, lease) = take("a", 60.0);
    assert_eq!((status, &lease["holder"]), (200, &json!("local:a")));
    let (status, refused) = typed("b");
    assert_eq!((status, &refused["error"]["code"]), (409, &json!("vm_locked")), "{refused}");
    assert!(refused["error"]["message"].as_str().unwrap().contains("local:a"));
    assert_eq!(take("b", 60.0).0, 409);
    assert_eq!((typed("a").0, take("a", 60.0).0), (200, 200));
    assert_eq!((give("b"), give("a")), (409, 200));
    // It is over by itself, too.
    assert_eq!(take("b", 0.5).0, 200);
    assert_eq!(typed("a").0, 409);
    let over = || take("a", 60.0).0 == 200;
    let begun = std::time::Instant::now();
    while !over() {
        assert!(begun.elapsed().as_secs() < 60, "the lease never ends");
    }
    assert_eq!((typed("b").0, typed("a").0), (409, 200));
    for seconds in [0.0, -1.0, 1e9] {
        assert_eq!(take("a", seconds).0, 400, "{seconds}");
    }
}

#[test]
fn a_pause_stops_everybody_at_once_and_outlives_the_server() {
    let (home, served, _) = with_vm();
    served.ok("POST", "/v1/vms/web/start", &Value::Null);
    let ran = |served: &Served| {
        served.ask("POST", "/v1/vms/web/keyboard/press", &json!({"chords": ["enter"]})).status
    };
    assert_eq!(ran(&served), 200);
    served.ok("POST", "/v1/agents/pause", &Value::Null);
    assert_eq!(ran(&served), 403);
    served.ok("GET", "/v1/vms/web/screen/elements", &Value::Null);
    drop(served);
    let served = Served::start(&home);
    assert_eq!(ran(&served), 403);
    assert!(served.ok("GET", "/v1/agents", &Value::Null)["paused_since"].is_string());
    served.ok("POST", "/v1/agents/resume", &Value::Null);
    assert_eq!(ran(&served), 200);
    // A person at the terminal is no agent.
    served.ok("POST", "/v1/agents/pause", &Value::Null);
    home.ok(&["key", "web", "enter", "-q"]);
}

#[test]
fn agents_share_what_nobody_changed_meanwhile() {
    let (_home, served, _) = with_vm();
    let set = |value: u32, version: u32| {
        let body = json!({"value": value, "version": version});
        served.ask("POST", "/v1/state/best", &body).status
    };
    assert_eq!((set(1, 1), set(2, 0), set(3, 0), set(4, 1)), (409, 200, 409, 200));
    let found = served.ok("GET", "/v1/state/best", &Value::Null);
    assert_eq!((&found["value"], &found["version"]), (&json!(4), &json!(2)));
}

#[test]
fn what_is_under_way_stops_when_agents_are_paused_or_the_lease_is_over() {
    let (_home, served, _) = with_vm();
    served.ok("POST", "/v1/vms/web/start", &Value::Null);
    let held = json!({"chords": ["a", "b"], "hold_seconds": 100});
    let press = || ask_as(&served, "a", "POST", "/v1/vms/web/keyboard/press", &held);
    std::thread::scope(|scope| {
        let pressing = scope.spawn(press);
        // It is under way when another one cannot use the keyboard.
        while served.ok("GET", "/v1/tasks", &Value::Null)["items"][0]["state"] != "running" {}
        served.ok("POST", "/v1/agents/pause", &Value::Null);
        let (status, refused) = pressing.join().unwrap();
        assert_eq!((status, &refused["error"]["code"]), (403, &json!("permission_denied")));
        assert!(refused["error"]["hint"].as_str().unwrap().contains("look at the screen"));
    });
    served.ok("POST", "/v1/agents/resume", &Value::Null);
    let lease = json!({"seconds": 2});
    assert_eq!(ask_as(&served, "a", "POST", "/v1/vms/web/lease", &lease).0, 200);
    let (status, refused) = press();
    assert_eq!((status, &refused["error"]["code"]), (409, &json!("vm_locked")), "{refused}");
    assert!(refused["error"]["message"].as_str().unwrap().contains("is over"), "{refused}");
}
