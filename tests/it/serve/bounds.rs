use std::io::{Read as _, Write as _};
use std::time::Duration;

use serde_json::{Value, json};

use super::with_vm;
use crate::support::served::Reply;

#[test]
fn malformed_and_huge_requests_are_refused() {
    let (_home, served, _) = with_vm();
    let huge = format!("{{\"name\": \"{}\"}}", "x".repeat(2 * 1024 * 1024));
    let reply = served.ask_with("POST", "/v1/vms", &[], &huge);
    assert!(matches!(reply.status, 413 | 0), "{}", reply.head);
    for body in ["{", "null", "\"x\"", "{\"name\": 1e999}", "[[[[[[", "{\"name\": \"\\ud800\"}"] {
        assert_eq!(served.ask_with("POST", "/v1/vms", &[], body).status, 400, "{body}");
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(served.ask_with("POST", "/v1/vms", &[], &deep).status, 400);
    let long = format!("X-Long: {}", "x".repeat(1_000_000));
    assert!(matches!(served.ask_with("GET", "/v1/vms", &[&long], "").status, 431 | 0));
    for text in ["rubbish\r\n\r\n", "GET /v1/vms HTTP/9.9\r\n\r\n", "\0\0\0\0\r\n\r\n"] {
        let mut stream = served.connect();
        stream.write_all(text.as_bytes()).unwrap();
        assert!(matches!(Reply::read(stream).status, 400 | 505 | 0), "{text}");
    }
    served.ok("GET", "/v1/vms", &Value::Null);
}

#[test]
fn who_says_nothing_holds_up_nobody() {
    let (_home, served, _) = with_vm();
    let silent: Vec<_> = (0..50).map(|_| served.connect()).collect();
    let mut slow = served.connect();
    slow.write_all(b"GET /v1/vms HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").unwrap();
    served.ok("GET", "/v1/vms", &Value::Null);
    drop(silent);
    // After 30 seconds nobody waits for its end any more.
    slow.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    let mut rest = Vec::new();
    assert!(slow.read_to_end(&mut rest).is_ok(), "the connection stays open");
}

#[cfg(unix)]
#[test]
fn when_it_is_to_end_changes_come_to_their_end_and_waits_do_not() {
    let (home, served, _) = with_vm();
    served.ok("POST", "/v1/vms/web/start", &Value::Null);
    let wait = json!({"method": "vm_wait", "arguments":
        {"vm": "web", "condition": "gone", "timeout_seconds": 600}});
    served.ok("POST", "/v1/tasks", &wait);
    let stop = json!({"method": "vm_stop", "arguments": {"vm": "web", "way": "button"}});
    served.ok("POST", "/v1/tasks", &stop);
    assert_eq!(served.end("-TERM"), Some(0));
    // A task that had not begun never does; nothing stands there as if it still ran.
    let tasks = home.json(&["tasks", "list"]);
    for task in tasks["items"].as_array().unwrap() {
        assert!(!["queued", "running"].contains(&task["state"].as_str().unwrap()), "{task}");
    }
}

#[test]
fn it_is_checked_without_serving() {
    let (home, served, _) = with_vm();
    assert!(home.ok(&["serve", "--check", "--port", "0"]).starts_with("it can serve: http://"));
    let (_, port) = served.address.rsplit_once(':').unwrap();
    let taken = home.error(1, &["serve", "--check", "--port", port]);
    assert_eq!(taken["code"], "io");
    assert!(taken["hint"].as_str().unwrap().contains("--port"), "{taken}");
    assert_eq!(home.run(&["serve", "--dry-run"]).code, 2);
}
