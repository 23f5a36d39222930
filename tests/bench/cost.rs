//! What `vm-cli` adds to the calls it makes: `cargo bench --bench cost`.
//!
//! Every figure is a median of interleaved runs, beside a baseline of the same moment: an empty
//! program, or the bare VBoxManage calls that the command makes.
#![expect(clippy::print_stdout, reason = "a report")]
#![expect(clippy::expect_used, reason = "a benchmark stops where it cannot measure")]
#![expect(clippy::disallowed_methods, reason = "it starts programs and reads its environment")]

mod world;

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use world::{World, median, vboxmanage, vm_cli};

const RUNS: usize = 25;
/// The VM that is made.
const SHAPE: [&str; 6] = ["--memory", "512", "--disk", "2", "--os-type", "Debian_64"];

/// Measures two things in turn and prints the difference and the ratio.
fn compare(what: &str, mut baseline: impl FnMut() -> Duration, mut ours: impl FnMut() -> Duration) {
    baseline();
    ours();
    let (mut theirs, mut mine) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        theirs.push(baseline().as_secs_f64());
        mine.push(ours().as_secs_f64());
    }
    let (theirs, mine) = (median(theirs), median(mine));
    println!(
        "{what:<44} baseline {:>7.1} ms  vm-cli {:>7.1} ms  adds {:>6.1} ms  ratio {:.2}",
        theirs * 1e3,
        mine * 1e3,
        (mine - theirs) * 1e3,
        mine / theirs
    );
}

fn main() -> anyhow::Result<()> {
    let vm_cli = vm_cli();
    let world = World::new()?;
    let empty = Path::new("/bin/true");
    let version = || world.time(&vm_cli, &["--version"]);
    compare("--version, beside an empty program", || world.time(empty, &[]), version);
    let Some(bare) = vboxmanage() else { return Ok(()) };
    let bare = bare.as_path();
    world.time(bare, &["setproperty", "machinefolder", &world.machines()]);
    for number in 0..10 {
        let name = format!("vm-{number}");
        world.time(bare, &["createvm", "--name", &name, "--register"]);
    }
    compare(
        "list of 10, beside list vms + list runningvms",
        || {
            let begun = Instant::now();
            std::thread::scope(|scope| {
                for what in ["vms", "runningvms"] {
                    let world = &world;
                    scope.spawn(move || world.time(bare, &["list", what]));
                }
            });
            begun.elapsed()
        },
        || world.time(&vm_cli, &["list"]),
    );
    compare(
        "status, beside showvminfo",
        || world.time(bare, &["showvminfo", "vm-3", "--machinereadable"]),
        || world.time(&vm_cli, &["status", "vm-3"]),
    );
    let engine = ["modifyvm", "vm-5", "--memory", "32", "--vm-execution-engine", "interpreter"];
    world.time(bare, &engine);
    let started = |took: Duration| {
        world.time(bare, &["controlvm", "vm-5", "poweroff"]);
        took
    };
    compare(
        "start with its limits, beside startvm",
        || started(world.time(bare, &["startvm", "vm-5", "--type", "headless"])),
        || started(world.time(&vm_cli, &["start", "vm-5"])),
    );
    compare(
        "create, beside the same five calls",
        || {
            let calls = told_calls(&world, &vm_cli);
            let begun = Instant::now();
            for call in &calls {
                let words: Vec<&str> = call.iter().map(String::as_str).collect();
                world.time(bare, &words);
            }
            let took = begun.elapsed();
            world.time(bare, &["unregistervm", "bare", "--delete"]);
            took
        },
        || {
            let create = ["create", "--name", "ours"];
            let took = world.time(&vm_cli, &[&create, SHAPE.as_slice()].concat());
            world.time(&vm_cli, &["delete", "ours", "--yes"]);
            took
        },
    );
    Ok(())
}

/// The calls of a script that makes the same VM, as a rehearsal tells them.
fn told_calls(world: &World, vm_cli: &Path) -> Vec<Vec<String>> {
    let mut rehearsal = world.command(vm_cli);
    let told = rehearsal.args(["create", "--name", "bare", "--dry-run"]).args(SHAPE);
    let output = told.stdout(Stdio::piped()).output().expect("the program starts");
    let text = String::from_utf8(output.stdout).expect("its output is text");
    let calls: Vec<Vec<String>> = text
        .lines()
        .map(|call| call.split_whitespace().skip(1).map(ToOwned::to_owned).collect())
        .collect();
    assert_eq!(calls.len(), 5, "{text}");
    calls
}
