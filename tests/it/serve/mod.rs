//! `vm-cli serve`, spoken to over HTTP, on simulated VMs.

mod agents;
mod api;
mod bounds;
mod browsers;
mod client;
mod crash;
mod events;
mod hub;
mod keys;
mod life;
mod mcp;
mod page;
mod routes;
mod security;
mod talk;
mod tls;
mod work;

use serde_json::{Value, json};

use crate::support::command::Home;
use crate::support::served::Served;

/// Starts a server with one VM that is off, and returns the VM's UUID too.
fn with_vm() -> (Home, Served, String) {
    let home = Home::simulated();
    let made = home.json(&["create", "web", "--memory", "64", "--no-disk", "-q"]);
    let id = made["items"][0]["id"].as_str().unwrap().to_owned();
    let served = Served::start(&home);
    (home, served, id)
}

/// Makes a token and returns it.
fn token(home: &Home, name: &str, arguments: &[&str]) -> String {
    let mut all = vec!["token", "create", name];
    all.extend(arguments);
    home.json(&all)["items"][0]["token"].as_str().unwrap().to_owned()
}

/// Returns what stands in a path and a body for a route.
fn example(route: &str, id: &str) -> (String, Value) {
    let body = match route {
        "POST /v1/vms" => json!({"name": "other", "memory_mib": 64, "disk_gib": 0}),
        "POST /v1/vms/{vm}/clone" => json!({"name": "copy", "linked": false}),
        "POST /v1/vms/{vm}/stop" => json!({"way": "power_off"}),
        "POST /v1/vms/{vm}/wait" => json!({"condition": "ssh", "timeout_seconds": 60}),
        "POST /v1/vms/{vm}/snapshots" => json!({"name": "clean"}),
        "POST /v1/vms/{vm}/snapshots/{snapshot}/restore" => json!({"confirm": id}),
        "POST /v1/vms/{vm}/screen/click" => json!({"text": "Start"}),
        "POST /v1/vms/{vm}/pointer/move" => json!({"to": {"x": 3, "y": 4}}),
        "POST /v1/vms/{vm}/pointer/click" => json!({"at": {"x": 3, "y": 4}}),
        "POST /v1/vms/{vm}/pointer/drag" => {
            json!({"from": {"x": 3, "y": 4}, "to": {"x": 9, "y": 9}})
        }
        "POST /v1/vms/{vm}/pointer/scroll" => json!({"direction": "down"}),
        "POST /v1/vms/{vm}/keyboard/type" => json!({"text": "hi"}),
        "POST /v1/vms/{vm}/keyboard/press" => json!({"chords": ["enter"]}),
        "POST /v1/vms/{vm}/computer" => {
            json!({"dialect": "anthropic", "call": {"action": "key", "text": "Tab"}})
        }
        "POST /v1/vms/{vm}/exec" => json!({"command": "echo hi"}),
        "POST /v1/vms/{vm}/files/in" => json!({"source": "given.txt", "target": "/tmp/given.txt"}),
        "POST /v1/vms/{vm}/files/out" => json!({"source": "/tmp/given.txt", "target": "back.txt"}),
        "POST /v1/tasks" => json!({"method": "vm_pause", "arguments": {"vm": "web"}}),
        "POST /v1/agents" => json!({"kind": "tester", "capabilities": ["click"]}),
        "POST /v1/work" => json!({"content": {"click": "Next"}, "needs": ["click"]}),
        "POST /v1/work/{work}/keep" => json!({"attempt": 1, "seconds": 60}),
        "POST /v1/work/{work}/end" => json!({"attempt": 1, "error": "no such button"}),
        "POST /v1/state/{key}" => json!({"value": {"n": 1}, "version": 0}),
        _ => Value::Null,
    };
    let query = match route {
        "GET /v1/vms/{vm}/screen/find" => "?text=Start&kind=button",
        "GET /v1/vms/{vm}/screen" => "?scale=50%25",
        "DELETE /v1/vms/{vm}" | "DELETE /v1/vms/{vm}/snapshots/{snapshot}" => "?confirm=ID",
        _ => "",
    };
    let (_, path) = route.split_once(' ').unwrap();
    let path = path.replace("{vm}", "web").replace("{snapshot}", "clean").replace("{key}", "k");
    (path + &query.replace("ID", id), body)
}
