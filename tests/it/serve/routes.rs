use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use vm_cli::server::METHODS;
use vm_cli::server::http::{ROUTES, openapi};

use super::{example, with_vm};
use crate::support::served::Served;

/// Every route, in the order in which a VM's life needs them.
const LIFE: &[&str] = &[
    "GET /v1/vms",
    "POST /v1/vms",
    "GET /v1/vms/{vm}",
    "GET /v1/vms/{vm}/log",
    "POST /v1/vms/{vm}/start",
    "POST /v1/vms/{vm}/wait",
    "POST /v1/vms/{vm}/lease",
    "POST /v1/vms/{vm}/exec",
    "POST /v1/vms/{vm}/files/in",
    "POST /v1/vms/{vm}/files/out",
    "POST /v1/vms/{vm}/snapshots",
    "GET /v1/vms/{vm}/snapshots",
    "GET /v1/vms/{vm}/screen",
    "GET /v1/vms/{vm}/screen/elements",
    "GET /v1/vms/{vm}/screen/find",
    "POST /v1/vms/{vm}/screen/click",
    "POST /v1/vms/{vm}/pointer/move",
    "POST /v1/vms/{vm}/pointer/click",
    "POST /v1/vms/{vm}/pointer/drag",
    "POST /v1/vms/{vm}/pointer/scroll",
    "POST /v1/vms/{vm}/keyboard/type",
    "POST /v1/vms/{vm}/keyboard/press",
    "POST /v1/vms/{vm}/computer",
    "POST /v1/tasks",
    "GET /v1/tasks",
    "GET /v1/tasks/{task}",
    "DELETE /v1/tasks/{task}",
    "DELETE /v1/vms/{vm}/lease",
    "POST /v1/vms/{vm}/pause",
    "POST /v1/vms/{vm}/resume",
    "POST /v1/vms/{vm}/snapshots/{snapshot}/restore",
    "POST /v1/vms/{vm}/stop",
    "POST /v1/vms/{vm}/clone",
    "GET /v1/templates",
    "DELETE /v1/vms/{vm}/snapshots/{snapshot}",
    "DELETE /v1/vms/{vm}",
    "POST /v1/agents",
    "GET /v1/agents",
    "POST /v1/agents/pause",
    "POST /v1/agents/resume",
    "POST /v1/work",
    "POST /v1/work/take",
    "GET /v1/work",
    "GET /v1/work/{work}",
    "POST /v1/work/{work}/keep",
    "POST /v1/work/{work}/end",
    "DELETE /v1/work/{work}",
    "GET /v1/state/{key}",
    "POST /v1/state/{key}",
    "GET /v1/events",
    "GET /v1/ws",
    "POST /v1/tickets",
    "GET /v1/system",
    "GET /v1/audit",
    "GET /v1/config",
    "GET /v1/openapi.json",
    "GET /metrics",
    "POST /v1/requests",
];

#[test]
fn every_route_does_what_it_says() {
    let (home, served, id) = with_vm();
    fs::write(home.path().join("given.txt"), "hello").unwrap();
    let known: BTreeSet<String> =
        ROUTES.iter().map(|it| format!("{} {}", it.verb.as_str(), it.path)).collect();
    assert_eq!(known, LIFE.iter().map(ToString::to_string).collect());
    let (mut task, mut work) = (String::new(), String::new());
    for route in LIFE {
        if *route == "GET /v1/vms/{vm}/screen/elements" {
            let still = json!({"condition": "screen-stable", "timeout_seconds": 60});
            served.ok("POST", "/v1/vms/web/wait", &still);
        }
        let (verb, _) = route.split_once(' ').unwrap();
        let (path, body) = example(route, &id);
        let path = path.replace("{task}", &task).replace("{work}", &work);
        let reply = served.ask(verb, &path, &body);
        let expected = match *route {
            // It has ended already.
            "DELETE /v1/tasks/{task}" => 409,
            // A simulated VM keeps none.
            "GET /v1/vms/{vm}/log" => 501,
            // A plain request is no WebSocket.
            "GET /v1/ws" => 400,
            // It is not for what speaks JSON.
            "POST /v1/requests" => 415,
            _ => 200,
        };
        assert_eq!(reply.status, expected, "{route}: {}", reply.text());
        match *route {
            "POST /v1/tasks" => {
                task = reply.json()["id"].as_str().unwrap().to_owned();
                let waited = format!("/v1/tasks/{task}?wait_seconds=60");
                let done = served.ok("GET", &waited, &Value::Null);
                assert_eq!((&done["state"], &done["actor"]), (&json!("done"), &json!("local")));
                assert_eq!(done["result"]["items"][0]["state"], "paused", "{done}");
                served.ok("POST", "/v1/vms/web/resume", &Value::Null);
            }
            "POST /v1/work/take" => {
                let taken = reply.json()["work"].clone();
                assert_eq!(taken["content"], json!({"click": "Next"}), "{taken}");
                taken["id"].as_str().unwrap().clone_into(&mut work);
            }
            "POST /v1/vms/{vm}/exec" => assert_eq!(reply.json()["items"][0]["stdout"], "hi\n"),
            "GET /v1/vms/{vm}/screen" => assert!(reply.body.starts_with(b"\x89PNG")),
            "GET /v1/audit" => assert_eq!(reply.json()["items"][0]["who"], "local"),
            "GET /v1/config" => {
                assert_eq!(reply.json()["config"]["hypervisor"]["driver"], "simulated");
            }
            "GET /metrics" => {
                let kind = reply.header("content-type").unwrap();
                assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
                assert!(reply.text().contains("# TYPE vm_cli_vms gauge"), "{}", reply.text());
                assert!(reply.text().ends_with("# EOF\n"));
            }
            _ => {}
        }
    }
    let text = fs::read_to_string(home.path().join("back.txt")).unwrap();
    assert_eq!(text, "hello");
}

