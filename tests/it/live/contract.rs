//! The contract of hypervisors, kept by the driver on the real VirtualBox.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use vm_cli::hypervisor::virtualbox::{
    Deadlines, HostFacts, Neighbours, Options, VirtualBoxManager, WebServiceOptions,
};
use vm_cli::model::{ExecutionEngine, Firmware};
use vm_cli::process::SystemRunner;

use super::world::World;
use crate::contract::{ContractOptions, Guest, hypervisor_contract};

/// What the odds of faults are drawn from.
const SEED: u64 = 20_260_722;

#[tokio::test]
async fn virtualbox_keeps_the_contract() {
    let Some(world) = World::new("contract") else { return };
    keeps_the_contract(&world).await;
}

/// As the queue does, the contract waits out what passes.
#[tokio::test]
async fn virtualbox_keeps_the_contract_through_faults_that_pass() {
    let Some(mut world) = World::new("contract with faults") else { return };
    eprintln!("the seed of the faults: {SEED}");
    world.plan(SEED, &passing_faults());
    keeps_the_contract(&world).await;
    let log = std::fs::read_to_string(world.home.path().join("calls.jsonl")).unwrap();
    for fault in ["locked", "not_ready", "service", "slow"] {
        assert!(log.contains(&format!("\"fault\":\"{fault}\"")), "no call was ever {fault}");
    }
}

/// Faults of calls that did nothing, and answers that are late.
fn passing_faults() -> Value {
    let lock = ["modifyvm", "storagectl", "storageattach", "startvm", "controlvm", "snapshot "];
    let locked = lock.map(|verb| json!({"match": verb, "fault": "locked", "odds": 0.15}));
    let mut rules = Vec::from(locked);
    rules.push(json!({"match": "showvminfo", "fault": "not_ready", "odds": 0.15}));
    rules.push(json!({"match": "", "fault": "service", "odds": 0.05}));
    rules.push(json!({"match": "", "fault": "slow", "ms": 150, "odds": 0.05}));
    Value::Array(rules)
}

async fn keeps_the_contract(world: &World) {
    let folder = world.home.path();
    let driver = driver(world, WebServiceOptions::absent());
    let options = ContractOptions {
        engine: ExecutionEngine::Interpreter,
        iso: Some(PathBuf::from(world.guest_iso())),
        folder: Some(folder.join("elsewhere")),
        firmware: Firmware::Efi,
        // It boots, but too slowly to be waited for here: `main_job` presses its power button.
        guest: Guest::Deaf,
        patience: Duration::from_mins(1),
    };
    hypervisor_contract(Arc::new(driver), options).await;
}

/// Returns the driver of a world, as a library's user has it.
pub(super) fn driver(world: &World, webservice: WebServiceOptions) -> VirtualBoxManager {
    let folder = world.home.path();
    VirtualBoxManager::new(Options {
        program: world.launcher(),
        runner: Arc::new(SystemRunner::new(Duration::from_secs(10))),
        deadlines: Deadlines {
            query: Duration::from_secs(30),
            change: Duration::from_mins(1),
            start: Duration::from_mins(5),
        },
        scratch: folder.join("scratch"),
        settings_folder: Some(folder.join("vbox")),
        host: HostFacts::probe(),
        neighbours: Neighbours::look,
        webservice,
        ledger: None,
    })
}
