//! Making 20 VMs at once, beside a shell loop of the same bare calls: `cargo bench --bench batch`.
//!
//! Both are measured in turn, each run in a VirtualBox that is up already; the median ratio is
//! printed. `VM_CLI_BENCH_RUNS` sets how many runs.
#![expect(clippy::print_stdout, reason = "a report")]
#![expect(clippy::expect_used, reason = "a benchmark stops where it cannot measure")]
#![expect(clippy::disallowed_methods, reason = "it starts programs and reads its environment")]

use anyhow::Context;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const VMS: usize = 20;
const PROGRAMS: [&str; 2] = ["/usr/lib/virtualbox/VBoxManage", "/opt/VirtualBox/VBoxManage"];

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

/// A world of its own for VirtualBox and vm-cli.
struct World {
    folder: tempfile::TempDir,
    vboxmanage: PathBuf,
}

impl World {
    fn machines(&self) -> PathBuf {
        self.folder.path().join("vms")
    }

    fn run(&self, program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> Duration {
        let home = self.folder.path();
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env("VBOX_USER_HOME", home.join("vbox"))
            .env("VBOX_IPC_SOCKETID", home.file_name().expect("a temporary folder has a name"))
            .env("VM_CLI_HOME", home.join("state"))
            .env("VBOX", &self.vboxmanage)
            .env("VMS", self.machines())
            .env("COUNT", VMS.to_string())
            .env("LC_ALL", "C.UTF-8")
            .current_dir(home)
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        let begun = Instant::now();
        let output = command.output().expect("the program starts");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {errors}");
        begun.elapsed()
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn main() -> anyhow::Result<()> {
    let Some(vboxmanage) = PROGRAMS.iter().map(Path::new).find(|file| file.exists()) else {
        println!("no VBoxManage on this host: nothing is measured");
        return Ok(());
    };
    let runs = std::env::var("VM_CLI_BENCH_RUNS").ok().and_then(|it| it.parse().ok()).unwrap_or(3);
    let folder = tempfile::tempdir().context("a folder to measure in")?;
    let world = World { folder, vboxmanage: vboxmanage.to_path_buf() };
    let machines = world.machines().display().to_string();
    world.run(vboxmanage, &["setproperty", "machinefolder", &machines]);
    let vm_cli = env!("CARGO_BIN_EXE_vm-cli");
    let parallel = std::env::var("VM_CLI_BENCH_PARALLEL").ok();
    let count = VMS.to_string();
    let mut create = vec!["create", "--count", &count, "--name", "our-vm-{}", "--memory", "512"];
    create.extend(["--disk", "2", "--os-type", "Debian_64", "-q"]);
    if let Some(parallel) = &parallel {
        create.extend(["--parallel", parallel]);
    }
    let (mut loops, mut ours, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..runs {
        let theirs = world.run("sh", &["-c", LOOP]).as_secs_f64();
        world.run(vm_cli, &["delete", "loop-vm-*", "--yes", "-q"]);
        let mine = world.run(vm_cli, &create).as_secs_f64();
        world.run(vm_cli, &["delete", "our-vm-*", "--yes", "-q"]);
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
