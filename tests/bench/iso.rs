//! What it takes to look into an ISO of 6 GB, against doing nothing: `cargo bench --bench iso`.
//!
//! The ISO is one of Windows, all holes but for what is looked at; memory is what the program had
//! at most, as `/usr/bin/time` tells it. Take turns, so that a busy machine is busy for both.
#![expect(clippy::print_stdout, reason = "a report")]
#![expect(clippy::disallowed_methods, reason = "it starts programs")]

#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "shared with the tests")]
#[path = "../it/iso/bridge.rs"]
mod bridge;

use std::fs::File;
use std::process::Command;
use std::time::{Duration, Instant};

use bridge::Bridge;

/// How often each is run.
const TURNS: usize = 20;

/// What a run took: the shortest time, the most memory in KiB.
#[derive(Debug, Clone, Copy)]
struct Took {
    time: Duration,
    memory: u64,
}

fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("large.iso");
    let image = "<IMAGE INDEX=\"1\"><WINDOWS><ARCH>9</ARCH><EDITIONID>Professional</EDITIONID>\
                 <VERSION><BUILD>26100</BUILD></VERSION></WINDOWS></IMAGE>";
    let xml = format!("<WIM>{image}</WIM>");
    let length = Bridge { install: 6_200_000_000, xml: &xml }.write(&mut File::create(&file)?);
    let look = ["iso", "info", &file.display().to_string()].map(str::to_owned);
    let nothing = ["--version"].map(str::to_owned);
    let (mut empty, mut looked) = (None, None);
    for _ in 0..TURNS {
        empty = Some(best(empty, run(&nothing)?));
        looked = Some(best(looked, run(&look)?));
    }
    let (Some(empty), Some(looked)) = (empty, looked) else { return Ok(()) };
    let ratio = looked.time.as_secs_f64() / empty.time.as_secs_f64();
    println!("an ISO of {length} bytes, the best of {TURNS}:");
    println!("  --version  {:6.1} ms  {:6} KiB", ms(empty.time), empty.memory);
    println!("  iso info   {:6.1} ms  {:6} KiB  {ratio:.1} times", ms(looked.time), looked.memory);
    Ok(())
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn best(before: Option<Took>, now: Took) -> Took {
    let before = before.unwrap_or(now);
    Took { time: before.time.min(now.time), memory: before.memory.max(now.memory) }
}

fn run(arguments: &[String]) -> anyhow::Result<Took> {
    let begun = Instant::now();
    let output = Command::new("/usr/bin/time")
        .args(["-f", "%M", env!("CARGO_BIN_EXE_vm-cli")])
        .args(arguments)
        .output()?;
    let time = begun.elapsed();
    let told = String::from_utf8_lossy(&output.stderr);
    anyhow::ensure!(output.status.success(), "{told}");
    let memory = told.lines().last().unwrap_or_default().trim().parse()?;
    Ok(Took { time, memory })
}
