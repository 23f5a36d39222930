//! Commands from a booted snapshot, again and again: what a tester does all day.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::{FIRST_PASSWORD, VM, ended, signal};
use crate::live::booted::boot;
use crate::live::world::World;
use crate::support::command::{Run, program_file};

/// How often, when `VM_CLI_TRIALS` does not say.
const FEW: usize = 3;

/// How long the VM may take back to its snapshot after Ctrl-C.
const SOON: Duration = Duration::from_secs(30);

#[test]
fn a_command_runs_from_a_booted_snapshot_again_and_again() {
    let Some(mut world) = World::new("guest: trials") else { return };
    boot(&world, VM);
    world.home.set("VM_CLI_PASSWORD", FIRST_PASSWORD);
    world.home.ok(&["wait", VM, "additions", "--timeout", "60s"]);
    world.home.ok(&["snapshot", "take", VM, "booted", "--live-ok"]);
    let wish = std::env::var("VM_CLI_TRIALS").ok().and_then(|count| count.parse().ok());
    let count: usize = wish.unwrap_or(FEW);
    let (mut wrong, mut times) = (Vec::new(), Vec::new());
    for number in 0..count {
        let begun = Instant::now();
        match once(&world, number) {
            Ok(item) => times.push((begun.elapsed(), item)),
            Err(why) => wrong.push(format!("{number}: {why}")),
        }
    }
    report(&times);
    eprintln!("{} of {count} went well", times.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
    interrupted(&world);
}

/// One command, whose file must not be there the next time; what is wrong, if something is.
fn once(world: &World, number: usize) -> Result<Value, String> {
    let code = i32::try_from(number % 7).unwrap();
    let command = format!(
        "[ -e /tmp/trial ] && echo stale; echo trial {number} | tee /tmp/trial; exit {code}"
    );
    let picture = world.home.path().join("trial.png");
    std::fs::remove_file(&picture).ok();
    let mut call = world.home.command(program_file());
    call.args(["run", VM, "--from", "booted", "--username", "root", "--json"]);
    call.args(["--screenshot", "trial.png", "--command", &command]);
    let run = Run::from(call.output().unwrap());
    let document: Value = serde_json::from_str(&run.stdout).map_err(|e| format!("{e}: {run:?}"))?;
    let item = document["items"][0].clone();
    let screen = image::open(&picture).map_err(|e| format!("{e}: {run:?}"))?;
    let state = world.home.json(&["status", VM])["items"][0]["state"].clone();
    let is_right = run.code == code
        && item["exit_code"] == code
        && item["stdout"] == format!("trial {number}\n")
        && (screen.width(), screen.height()) == (1024, 768)
        && state == "saved";
    if is_right { Ok(item) } else { Err(format!("{state}: {run:?}")) }
}

/// Prints how long the parts took: the quickest, the middle one, the slowest.
fn report(times: &[(Duration, Value)]) {
    let print = |what: &str, mut parts: Vec<u128>| {
        parts.sort_unstable();
        if let [first, .., last] = parts.as_slice() {
            eprintln!("{what}: {first}, {}, {last} ms", parts[parts.len() / 2]);
        }
    };
    print("the whole", times.iter().map(|(whole, _)| whole.as_millis()).collect());
    for part in ["resumed_ms", "took_ms", "put_back_ms"] {
        let of = |item: &Value| u128::from(item[part].as_u64().unwrap());
        print(part, times.iter().map(|(_, item)| of(item)).collect());
    }
}

/// Ctrl-C in the middle ends the command, and the VM is put back all the same.
fn interrupted(world: &World) {
    let mut call = world.home.command(program_file());
    call.args(["run", VM, "--username", "root", "--command", "echo begun; sleep 600"]);
    let child = super::started(call, "begun");
    signal(&child, "-INT");
    let run = ended(child, SOON);
    assert_eq!(run.code, 130, "{run:#?}");
    let status = world.home.json(&["status", VM]);
    assert_eq!(status["items"][0]["state"], "saved", "{status}");
}
