//! The journal, the audit trail, metrics and repairs, with the built program on simulated VMs.
#![cfg(unix)]

use std::fs;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};
use vm_cli::model::{Priority, TaskId, TaskState, VmId, VmTaskType};
use vm_cli::store::locks::{Holder, LockFolder, LockKey, LockMode};
use vm_cli::store::{LeaseKind, LeaseRequest, Owner, PortChoice, Store, TaskRecord};

use crate::child;
use crate::support::command::{Home, program_file};

const WHILE_MAKING: VmCase = VmCase { id: 1, name: "half made", port: 2301 };
const WHILE_DELETING: VmCase = VmCase { id: 2, name: "half deleted", port: 2302 };
const VANISHED: VmCase = VmCase { id: 3, name: "vanished", port: 2303 };

struct VmCase {
    id: u128,
    name: &'static str,
    port: u16,
}

/// Opens the store of a home as the program does.
fn store(state: &Path) -> Store {
    let file = state.join("simulator.json").display().to_string();
    let opened = Store::open(&state.join("store.sqlite"), SystemTime::now()).unwrap();
    opened.store.of_world(format!("simulated {file}"))
}

/// Notes a VM and a port of it.
fn note(store: &Store, case: &VmCase) -> VmId {
    let (id, now) = (VmId::from_random(case.id), SystemTime::now());
    store.vms().begin_create(id, case.name, None, now).unwrap();
    let wanted = LeaseRequest {
        kind: LeaseKind::Ssh,
        address: Ipv4Addr::LOCALHOST.into(),
        port: PortChoice::Exactly(case.port),
        vm: id,
        rule: "ssh".into(),
    };
    store.leases().claim(&wanted, now, |_| false).unwrap();
    id
}

/// Runs in a process of its own, which ends in the middle of everything.
#[test]
fn child_that_leaves_things_half_done() {
    let Some(state) = child::folder() else { return };
    child::wait_for_end_of_input();
    let store = store(&state);
    let now = SystemTime::now();
    note(&store, &WHILE_MAKING);
    let deleting = note(&store, &WHILE_DELETING);
    store.vms().finish_create(deleting, now).unwrap();
    store.vms().begin_delete(deleting, WHILE_DELETING.name, now).unwrap();
    let vanished = note(&store, &VANISHED);
    store.vms().finish_create(vanished, now).unwrap();
    let task = TaskRecord {
        id: TaskId::from_random(1),
        number: 1,
        task_type: VmTaskType::Create,
        vm: Some(WHILE_MAKING.name.into()),
        priority: Priority::High,
        state: TaskState::Running,
        queued_at: now,
        started_at: Some(now),
        ended_at: None,
        attempts: 1,
        waited: Duration::ZERO,
        first_error: None,
        result: None,
        owner: Owner::this_process().unwrap(),
        failed: Vec::new(),
    };
    store.tasks().record(&task).unwrap();
}

fn items(document: &Value) -> Vec<(String, String, bool)> {
    let text = |item: &Value, key: &str| item[key].as_str().unwrap().to_owned();
    let items = document["items"].as_array().unwrap().iter();
    items.map(|it| (text(it, "what"), text(it, "action"), it["done"].as_bool().unwrap())).collect()
}

