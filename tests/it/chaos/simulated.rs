//! Chaos on the simulator: much of it in little time.

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};
use vm_cli::hypervisor::simulated::Operation;

use super::books::{self, Wrongs};
use super::moves::{Cast, NAMES};
use super::seeds::{Measure, seeds};
use super::storm::{Weather, misdeeds, rage, summary, tell};
use crate::support::command::Home;

const MEASURE: Measure = Measure { rounds: 2, length: 12, workers: 3 };

const WEATHER: Weather =
    Weather { strikes: 25, longest: Duration::from_millis(150), deadline: Duration::from_secs(30) };

#[test]
fn chaos_leaves_no_traces_in_a_simulated_world() {
    let measure = MEASURE.or_as_asked();
    for seed in seeds(measure.rounds) {
        round(seed, measure);
    }
}

fn round(seed: u64, measure: Measure) {
    let mut random = fastrand::Rng::with_seed(seed);
    let cast = Cast::deal(&mut random);
    let mut home = Home::simulated();
    home.set("VM_CLI_RETRY_BASE_DELAY_MS", "5");
    for limit in ["CPU", "MEMORY"] {
        home.set(&format!("VM_CLI_RESOURCE_LIMITS_MAX_{limit}_USAGE_PERCENT"), "100");
    }
    let ports = json!({"networking": {"ssh_port_range": [21_000, 21_100], "rdp_port_range": [21_200, 21_300]}});
    fs::create_dir_all(home.path().join("state")).unwrap();
    fs::write(home.path().join("state/config.json"), ports.to_string()).unwrap();
    books::begin(&home, &cast);
    faults(&home, &breaks(seed));
    let deeds = rage(&home, &cast, measure, WEATHER, seed);
    faults(&home, &json!([]));
    let mut wrongs = Wrongs::default();
    let repaired = books::repair(&home, &mut wrongs);
    books::check(&home, &books::listed(&home), &mut wrongs);
    books::remove_all(&home, &mut wrongs);
    books::reuse(&home, &NAMES, &mut wrongs);
    books::check(&home, &[], &mut wrongs);
    let mut all = misdeeds(&deeds, WEATHER.deadline);
    all.extend(wrongs.into_list());
    eprintln!("seed {seed}: {}", summary(&deeds));
    if !all.is_empty() {
        tell(&deeds);
        panic!("VM_CLI_CHAOS_SEED={seed}: {}\nrepaired: {repaired:#}", all.join("\n"));
    }
}

/// Every operation fails now and then: in passing, for good, after the deed.
fn breaks(seed: u64) -> Value {
    let operations = Operation::ALL.iter().map(|it| it.as_str());
    let kinds = [
        ("vm_locked", "refused", 0.05),
        ("not_ready", "refused", 0.05),
        ("service_unavailable", "refused", 0.02),
        ("outcome_unknown", "done", 0.03),
        ("outcome_unknown", "refused", 0.03),
        ("program_failed", "refused", 0.03),
        ("timed_out", "refused", 0.01),
    ];
    let faults = operations.enumerate().flat_map(|(place, operation)| {
        kinds.iter().enumerate().map(move |(nth, (kind, effect, odds))| {
            let own = u64::try_from(place * 100 + nth).unwrap();
            let seed = seed.wrapping_mul(31).wrapping_add(own);
            json!({"operation": operation, "kind": kind, "effect": effect, "odds": odds, "seed": seed})
        })
    });
    faults.collect()
}

/// Sets the failures to come.
fn faults(home: &Home, faults: &Value) {
    let file = home.path().join("state/simulator.json");
    let mut world: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    world["faults"] = faults.clone();
    fs::write(&file, world.to_string()).unwrap();
}
