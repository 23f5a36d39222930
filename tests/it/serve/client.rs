//! Programs that speak to a server through the library, and `vm-cli --host`.

use std::process::Command;

use serde_json::{Value, json};
use vm_cli::client::{Address, Client, Interest};
use vm_cli::error::ErrorKind;
use vm_cli::model::VmRef;
use vm_cli::request::{Request, Response, Secret};
use vm_cli::store::TaskFilter;

use super::{token, with_vm};
use crate::support::command::{Home, Run};
use crate::support::served::Served;

fn client(served: &Served, token: Option<String>) -> Client {
    let address: Address = served.address.parse().unwrap();
    Client::new(address, token.map(Secret::new))
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Runtime::new().unwrap()
}

/// Runs the program against a server.
fn away(home: &Home, served: &Served, arguments: &[&str]) -> Run {
    let mut command = home.command(crate::support::command::program_file());
    command.arg("--host").arg(format!("http://{}", served.address)).args(arguments);
    Run::from(command.output().unwrap())
}

#[test]
fn an_agent_does_its_task() {
    let (home, served, _) = with_vm();
    home.ok(&["start", "web", "-q"]);
    home.ok(&["wait", "web", "additions", "-q"]);
    home.ok(&["wait", "web", "screen-stable", "--still", "500ms", "-q"]);
    let mut agent = Command::new(env!("CARGO_BIN_EXE_example-agent"));
    let url = format!("http://{}", served.address);
    let run = Run::from(agent.args([&url, "web", "OK", "Trash", "closed"]).output().unwrap());
    assert_eq!(run.code, 0, "{run:#?}");
    assert!(run.stdout.contains("the screen changed\nit says `Trash`\n"), "{run:#?}");
    let snapshots = home.json(&["snapshot", "list", "web"]);
    assert_eq!(snapshots["items"][0]["name"], "closed", "{snapshots}");
    let told = served.ok("GET", "/v1/agents", &Value::Null);
    assert_eq!(told["agents"][0]["kind"], "installer");
    assert_eq!(told["leases"], json!([]), "it gave the VM back");
}

#[test]
fn a_lease_is_renewed_until_it_is_given_back() {
    let (_home, served, _) = with_vm();
    runtime().block_on(async {
        let client = client(&served, None);
        let vm: VmRef = "web".parse().unwrap();
        let lease = client.lease(&vm, std::time::Duration::from_millis(900)).await.unwrap();
        let until = || {
            let told = served.ok("GET", "/v1/agents", &Value::Null);
            told["leases"][0]["until"].as_str().map(ToOwned::to_owned)
        };
        let first = until().unwrap();
        while until().unwrap() == first {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        lease.give_back().await.unwrap();
        assert_eq!(until(), None);
    });
}

#[test]
fn events_go_on_when_the_server_comes_back() {
    let (home, served, _) = with_vm();
    let address = served.address.clone();
    runtime().block_on(async {
        let mut events = client(&served, None).events(Some(0), Interest::default());
        let start = json!({"vm": "web"});
        client(&served, None).method("vm_start", &start).await.unwrap();
        while events.next().await.unwrap()["data"]["method"] != "vm_start" {}
        assert_eq!(served.end("-TERM"), Some(0));
        let waiting = tokio::spawn(async move {
            while events.next().await.unwrap()["data"]["method"] != "vm_pause" {}
        });
        let port = address.rsplit_once(':').unwrap().1;
        let again = Served::start_on(&home, port);
        client(&again, None).method("vm_pause", &start).await.unwrap();
        waiting.await.unwrap();
    });
}

#[test]
fn a_request_needs_the_right_of_what_it_does() {
    let (home, served, _) = with_vm();
    let looking = token(&home, "looking", &["--scope", "observe"]);
    let only = token(&home, "only", &["--scope", "observe", "--scope", "lifecycle", "--vm", "db"]);
    runtime().block_on(async {
        let may = client(&served, Some(looking));
        let vm: VmRef = "web".parse().unwrap();
        let Response::List(vms) = may.call(Request::List).await.unwrap() else { panic!() };
        assert_eq!(vms[0].name, "web");
        let refused = may.call(Request::Pause(vm.clone())).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::PermissionDenied);
        let refused = may.audit(None, None, None).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::PermissionDenied);
        let may = client(&served, Some(only));
        let Response::List(vms) = may.call(Request::List).await.unwrap() else { panic!() };
        assert_eq!(vms.len(), 0);
        let refused = may.call(Request::Pause(vm)).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::PermissionDenied);
        let refused = may.tasks(TaskFilter::default(), None).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::PermissionDenied);
        let stranger = client(&served, Some("vmc_0".to_owned()));
        let refused = stranger.call(Request::List).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Unauthenticated);
    });
}