#[test]
fn what_dead_processes_left_is_mended_once_and_what_is_in_use_is_not_touched() {
    let home = Home::simulated();
    let state = home.path().join("state");
    home.ok(&["create", "kept", "--ssh-port", "2304", "-q"]);
    child::run_at_once(1, "upkeep::child_that_leaves_things_half_done", &state);
    // This process lives, and works on a VM of its own.
    let store = store(&state);
    let own = note(&store, &VmCase { id: 9, name: "under way", port: 2309 });
    // Somebody works on the one that is half deleted.
    let locks = LockFolder::new(state.join("locks"));
    let me = Holder { pid: 1, command: "vm-cli".into(), since: SystemTime::now() };
    let key = LockKey::Vm(VmId::from_random(WHILE_DELETING.id));
    let lock = locks.try_lock(&key, LockMode::Exclusive, &me).unwrap();
    assert!(lock.is_some());

    let expected = |done| {
        [
            ("abandoned_task", "mark as failed"),
            ("half_made_vm", "remove"),
            ("vanished_vm", "forget"),
        ]
        .map(|(what, action)| (what.to_owned(), action.to_owned(), done))
        .to_vec()
    };
    assert_eq!(items(&home.json(&["gc", "--dry-run"])), expected(false));
    assert_eq!(items(&home.json(&["gc", "--dry-run"])), expected(false), "nothing was done");
    assert_eq!(items(&home.json(&["gc"])), expected(true));
    assert_eq!(items(&home.json(&["gc"])), []);
    drop(lock);
    let rest = items(&home.json(&["gc"]));
    assert_eq!(rest, [("half_deleted_vm".to_owned(), "remove".to_owned(), true)]);
    assert_eq!(items(&home.json(&["gc"])), []);

    let ports: Vec<u16> = store.leases().list().unwrap().iter().map(|it| it.port).collect();
    assert_eq!(ports, [2304, 2309]);
    let known = store.vms().list().unwrap();
    assert_eq!(known.len(), 2);
    assert!(known.iter().any(|it| it.id == own) && known.iter().any(|it| it.name == "kept"));
    let task = home.json(&["tasks", "show", &TaskId::from_random(1).to_string()]);
    assert_eq!(task["items"][0]["state"], "failed");
    assert_eq!(task["items"][0]["error"]["code"], "outcome_unknown");
}

#[test]
fn a_port_of_a_vm_that_nobody_knows_is_given_back() {
    let home = Home::simulated();
    home.ok(&["create", "kept", "--ssh-port", "2304", "-q"]);
    let store = store(&home.path().join("state"));
    let wanted = LeaseRequest {
        kind: LeaseKind::Ssh,
        address: Ipv4Addr::LOCALHOST.into(),
        port: PortChoice::Exactly(2310),
        vm: VmId::from_random(10),
        rule: "ssh".into(),
    };
    store.leases().claim(&wanted, SystemTime::now(), |_| false).unwrap();
    let released = [("stale_lease".to_owned(), "release".to_owned(), true)];
    assert_eq!(items(&home.json(&["gc"])), released);
    assert_eq!(items(&home.json(&["gc"])), []);
    assert_eq!(store.leases().list().unwrap().len(), 1);
}

#[test]
fn a_half_made_vm_that_is_registered_goes_and_its_name_is_free_again() {
    let home = Home::simulated();
    let state = home.path().join("state");
    home.ok(&["create", "web", "-q"]);
    let id = home.json(&["status", "web"])["items"][0]["id"].as_str().unwrap().to_owned();
    // As if the process had been killed just before it wrote that the VM is made.
    assert_eq!(unfinish(&state, &id), 1);
    assert_eq!(
        items(&home.json(&["gc"])),
        [("half_made_vm".to_owned(), "remove".to_owned(), true)]
    );
    assert_eq!(home.json(&["list"])["items"], json!([]));
    home.ok(&["create", "web", "-q"]);
}

/// Makes a VM look as if its creation had not ended, by a process that is gone.
fn unfinish(state: &Path, id: &str) -> usize {
    let sql = rusqlite::Connection::open(state.join("store.sqlite")).unwrap();
    let update =
        "UPDATE vms SET phase = 'creating', owner_pid = 1, owner_started = 0 WHERE uuid = ?1";
    sql.execute(update, [id]).unwrap()
}

