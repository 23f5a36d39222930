//! An agent drives VMs over the Model Context Protocol: the protocol's own client against the
//! built program, on simulated VMs.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use rmcp::RoleClient;
use rmcp::ServiceExt as _;
use rmcp::model::{
    CallToolRequestParams, CallToolResult, GetPromptRequestParams, ReadResourceRequestParams,
};
use rmcp::service::RunningService;
use rmcp::transport::TokioChildProcess;
use serde_json::{Value, json};

use crate::support::command::{Home, program_file};

/// An agent, and the program that it started.
struct Agent(RunningService<RoleClient, ()>);

impl Agent {
    async fn start(home: &Home) -> Self {
        let mut command = home.command(program_file());
        command.arg("mcp");
        let program = TokioChildProcess::new(tokio::process::Command::from(command)).unwrap();
        Self(().serve(program).await.unwrap())
    }

    async fn call(&self, tool: &'static str, arguments: Value) -> CallToolResult {
        let arguments = arguments.as_object().cloned().unwrap();
        let asked = CallToolRequestParams::new(tool).with_arguments(arguments);
        self.0.call_tool(asked).await.unwrap()
    }

    /// Calls what must succeed, and returns its document.
    async fn ok(&self, tool: &'static str, arguments: Value) -> Value {
        let result = self.call(tool, arguments).await;
        assert_eq!(result.is_error, Some(false), "{tool}: {result:?}");
        result.structured_content.unwrap()
    }

    /// Calls what must fail, and returns its error.
    async fn error(&self, tool: &'static str, arguments: Value) -> Value {
        let result = self.call(tool, arguments).await;
        assert_eq!(result.is_error, Some(true), "{tool}: {result:?}");
        result.structured_content.unwrap()["error"].clone()
    }
}

#[tokio::test]
async fn an_agent_makes_sees_uses_and_removes_a_vm() {
    let home = Home::simulated();
    let agent = Agent::start(&home).await;
    let tools = agent.0.list_all_tools().await.unwrap();
    assert!(tools.iter().all(|it| it.annotations.is_some() && it.description.is_some()));
    let destroying = tools
        .iter()
        .filter(|it| it.annotations.as_ref().is_some_and(|it| it.destructive_hint == Some(true)));
    let names: Vec<_> = destroying.map(|it| it.name.as_ref()).collect();
    assert_eq!(names, ["vm_delete", "snapshot_restore", "snapshot_delete"]);

    let made = json!({"name": "web", "memory_mib": 64, "disk_gib": 0});
    let made = agent.ok("vm_create", made).await;
    let id = made["items"][0]["id"].as_str().unwrap().to_owned();
    agent.ok("vm_start", json!({"vm": "web"})).await;
    agent.ok("vm_wait", json!({"vm": "web", "condition": "ssh"})).await;
    let ran = agent.ok("guest_exec", json!({"vm": "web", "command": "echo hi"})).await;
    assert_eq!(ran["items"][0]["stdout"], "hi\n");
    agent.ok("snapshot_take", json!({"vm": "web", "name": "clean"})).await;

    let picture = agent.call("screen_picture", json!({"vm": "web", "scale": "50%"})).await;
    let image = picture.content.iter().find_map(|it| it.as_image()).unwrap();
    assert_eq!(image.mime_type, "image/png");
    assert!(image.data.starts_with("iVBORw0KGgo"), "a PNG in base64");
    let still = json!({"vm": "web", "condition": "screen-stable", "timeout_seconds": 60});
    agent.ok("vm_wait", still).await;
    let read = agent.ok("screen_read", json!({"vm": "web"})).await;
    assert!(read["items"][0]["elements"].as_array().is_some_and(|it| !it.is_empty()), "{read}");
    let found = json!({"vm": "web", "text": "Start", "kind": "button"});
    let found = agent.ok("screen_find", found).await;
    let clicked = agent.ok("screen_click", json!({"vm": "web", "text": "Start"})).await;
    assert_eq!(clicked["items"][0]["at"], found["items"][0]["center"], "{clicked} {found}");
    let at = json!({"vm": "web", "at": {"x": 3, "y": 4}, "button": "right"});
    let clicked = agent.ok("pointer_click", at).await;
    assert_eq!(clicked["items"][0]["button"], "right");
    agent.ok("keyboard_type", json!({"vm": "web", "text": "pa55", "secret": true})).await;
    agent.ok("keyboard_press", json!({"vm": "web", "chords": ["ctrl+a", "del"]})).await;

    let lost = json!({"vm": "web", "snapshot": "clean", "confirm": "web"});
    assert_eq!(agent.error("snapshot_restore", lost).await["code"], "usage");
    let back = json!({"vm": "web", "snapshot": "clean", "confirm": id});
    agent.ok("snapshot_restore", back).await;
    agent.ok("vm_stop", json!({"vm": "web", "way": "power_off"})).await;
    agent.ok("vm_delete", json!({"vm": "web", "confirm": id})).await;
    let gone = agent.error("vm_status", json!({"vm": "web"})).await;
    assert_eq!(gone["code"], "vm_not_found");
    agent.0.cancel().await.unwrap();
    let audit = home.ok(&["audit", "--json"]);
    assert!(audit.contains("vm-cli mcp") && !audit.contains("pa55"), "{audit}");
}

