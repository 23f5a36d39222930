//! Making 20 VMs at once, beside a shell loop of the same bare calls: `cargo bench --bench batch`.
//!
//! Both are measured in turn, each run in a VirtualBox that is up already; the median ratio is
//! printed. `VM_CLI_BENCH_RUNS` sets how many runs.
#![expect(clippy::print_stdout, reason = "a report")]
#![expect(clippy::expect_used, reason = "a benchmark stops where it cannot measure")]
#![expect(clippy::disallowed_methods, reason = "it starts programs and reads its environment")]

mod world;

use world::{World, median, time, vboxmanage, vm_cli};

const VMS: usize = 20;

/// The script that people write: five calls a VM.
const LOOP: &str = r#"set -e
for i in $(seq 1 "$COUNT"); do
  n="loop-vm-$i"
  "$VBOX" createvm --name "$n" --ostype Debian_64 --register
  "$VBOX" modifyvm "$n" --memory 512 --cpus 2 --nic1 nat
  "$VBOX" storagectl "$n" --name SATA --add sata --portcount 4
  "$VBOX" createmedium disk --filename "$VMS/$n/$n.vdi" --size 2048
  "$VBOX" storageattach "$n" --storagectl SATA --port 0 --device 0 --type hdd --medium "$VMS/$n/$n.vdi"
done
"#;

fn main() -> anyhow::Result<()> {
    let Some(bare) = vboxmanage() else { return Ok(()) };
    let runs = std::env::var("VM_CLI_BENCH_RUNS").ok().and_then(|it| it.parse().ok()).unwrap_or(3);
    let world = World::new()?;
    let machines = world.machines();
    world.time(&bare, &["setproperty", "machinefolder", &machines]);
    let vm_cli = vm_cli();
    let parallel = std::env::var("VM_CLI_BENCH_PARALLEL").ok();
    let count = VMS.to_string();
    let mut create = vec!["create", "--count", &count, "--name", "our-vm-{}", "--memory", "512"];
    create.extend(["--disk", "2", "--os-type", "Debian_64", "-q"]);
    if let Some(parallel) = &parallel {
        create.extend(["--parallel", parallel]);
    }
    let (mut loops, mut ours, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..runs {
        let mut script = world.command("sh");
        script.args(["-c", LOOP]).env("VBOX", &bare).env("VMS", &machines).env("COUNT", &count);
        let theirs = time(&mut script).as_secs_f64();
        world.time(&vm_cli, &["delete", "loop-vm-*", "--yes", "-q"]);
        let mine = world.time(&vm_cli, &create).as_secs_f64();
        world.time(&vm_cli, &["delete", "our-vm-*", "--yes", "-q"]);
        loops.push(theirs);
        ours.push(mine);
        ratios.push(theirs / mine);
    }
    println!(
        "create {VMS} VMs: shell loop of five bare calls each {:.2} s, vm-cli {:.2} s, \
         {:.2} times as fast (goal 1.5; {runs} runs, median)",
        median(loops),
        median(ours),
        median(ratios)
    );
    Ok(())
}