/// A start that is refused again and again, with long waits between.
fn endless_start(home: &mut Home) -> Child {
    home.set("VM_CLI_RETRY_MAX_ATTEMPTS", "100");
    home.set("VM_CLI_RETRY_BASE_DELAY_MS", "5000");
    home.set("VM_CLI_RETRY_MAX_DELAY_MS", "5000");
    home.ok(&["create", "web", "-q"]);
    let file = home.path().join("state/simulator.json");
    let mut world: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    world["faults"] = json!([{"operation": "start", "kind": "vm_locked"}]);
    fs::write(&file, world.to_string()).unwrap();
    let mut command = home.command(program_file());
    command.args(["start", "web"]).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

/// Waits until the task of a start is in a state, and returns it.
#[track_caller]
fn wait_for_start(home: &Home, state: &str) -> Value {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let tasks = home.json(&["tasks", "list", "--state", state, "--vm", "web"]);
        let found = tasks["items"].as_array().unwrap().iter().find(|it| it["type"] == "start");
        if let Some(task) = found {
            return task.clone();
        }
        assert!(
            Instant::now() < deadline,
            "no start is {state}: {}",
            home.json(&["tasks", "list"])
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_killed_task_is_in_the_journal_and_is_told_as_failed() {
    let mut home = Home::simulated();
    let mut start = endless_start(&mut home);
    let task = wait_for_start(&home, "waiting");
    assert_eq!(task["error"]["code"], "vm_locked", "{task}");
    assert_eq!(task["failed_attempts"][0]["code"], "vm_locked", "{task}");
    assert_eq!(task["process"], start.id(), "{task}");
    start.kill().unwrap();
    start.wait().unwrap();
    let task = wait_for_start(&home, "failed");
    assert!(task["ended_at"].is_string(), "{task}");
    let audit = home.json(&["audit", "--vm", "web", "--limit", "1"]);
    assert_eq!(audit["items"][0]["outcome"], "begun", "its end was never written: {audit}");
    let metrics = home.json(&["metrics", "--since", "1h"]);
    assert_eq!(metrics["tasks"]["failed"], 1, "{metrics}");
    assert_eq!(metrics["tasks"]["open"], 0, "{metrics}");
}

#[test]
fn a_task_of_another_process_can_be_canceled_and_one_that_has_ended_cannot() {
    let mut home = Home::simulated();
    let mut start = endless_start(&mut home);
    let task = wait_for_start(&home, "waiting");
    let id = task["id"].as_str().unwrap();
    let kept = home.json(&["tasks", "cancel", &id[..8], "--dry-run"]);
    assert_eq!(kept["items"][0]["state"], "waiting", "{kept}");
    let canceled = home.json(&["tasks", "cancel", &id[..8]]);
    assert_eq!(canceled["items"][0]["state"], "canceled", "{canceled}");
    assert_eq!(start.wait().unwrap().code(), Some(143));
    assert_eq!(home.error(4, &["tasks", "cancel", id])["code"], "invalid_state");
    assert_eq!(home.error(3, &["tasks", "show", "no-such"])["code"], "not_found");
}

#[test]
fn tasks_are_listed_shown_and_pruned() {
    let home = Home::simulated();
    home.ok(&["create", "web", "-q"]);
    home.ok(&["list"]);
    home.error(3, &["start", "nope"]);
    let all = home.json(&["tasks", "list"]);
    let types: Vec<_> = all["items"].as_array().unwrap().iter().map(|it| &it["type"]).collect();
    assert_eq!(types, ["start", "create"], "the newest first, and only what changes something");
    let failed = home.json(&["tasks", "list", "--state", "failed", "--since", "1h"]);
    assert_eq!(failed["items"][0]["error"]["code"], "vm_not_found", "{failed}");
    let one = home.json(&["tasks", "list", "--limit", "1"]);
    assert_eq!(one["items"].as_array().unwrap().len(), 1);
    assert_eq!(home.json(&["tasks", "list", "--vm", "other"])["items"], json!([]));
    assert_eq!(home.json(&["tasks", "prune"])["pruned"], 0, "they are young");
    assert_eq!(home.json(&["tasks", "prune", "--older-than", "0", "--dry-run"])["pruned"], 2);
    assert_eq!(home.json(&["tasks", "prune", "--older-than", "0"])["pruned"], 2);
    assert_eq!(home.json(&["tasks", "list"])["items"], json!([]));
}

#[test]
fn the_audit_trail_tells_who_and_what_and_no_secret() {
    let mut home = Home::simulated();
    home.ok(&["create", "web", "-q"]);
    home.ok(&["start", "web", "-q"]);
    let exec = ["exec", "web", "--username", "kim", "--password", "hunter2", "--command", "false"];
    home.run(&exec);
    home.ok(&["list"]);
    let audit = home.json(&["audit"]);
    let text = audit.to_string();
    assert!(!text.contains("hunter2"), "{text}");
    let items = audit["items"].as_array().unwrap();
    let actions: Vec<_> = items.iter().map(|it| it["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["exec", "start", "create"]);
    assert!(
        items[0]["command"].as_str().unwrap().contains("--password '***'")
            || items[0]["command"].as_str().unwrap().contains("--password ***"),
        "{text}"
    );
    for item in items {
        assert!(!item["who"].as_str().unwrap().is_empty(), "{item}");
        let from = item["from"].as_str().unwrap();
        assert!(from.contains("process ") && from.ends_with("pipe"), "{item}");
    }
    assert_eq!(items[1]["outcome"], "ok");
    let journal = home.json(&["tasks", "list"]).to_string();
    assert!(!journal.contains("hunter2"), "{journal}");
    home.set("VM_CLI_SECURITY_AUDIT_LOGGING", "false");
    home.ok(&["stop", "web", "--force", "-q"]);
    assert_eq!(home.json(&["audit"])["items"].as_array().unwrap().len(), 3, "it is switched off");
}

#[test]
fn metrics_are_kept_across_processes_and_prometheus_reads_them() {
    let home = Home::simulated();
    home.ok(&["create", "web", "-q"]);
    home.ok(&["start", "web", "-q"]);
    home.error(3, &["start", "nope"]);
    home.ok(&["system-status"]);
    let metrics = home.json(&["metrics", "--since", "1h"]);
    assert_eq!(metrics["tasks"]["done"], 2, "{metrics}");
    assert_eq!(metrics["tasks"]["errors"], json!([{"code": "vm_not_found", "count": 1}]));
    assert_eq!(metrics["vms"], json!({"running": 1}));
    let starts = metrics["tasks"]["by_type"].as_array().unwrap();
    let starts = starts.iter().find(|it| it["type"] == "start").unwrap();
    assert_eq!((&starts["done"], &starts["failed"]), (&json!(1), &json!(1)));
    assert!(starts["p95_time_ms"].is_u64(), "{starts}");
    let series = metrics["series"].as_array().unwrap();
    let memory = series.iter().find(|it| it["name"] == "host.memory_used_bytes").unwrap();
    assert_eq!(memory["samples"], 2, "one of `system-status`, one of `metrics`");
    let status = home.json(&["system-status"]);
    assert_eq!(status["tasks"]["by_type"], metrics["tasks"]["by_type"], "{status}");
    let text = home.ok(&["metrics", "--format", "prometheus"]);
    assert!(text.contains("vm_cli_tasks{state=\"done\"} 2\n"), "{text}");
    assert_eq!(home.run(&["list", "--format", "prometheus"]).code, 2);
}

#[test]
fn a_vm_that_another_process_makes_is_neither_started_nor_deleted_under_its_hands() {
    let mut home = Home::simulated();
    home.set("VM_CLI_RETRY_MAX_ATTEMPTS", "2");
    home.ok(&["create", "web", "-q"]);
    let id = home.json(&["status", "web"])["items"][0]["id"].as_str().unwrap().to_owned();
    // This process lives, and has not ended the creation.
    let own = Owner::this_process().unwrap();
    let sql = rusqlite::Connection::open(home.path().join("state/store.sqlite")).unwrap();
    let update = "UPDATE vms SET phase = 'creating', owner_pid = ?2, owner_started = ?3
                  WHERE uuid = ?1";
    let started = own.started.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis();
    let started = i64::try_from(started).unwrap();
    assert_eq!(sql.execute(update, rusqlite::params![id, own.pid, started]).unwrap(), 1);
    let error = home.error(4, &["delete", "web", "--yes"]);
    assert!(error["message"].as_str().unwrap().contains("is still being made"), "{error}");
    let error = home.error(4, &["start", "web"]);
    assert!(error["message"].as_str().unwrap().contains("is still being made"), "{error}");
    assert_eq!(error["attempts"].as_array().unwrap().len(), 2, "it was waited for: {error}");
    assert_eq!(home.json(&["status", "web"])["items"][0]["state"], "poweroff");
    assert_eq!(unfinish(&home.path().join("state"), &id), 1);
    home.ok(&["start", "web"]);
    home.ok(&["stop", "web", "--force"]);
    home.ok(&["delete", "web", "--yes"]);
}

#[test]
fn what_a_task_came_to_is_kept() {
    let home = Home::simulated();
    home.ok(&["create", "web", "--no-disk"]);
    home.ok(&["start", "web", "--wait=ssh"]);
    home.run(&["exec", "web", "--", "no-such-command"]);
    let result = |task_type: &str| -> Value {
        let all = home.json(&["tasks", "list"]);
        let find = |task: &&Value| task["type"] == task_type;
        let task = all["items"].as_array().unwrap().iter().find(find).unwrap().clone();
        home.json(&["tasks", "show", task["id"].as_str().unwrap()])["items"][0]["result"].clone()
    };
    assert_eq!(result("exec"), json!({ "exit_code": 127 }));
    assert_eq!(result("create")["id"], home.json(&["status", "web"])["items"][0]["id"]);
}
