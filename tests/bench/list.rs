//! Listing 100 VMs with their settings, beside one bare `VBoxManage list vms`, which tells only
//! their names: `cargo bench --bench list`.
//!
//! Both are measured in turn; the ratio of the medians is printed.
//! `VM_CLI_BENCH_RUNS` sets how many runs.
#![expect(clippy::print_stdout, reason = "a report")]
#![expect(clippy::expect_used, reason = "a benchmark stops where it cannot measure")]
#![expect(clippy::disallowed_methods, reason = "it starts programs and reads its environment")]

mod world;

use world::{World, median, vboxmanage, vm_cli};

const VMS: usize = 100;
/// One in so many is running.
const RUNNING: usize = 25;

fn main() -> anyhow::Result<()> {
    let Some(bare) = vboxmanage() else { return Ok(()) };
    let runs = std::env::var("VM_CLI_BENCH_RUNS").ok().and_then(|it| it.parse().ok()).unwrap_or(25);
    let world = World::new()?;
    world.time(&bare, &["setproperty", "machinefolder", &world.machines()]);
    for number in 0..VMS {
        let name = format!("vm-{number}");
        world.time(&bare, &["createvm", "--name", &name, "--ostype", "Debian_64", "--register"]);
        if number % RUNNING == 0 {
            let engine =
                ["modifyvm", &name, "--memory", "32", "--vm-execution-engine", "interpreter"];
            world.time(&bare, &engine);
            world.time(&bare, &["startvm", &name, "--type", "headless"]);
        }
    }
    let (mut theirs, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        theirs.push(world.time(&bare, &["list", "vms"]).as_secs_f64());
        ours.push(world.time(&vm_cli(), &["list", "--json"]).as_secs_f64());
    }
    for number in (0..VMS).step_by(RUNNING) {
        world.time(&bare, &["controlvm", &format!("vm-{number}"), "poweroff"]);
    }
    let (theirs, ours) = (median(theirs), median(ours));
    println!(
        "list {VMS} VMs: bare list vms {:.1} ms, vm-cli {:.1} ms, ratio {:.2} (goal 1.5 at most; {runs} runs, median)",
        theirs * 1e3,
        ours * 1e3,
        ours / theirs
    );
    Ok(())
}
