use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use super::picture::tests::settings;
use super::{Fault, Faults, Operation, Options, SimulatedHypervisor};
use crate::error::{Error, ErrorKind};
use crate::hypervisor::{Console, Forwarding, GuestCommands, Hypervisor, Snapshots};
use crate::model::{Display, Forward, Monitor, Protocol, StopMode, VmId, VmRef, VmState};
use crate::process::Ledger;

/// A simulator whose clock the test turns.
struct Bench {
    folder: tempfile::TempDir,
    time: Arc<AtomicU64>,
    faults: Faults,
    simulator: SimulatedHypervisor,
    web: VmRef,
}

impl Bench {
    /// Builds a simulator with a VM `web` that is off.
    async fn with_web() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let time = Arc::new(AtomicU64::new(1_000_000));
        let faults = Faults::default();
        let mut options = options(&folder, &time);
        options.faults = faults.clone();
        let simulator = SimulatedHypervisor::new(options);
        simulator.create(VmId::from_random(1), &settings("web")).await.unwrap();
        Self { folder, time, faults, simulator, web: VmRef::from(VmId::from_random(1)) }
    }

    fn pass(&self, ms: u64) {
        self.time.fetch_add(ms, Ordering::Relaxed);
    }

    async fn state(&self) -> VmState {
        self.simulator.inspect(&self.web).await.unwrap().state
    }

    fn rehearsing(&self, ledger: &Ledger) -> SimulatedHypervisor {
        let mut options = options(&self.folder, &self.time);
        options.ledger = Some(ledger.clone());
        SimulatedHypervisor::new(options)
    }
}

fn options(folder: &tempfile::TempDir, time: &Arc<AtomicU64>) -> Options {
    let time = Arc::clone(time);
    Options::new(folder.path().join("vms.json"), move || {
        SystemTime::UNIX_EPOCH + Duration::from_millis(time.load(Ordering::Relaxed))
    })
}

fn kind<T: std::fmt::Debug>(result: Result<T, Error>) -> ErrorKind {
    result.unwrap_err().kind()
}

#[tokio::test]
async fn a_guest_boots_answers_and_goes_off_as_the_clock_goes_on() {
    let bench = Bench::with_web().await;
    let (simulator, web) = (&bench.simulator, &bench.web);
    assert_eq!(kind(simulator.run(web, "true").await), ErrorKind::InvalidState);
    simulator.start(web, Display::Headless).await.unwrap();
    assert_eq!(
        kind(simulator.screenshot(web, Monitor::default()).await),
        ErrorKind::DisplayNotReady
    );
    assert_eq!(kind(simulator.run(web, "true").await), ErrorKind::GuestNotReady);
    bench.pass(1_000);
    let boot = simulator.screenshot(web, Monitor::default()).await.unwrap();
    assert_eq!(simulator.run(web, "hostname").await.unwrap().stdout, b"web\n");
    assert_eq!(simulator.inspect(web).await.unwrap().guest_additions.run_level, 2);
    bench.pass(1_000);
    assert_eq!(simulator.inspect(web).await.unwrap().guest_additions.run_level, 3);
    assert_ne!(simulator.screenshot(web, Monitor::default()).await.unwrap(), boot);
    simulator.stop(web, StopMode::Acpi).await.unwrap();
    assert_eq!(bench.state().await, VmState::Running);
    bench.pass(1_000);
    assert_eq!(bench.state().await, VmState::PoweredOff);
    assert_eq!(kind(simulator.screenshot(web, Monitor::default()).await), ErrorKind::InvalidState);
}

#[tokio::test]
async fn a_live_snapshot_brings_back_the_guest_as_it_was() {
    let bench = Bench::with_web().await;
    let (simulator, web) = (&bench.simulator, &bench.web);
    simulator.start(web, Display::Headless).await.unwrap();
    bench.pass(5_000);
    simulator.take(web, &"up ✓".parse().unwrap(), "").await.unwrap();
    let id = simulator.inspect(web).await.unwrap().snapshots.current().unwrap().id.clone();
    simulator.reset(web).await.unwrap();
    assert_eq!(kind(simulator.restore(web, &id).await), ErrorKind::InvalidState);
    simulator.stop(web, StopMode::PowerOff).await.unwrap();
    simulator.restore(web, &id).await.unwrap();
    assert_eq!(bench.state().await, VmState::Saved);
    simulator.start(web, Display::Headless).await.unwrap();
    assert_eq!(simulator.inspect(web).await.unwrap().guest_additions.run_level, 3);
}

