//! Faults that pass: with 30 of 100 calls refused in passing, no command fails. And calls that
//! never end: no command waits for them beyond its deadline.

use std::time::{Duration, Instant};

use serde_json::json;

use super::world::World;

/// How many operations there are when nobody asks for more.
const OPERATIONS: usize = 27;

/// The operations of one turn; each finds the world as the one before left it.
const TURN: &[&str] = &[
    "create web --memory 32 --disk 1 --os-type Debian_64 --ssh-port free",
    "status web",
    "snapshot take web clean",
    "clone web copy --linked",
    "forward add web w:tcp:free:80",
    "list",
    "start web",
    "status web",
    "pause web",
    "forward add web v:tcp:free:81",
    "resume web",
    "unlock web",
    "forward remove web v",
    "stop web --force",
    "snapshot take web work",
    "snapshot list web",
    "snapshot restore web clean",
    "snapshot delete web work",
    "export web -o web.ova --force",
    "import web.ova --name again",
    "delete again --yes",
    "start copy",
    "stop copy --save",
    "delete copy --yes",
    "gc",
    "system-status",
    "delete web --yes",
];

#[test]
fn with_thirty_percent_transient_faults_no_operation_fails() {
    let Some(mut world) = World::new("transient faults") else { return };
    let asked = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let operations = asked("VM_CLI_FAULTY_OPERATIONS").unwrap_or(OPERATIONS);
    let seed = asked("VM_CLI_SEED")
        .map_or_else(|| fastrand::u64(..), |seed: usize| u64::try_from(seed).unwrap());
    let log = world.observe();
    // Of what the rules before leave: together 30 of 100.
    // What asks for the version talks to no service and meets no lock.
    let spared = json!({"match": "--version", "fault": "pass"});
    let rules = ["locked", "not_ready", "service"]
        .into_iter()
        .zip([0.1, 0.111, 0.125])
        .map(|(fault, odds)| json!({"match": "", "fault": fault, "odds": odds}));
    world.plan(seed, &std::iter::once(spared).chain(rules).collect());
    let begun = Instant::now();
    let mut failed = Vec::new();
    let mut slowest = (Duration::ZERO, "");
    for line in TURN.iter().cycle().take(operations) {
        let since = Instant::now();
        let run = world.home.run(&line.split(' ').chain(["--json"]).collect::<Vec<_>>());
        slowest = slowest.max((since.elapsed(), line));
        if run.code != 0 {
            failed.push(format!("vm-cli {line}: {run:#?}"));
        }
    }
    let calls = std::fs::read_to_string(log).unwrap();
    let is_refused = |line: &&str| !line.contains(r#""fault":null"#) && !line.contains("pass");
    let refused = calls.lines().filter(is_refused).count();
    eprintln!(
        "VM_CLI_SEED={seed}: {operations} operations, {} failed, {refused} of {} calls refused, \
         {:?} in all, the slowest {slowest:?}",
        failed.len(),
        calls.lines().count(),
        begun.elapsed()
    );
    assert!(failed.is_empty(), "{} failed: {}", failed.len(), failed.join("\n"));
    assert!(refused > 0);
}

#[test]
fn a_call_that_has_done_its_work_and_does_not_end_is_not_waited_for() {
    let Some(mut world) = World::new("idle calls") else { return };
    for (line, verbs) in [
        (
            "create web --memory 32 --disk 1 --os-type Debian_64 --ssh-port none",
            &["createvm", "modifyvm", "createmedium", "storagectl", "storageattach"][..],
        ),
        ("snapshot take web clean", &["snapshot"]),
        ("snapshot restore web clean", &["snapshot"]),
        ("snapshot delete web clean", &["snapshot"]),
        ("start web", &[]),
        ("stop web --save", &["controlvm"]),
        ("start web", &[]),
        ("stop web --force", &["controlvm"]),
        ("delete web --yes", &["unregistervm"]),
    ] {
        let rule = |verb: &&str| json!({"match": verb, "fault": "hang_after"});
        world.plan(1, &verbs.iter().map(rule).collect());
        let begun = Instant::now();
        let items = world.home.json(&line.split(' ').collect::<Vec<_>>());
        let each = begun.elapsed() / u32::try_from(verbs.len().max(1)).unwrap();
        assert!(each < Duration::from_secs(6), "{line}: {each:?} a call");
        assert_eq!(items["items"].as_array().map(Vec::len), Some(1), "{items}");
    }
    world.plan(1, &json!([]));
    assert_eq!(world.home.json(&["list"])["items"].as_array().map(Vec::len), Some(0));
}

#[test]
fn a_call_that_never_ends_holds_no_command_beyond_its_deadline() {
    let Some(mut world) = World::new("hangs") else { return };
    for (key, seconds) in [("QUERY", "1"), ("CHANGE", "2"), ("START", "1"), ("CANCEL_GRACE", "1")] {
        world.home.set(&format!("VM_CLI_TIMEOUTS_{key}_SECONDS"), seconds);
    }
    let sound = ["30", "60", "300"];
    let make = ["create", "web", "--memory", "32", "--disk", "1", "--os-type", "Debian_64"];
    world.home.ok(&make);
    for (line, verb) in [
        ("status web", "showvminfo"),
        ("list", "list vms"),
        ("start web", "startvm"),
        ("snapshot take web s", "snapshot"),
        ("forward add web w:tcp:free:80", "controlvm"),
        ("stop web --force", "controlvm"),
        ("unlock web", "showvminfo"),
        ("gc", "list vms"),
        ("system-status", "list "),
        ("delete web --yes", "unregistervm"),
    ] {
        for fault in ["hang", "hang_hard"] {
            world.plan(1, &json!([{"match": verb, "fault": fault}]));
            let begun = Instant::now();
            let run = world.home.run(&line.split(' ').chain(["--json"]).collect::<Vec<_>>());
            let took = begun.elapsed();
            // Each call has its deadline, the grace and the reaping; nothing here makes more than
            // three that hang.
            assert!(took < Duration::from_secs(15), "{line} with {fault}: {took:?} {run:#?}");
            // What is reached already, or only explained, needs no answer.
            let may_succeed =
                ["stop", "unlock", "system-status"].iter().any(|it| line.starts_with(it));
            assert!(run.code == 5 || may_succeed, "{line} with {fault}: {run:#?}");
        }
    }
    world.plan(1, &json!([]));
    for (key, seconds) in ["QUERY", "CHANGE", "START"].into_iter().zip(sound) {
        world.home.set(&format!("VM_CLI_TIMEOUTS_{key}_SECONDS"), seconds);
    }
    world.home.ok(&["gc"]);
    assert_eq!(world.home.json(&["list"])["items"].as_array().map(Vec::len), Some(1));
    world.home.ok(&["delete", "web", "--yes"]);
}