#[tokio::test]
async fn what_is_asked_wrongly_is_told() {
    let home = Home::simulated();
    let agent = Agent::start(&home).await;
    let unknown = agent.error("vm_status", json!({"vm": "web", "x": 1})).await;
    assert!(unknown["message"].as_str().unwrap().contains("unknown field `x`"), "{unknown}");
    for (tool, arguments) in [
        ("vm_status", json!({})),
        ("vm_create", json!({"name": "--all"})),
        ("vm_wait", json!({"vm": "web", "condition": "text"})),
        ("vm_wait", json!({"vm": "web", "condition": "running", "timeout_seconds": -1})),
        ("vm_wait", json!({"vm": "web", "condition": "running", "timeout_seconds": 1e300})),
        ("screen_find", json!({"vm": "web", "text": "x", "kind": "y"})),
        ("pointer_scroll", json!({"vm": "web", "direction": "up", "notches": 1_000_000})),
    ] {
        assert_eq!(agent.error(tool, arguments.clone()).await["code"], "usage", "{arguments}");
    }
    assert_eq!(agent.error("vm_start", json!({"vm": "web"})).await["code"], "vm_not_found");
    let nothing = CallToolRequestParams::new("format_disk");
    assert!(agent.0.call_tool(nothing).await.is_err());
}

/// The program, spoken to line by line.
struct Line {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

impl Line {
    fn begin(home: &Home) -> Self {
        let mut command = home.command(program_file());
        command.arg("mcp").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (to, from) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        let mut line = Self { child, to, from };
        let hello = json!({"protocolVersion": "2025-06-18", "capabilities": {},
            "clientInfo": {"name": "agent", "version": "1"}});
        line.say(&json!({"id": 1, "method": "initialize", "params": hello}));
        assert_eq!(line.hear()["id"], 1);
        line.say(&json!({"method": "notifications/initialized"}));
        line
    }

    fn say(&mut self, message: &Value) {
        let mut message = message.clone();
        message["jsonrpc"] = "2.0".into();
        writeln!(self.to.as_mut().unwrap(), "{message}").unwrap();
    }