#[tokio::test]
async fn a_forward_changes_while_the_vm_is_live_or_off_but_not_while_it_is_saved() {
    let bench = Bench::with_web().await;
    let (simulator, web) = (&bench.simulator, &bench.web);
    let ssh = Forward {
        name: "ssh".into(),
        protocol: Protocol::Tcp,
        host_address: None,
        host_port: 2222,
        guest_port: 22,
    };
    simulator.add(web, &ssh).await.unwrap();
    simulator.remove(web, "ssh").await.unwrap();
    simulator.start(web, Display::Headless).await.unwrap();
    simulator.add(web, &ssh).await.unwrap();
    assert_eq!(kind(simulator.add(web, &ssh).await), ErrorKind::AlreadyExists);
    let same_port = Forward { name: "other".into(), ..ssh.clone() };
    assert_eq!(kind(simulator.add(web, &same_port).await), ErrorKind::AlreadyExists);
    let vm = simulator.inspect(web).await.unwrap();
    assert_eq!(vm.forwards().collect::<Vec<_>>(), [&ssh]);
    simulator.remove(web, "ssh").await.unwrap();
    assert_eq!(kind(simulator.remove(web, "ssh").await), ErrorKind::NotFound);
    simulator.stop(web, StopMode::Save).await.unwrap();
    assert_eq!(kind(simulator.add(web, &ssh).await), ErrorKind::InvalidState);
}

#[tokio::test]
async fn a_rehearsal_notes_what_it_would_do_and_leaves_the_file_alone() {
    let bench = Bench::with_web().await;
    let file = bench.folder.path().join("vms.json");
    let before = std::fs::read(&file).unwrap();
    let ledger = Ledger::default();
    let simulator = bench.rehearsing(&ledger);
    simulator.start(&bench.web, Display::Headless).await.unwrap();
    assert_eq!(kind(simulator.start(&bench.web, Display::Gui).await), ErrorKind::InvalidState);
    simulator.create(VmId::from_random(2), &settings("db")).await.unwrap();
    Snapshots::take(&simulator, &"db".parse().unwrap(), &"clean".parse().unwrap(), "")
        .await
        .unwrap();
    assert_eq!(
        ledger.take(),
        [
            "simulated: start web, headless",
            "simulated: create db",
            "simulated: snapshot-take db, clean"
        ]
    );
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[tokio::test]
async fn a_fault_is_reported_before_or_after_the_deed() {
    let bench = Bench::with_web().await;
    let (simulator, web) = (&bench.simulator, &bench.web);
    bench.faults.add(Fault::next(1, Operation::Start, ErrorKind::Locked));
    bench.faults.add(Fault::next(1, Operation::Start, ErrorKind::OutcomeUnknown).done());
    assert_eq!(kind(simulator.start(web, Display::Headless).await), ErrorKind::Locked);
    assert_eq!(bench.state().await, VmState::PoweredOff);
    assert_eq!(kind(simulator.start(web, Display::Headless).await), ErrorKind::OutcomeUnknown);
    assert_eq!(bench.state().await, VmState::Running);
}

#[tokio::test]
async fn faults_in_the_file_are_counted_down_by_every_process() {
    let bench = Bench::with_web().await;
    let file = bench.folder.path().join("vms.json");
    let faults = r#"{"version": 1, "faults":
        [{"operation": "list", "kind": "service_unavailable", "times": 2}]}"#;
    std::fs::write(&file, faults).unwrap();
    let other = SimulatedHypervisor::new(options(&bench.folder, &bench.time));
    assert_eq!(kind(bench.simulator.list().await), ErrorKind::ServiceUnavailable);
    assert_eq!(kind(other.list().await), ErrorKind::ServiceUnavailable);
    assert!(bench.simulator.list().await.unwrap().is_empty());
    assert!(!std::fs::read_to_string(&file).unwrap().contains("faults"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_change_is_lost_when_many_change_the_file_at_once() {
    let bench = Bench::with_web().await;
    let mut work = tokio::task::JoinSet::new();
    for number in 2..30 {
        let simulator = SimulatedHypervisor::new(options(&bench.folder, &bench.time));
        work.spawn(async move {
            let wanted = settings(&format!("vm{number}"));
            simulator.create(VmId::from_random(number), &wanted).await.unwrap();
        });
    }
    work.join_all().await;
    assert_eq!(bench.simulator.list().await.unwrap().len(), 29);
}

#[tokio::test]
async fn health_tells_that_nothing_is_real_and_when_the_file_is_damaged() {
    let bench = Bench::with_web().await;
    let health = bench.simulator.health().await;
    assert!(health.is_usable());
    assert_eq!(health.findings[0].check, "simulation");
    std::fs::write(bench.folder.path().join("vms.json"), "{").unwrap();
    let health = bench.simulator.health().await;
    assert!(!health.is_usable());
    assert_eq!(health.findings[0].check, "simulation_state");
}