#[test]
fn every_method_can_be_called_by_its_name() {
    let (_home, served, _) = with_vm();
    for method in METHODS {
        // What is not known is refused before anything is done: the method was reached.
        let path = format!("/v1/methods/{}", method.name);
        let reply = served.ask("POST", &path, &json!({"surprise": 1}));
        assert_eq!((reply.status, reply.code().as_str()), (400, "usage"), "{}", method.name);
    }
    let listed = served.ok("POST", "/v1/methods/vm_list", &Value::Null);
    assert_eq!(listed["items"][0]["name"], "web");
    assert_eq!(served.fails("POST", "/v1/methods/format_disk", &Value::Null).0, 404);
}

#[test]
fn a_picture_that_is_known_is_not_sent_again() {
    let (_home, served, _) = with_vm();
    served.ok("POST", "/v1/vms/web/start", &Value::Null);
    let still = json!({"condition": "screen-stable", "timeout_seconds": 60});
    served.ok("POST", "/v1/vms/web/wait", &still);
    for path in ["/v1/vms/web/screen", "/v1/vms/web/screen?scale=25%25"] {
        let first = served.ask("GET", path, &Value::Null);
        let tag = first.header("etag").unwrap().to_owned();
        assert_eq!((first.status, first.header("content-type")), (200, Some("image/png")));
        let known = format!("If-None-Match: {tag}");
        let again = served.ask_with("GET", path, &[&known], "");
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        assert_eq!(again.header("etag"), Some(tag.as_str()));
        let other = served.ask_with("GET", path, &["If-None-Match: \"other\""], "");
        assert_eq!((other.status, other.body.len()), (200, first.body.len()));
    }
}

#[test]
fn failures_have_the_codes_of_the_command_line() {
    let (_home, served, id) = with_vm();
    let nothing = Value::Null;
    for (verb, path, body, status, code) in [
        ("GET", "/v1/vms/none", &nothing, 404, "vm_not_found"),
        ("POST", "/v1/vms", &json!({"name": "web"}), 409, "already_exists"),
        ("POST", "/v1/vms/web/pause", &nothing, 409, "invalid_state"),
        ("POST", "/v1/vms/web/start", &json!({"x": 1}), 400, "usage"),
        ("POST", "/v1/vms/web/start", &json!({"vm": "other"}), 400, "usage"),
        ("POST", "/v1/vms/web/start", &json!([1]), 400, "usage"),
        ("DELETE", "/v1/vms/web", &nothing, 400, "usage"),
        ("DELETE", "/v1/vms/web?confirm=web", &nothing, 400, "usage"),
        ("GET", "/v1/vms/%ff", &nothing, 400, "usage"),
        ("GET", "/v1/tasks?limit=many", &nothing, 400, "usage"),
        ("GET", "/v1/tasks/none", &nothing, 404, "not_found"),
        ("GET", "/v1/nothing", &nothing, 404, "not_found"),
        ("PUT", "/v1/vms", &nothing, 405, "usage"),
    ] {
        assert_eq!(served.fails(verb, path, body), (status, code.to_owned()), "{verb} {path}");
    }
    // The VM is as it was.
    assert_eq!(served.ok("GET", "/v1/vms/web", &nothing)["items"][0]["id"], *id);
}

#[test]
fn tasks_wait_for_their_turn_and_can_be_canceled() {
    let (_home, served, _) = with_vm();
    served.ok("POST", "/v1/vms/web/start", &Value::Null);
    let submit = |served: &Served, priority: &str| {
        let arguments = json!({"vm": "web", "condition": "gone", "timeout_seconds": 600});
        let task = json!({"method": "vm_wait", "arguments": arguments, "priority": priority});
        served.ok("POST", "/v1/tasks", &task)["id"].as_str().unwrap().to_owned()
    };
    let (first, second) = (submit(&served, "low"), submit(&served, "critical"));
    let state =
        |id: &str| served.ok("GET", &format!("/v1/tasks/{id}"), &Value::Null)["state"].clone();
    for id in [&second, &first] {
        let canceled = served.ok("DELETE", &format!("/v1/tasks/{id}"), &Value::Null);
        assert_eq!(canceled["state"], "canceled", "{canceled}");
        assert_eq!(state(id), "canceled");
    }
    let itself = json!({"method": "task_submit", "arguments": {}});
    assert_eq!(served.fails("POST", "/v1/tasks", &itself).0, 400);
    let failing = json!({"method": "vm_status", "arguments": {"vm": "none"}});
    let id = served.ok("POST", "/v1/tasks", &failing)["id"].as_str().unwrap().to_owned();
    let failed = served.ok("GET", &format!("/v1/tasks/{id}?wait_seconds=60"), &Value::Null);
    assert_eq!(
        (&failed["state"], &failed["error"]["code"]),
        (&json!("failed"), &json!("vm_not_found"))
    );
}

/// The description is committed, so that a change of the API is seen; `SNAPSHOTS=overwrite`
/// updates it.
#[test]
fn the_description_of_the_api_is_as_committed_and_served() {
    let text = format!("{:#}\n", openapi());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/openapi.json");
    if std::env::var("SNAPSHOTS").is_ok_and(|it| it == "overwrite") {
        fs::write(&path, &text).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(committed == text, "`config/openapi.json` is stale: run with SNAPSHOTS=overwrite");
    let (_home, served, _) = with_vm();
    assert_eq!(served.ok("GET", "/v1/openapi.json", &Value::Null), openapi());
}