#[test]
fn what_no_server_does_is_refused_before_anything_is_sent() {
    let home = Home::simulated();
    for arguments in [
        ["serve", "--check"].as_slice(),
        &["mcp"],
        &["token", "list"],
        &["up", "-f", "x.json"],
        &["shell", "web"],
        &["logs", "web"],
        &["create-linux", "own", "--distro", "debian", "--iso-path", "x.iso"],
    ] {
        let mut command = home.command(crate::support::command::program_file());
        // Nobody listens there.
        let run =
            Run::from(command.args(["--host", "127.0.0.1:1"]).args(arguments).output().unwrap());
        assert_eq!(run.code, 1, "{arguments:?}: {run:#?}");
        assert!(run.stderr.contains("works on this host only"), "{arguments:?}: {run:#?}");
    }
    let (home, served, _) = with_vm();
    let run = away(&home, &served, &["pause", "web", "--dry-run"]);
    assert_eq!(run.code, 2, "{run:#?}");
    let run = away(&home, &served, &["export", "web", "-o", "web.ova"]);
    assert_eq!(run.code, 2, "{run:#?}");
    assert!(run.stderr.contains("is a file of the server's host"), "{run:#?}");
    // What is about this host alone is done here.
    assert_eq!(away(&home, &served, &["completions", "bash"]).code, 0);
}

#[test]
fn another_version_is_refused() {
    let (_home, served, _) = with_vm();
    let parcel = "{\"bytes\":0,\"told\":{\"version\":\"0.0.1\",\"errand\":{\"One\":\"List\"}}}\n";
    let kind = "Content-Type: application/x-vm-cli";
    let reply = served.ask_with("POST", "/v1/requests", &[kind], parcel);
    assert_eq!((reply.status, reply.code().as_str()), (400, "usage"));
    let reply = served.ask_with("POST", "/v1/requests", &[kind], "{}\n");
    assert_eq!((reply.status, reply.code().as_str()), (400, "usage"), "{}", reply.text());
}

#[test]
fn a_models_tool_calls_are_done_and_tell_what_came_of_them() {
    let (home, served, _) = with_vm();
    home.ok(&["start", "web", "-q"]);
    home.ok(&["wait", "web", "additions", "-q"]);
    home.ok(&["wait", "web", "screen-stable", "--still", "500ms", "-q"]);
    let act = |dialect: &str, call: Value| {
        let body = json!({"dialect": dialect, "call": call, "image_size": "512x384"});
        served.ok("POST", "/v1/vms/web/computer", &body)["actions"][0].clone()
    };
    let nobody = json!({"dialect": "anthropic", "call": {"action": "left_click"}});
    assert_eq!(served.fails("POST", "/v1/vms/web/computer", &nobody).1, "invalid_state");
    let typed = act("openai", json!({"type": "type", "text": "hello"}));
    assert_eq!(typed["effect"], "confirmed", "{typed}");
    assert_ne!(typed["hash_before"], typed["hash_after"]);
    // On the window, where nothing happens.
    let clicked = act("gemini", json!({"name": "click_at", "args": {"x": 500, "y": 300}}));
    assert_eq!(clicked["effect"], "no_effect", "{clicked}");
    assert_eq!(clicked["at"], json!({"x": 512, "y": 230}));
    let place = act("anthropic", json!({"action": "cursor_position"}));
    assert_eq!(place["at"], json!({"x": 512, "y": 230}));
    // The button OK, half as large as it is.
    let clicked = act("anthropic", json!({"action": "left_click", "coordinate": [360, 233]}));
    assert_eq!(clicked["effect"], "confirmed", "{clicked}");
    let call = json!({"action": "zoom", "region": [0, 0, 256, 192]});
    let body = json!({"dialect": "anthropic", "call": call, "image_size": "512x384"});
    let zoomed = served.ask("POST", "/v1/vms/web/computer", &body);
    assert!(zoomed.body.starts_with(b"\x89PNG"), "{}", zoomed.text());
    let size = |at: usize| u32::from_be_bytes(zoomed.body[at..at + 4].try_into().unwrap());
    assert_eq!((size(16), size(20)), (512, 384));
}

#[test]
fn a_pause_stops_whatever_logs_in_for_somebody_far_away() {
    let (home, served, _) = with_vm();
    home.ok(&["start", "web", "--wait=ssh", "-q"]);
    served.ok("POST", "/v1/agents/pause", &Value::Null);
    for asked in [
        &["exec", "web", "--command", "true"][..],
        &["clock", "web"],
        &["status", "web", "--guest"],
    ] {
        let login = ["--username", "admin", "--password", "password", "--json"];
        let run = away(&home, &served, &[asked, &login].concat());
        assert!(run.stdout.contains("permission_denied"), "{asked:?}: {run:#?}");
    }
}