    fn hear(&mut self) -> Value {
        let mut text = String::new();
        self.from.read_line(&mut text).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    fn call(&mut self, id: u32, tool: &str, arguments: &Value) {
        let params = json!({"name": tool, "arguments": arguments});
        self.say(&json!({"id": id, "method": "tools/call", "params": params}));
    }
}

#[test]
fn a_call_that_is_canceled_ends_alone() {
    let home = Home::simulated();
    home.ok(&["create", "web", "--memory", "64", "--no-disk", "--start", "-q"]);
    let mut line = Line::begin(&home);
    line.call(2, "vm_wait", &json!({"vm": "web", "condition": "poweroff", "timeout_seconds": 600}));
    line.say(&json!({"method": "notifications/cancelled", "params": {"requestId": 2}}));
    line.call(3, "vm_list", &json!({}));
    assert_eq!(line.hear()["id"], 3);
    line.to = None;
    let begun = Instant::now();
    assert_eq!(line.child.wait().unwrap().code(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(20), "the canceled call was waited for");
}

#[test]
fn when_the_agent_goes_what_is_under_way_is_canceled() {
    let home = Home::simulated();
    home.ok(&["create", "web", "--memory", "64", "--no-disk", "--start", "-q"]);
    let mut line = Line::begin(&home);
    line.call(2, "vm_wait", &json!({"vm": "web", "condition": "poweroff", "timeout_seconds": 600}));
    line.to = None;
    let begun = Instant::now();
    assert_eq!(line.child.wait().unwrap().code(), Some(0));
    assert!(begun.elapsed() < Duration::from_mins(1), "it waited for nobody");
}

#[test]
fn who_says_nothing_gets_no_answer() {
    let home = Home::simulated();
    let nothing = home.run(&["mcp"]);
    assert_eq!((nothing.code, nothing.stdout.as_str()), (0, ""), "{nothing:#?}");
}

#[tokio::test]
async fn an_agent_looks_at_resources_and_is_offered_prompts() {
    let home = Home::simulated();
    home.ok(&["create", "my web", "--memory", "64", "--no-disk", "--start", "-q"]);
    let agent = Agent::start(&home).await;
    let listed = agent.0.list_all_resources().await.unwrap();
    let uris: Vec<_> = listed.iter().map(|it| it.uri.as_str()).collect();
    assert_eq!(uris, ["vm://my%20web/screen", "vm://my%20web/status", "vm://my%20web/log"]);
    assert_eq!(agent.0.list_all_resource_templates().await.unwrap().len(), 3);
    let read = async |uri: &str| {
        let asked = ReadResourceRequestParams::new(uri);
        agent.0.read_resource(asked).await.map(|it| serde_json::to_value(&it.contents[0]).unwrap())
    };
    let screen = read(uris[0]).await.unwrap();
    assert_eq!(screen["mimeType"], "image/png");
    assert!(screen["blob"].as_str().unwrap().starts_with("iVBORw0KGgo"), "{screen}");
    let status = read(uris[1]).await.unwrap();
    let status: Value = serde_json::from_str(status["text"].as_str().unwrap()).unwrap();
    assert_eq!(status["items"][0]["state"], "running");
    // A simulated VM keeps no log.
    assert!(read(uris[2]).await.is_err() && read("vm://none/screen").await.is_err());
    assert!(read("file:///etc/passwd").await.is_err());

    let prompts = agent.0.list_all_prompts().await.unwrap();
    let names: Vec<_> = prompts.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["use_desktop", "try_and_undo", "find_fault"]);
    let said = json!({"vm": "my web"}).as_object().cloned().unwrap();
    let asked = GetPromptRequestParams::new("find_fault").with_arguments(said);
    let told = agent.0.get_prompt(asked).await.unwrap();
    assert!(serde_json::to_string(&told.messages).unwrap().contains("the VM `my web`"));
    assert!(agent.0.get_prompt(GetPromptRequestParams::new("find_fault")).await.is_err());
}

#[tokio::test]
async fn an_agent_hears_what_happens() {
    let home = Home::simulated();
    let agent = Agent::start(&home).await;
    let since = agent.ok("event_list", json!({})).await["last"].clone();
    agent.ok("vm_create", json!({"name": "web", "memory_mib": 64, "disk_gib": 0})).await;
    let mut since = since;
    let mut heard = std::collections::BTreeSet::new();
    while !(heard.contains("vm.created") && heard.contains("task.done")) {
        let told = agent.ok("event_list", json!({"since": since, "wait_seconds": 30})).await;
        since = told["last"].clone();
        let items = told["items"].as_array().unwrap();
        assert!(!items.is_empty(), "nothing more came: {heard:?}");
        heard.extend(items.iter().map(|it| it["type"].as_str().unwrap().to_owned()));
    }
}
