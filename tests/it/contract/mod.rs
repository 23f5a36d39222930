//! What every hypervisor must do: one suite, run on the simulator here and on the real VirtualBox
//! and QEMU by the live tests.
//!
//! Where VirtualBox has good reasons to answer differently, the suite accepts each answer:
//! - a VM that is live refuses a second start and its deletion as [`ErrorKind::InvalidState`] or
//!   as [`ErrorKind::Locked`], because VirtualBox only knows that somebody holds its lock;
//! - transient errors may come at any time: they are waited out, as the queue does;
//! - states are waited for, because a VM may be on its way for a while;
//! - a creation that cannot attach its disc may fail in several ways; what counts is that
//!   [`Hypervisor::undo_create`] leaves nothing behind;
//! - what needs a guest that listens is asked only of [`Guest::Listens`].

mod bench;
mod cloning;
mod creation;
mod filming;
mod guest_control;
mod lifecycle;
mod missing;
mod news;
mod sharing;
mod snapshots;

use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use vm_cli::hypervisor::Hypervisor;
use vm_cli::hypervisor::simulated::{Options as SimulatorOptions, Pace, SimulatedHypervisor};
use vm_cli::model::{ExecutionEngine, Firmware};

use self::bench::Bench;

/// What the suite must know of a hypervisor.
#[derive(Debug, Clone)]
pub(crate) struct ContractOptions {
    /// What runs the guest's instructions.
    pub(crate) engine: ExecutionEngine,
    /// A disc image to boot from.
    pub(crate) iso: Option<PathBuf>,
    /// A folder for the VMs, when it is not the hypervisor's own.
    pub(crate) folder: Option<PathBuf>,
    /// A firmware besides the usual one, or the usual one where it has no other.
    pub(crate) firmware: Firmware,
    /// What the guest on the disc does.
    pub(crate) guest: Guest,
    /// How long anything may take.
    pub(crate) patience: Duration,
}

/// What a guest does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guest {
    /// It goes off when its power button is pressed, and runs commands if the driver can send any.
    Listens,
    /// Nobody knows.
    Deaf,
}

/// Goes through everything that a hypervisor must do. Its world must be empty, and is again.
pub(crate) async fn hypervisor_contract(driver: Arc<dyn Hypervisor>, options: ContractOptions) {
    let bench = Bench::new(driver, options);
    assert_eq!(bench.names().await, Vec::<String>::new(), "the world is not empty");
    missing::check(&bench).await;
    creation::check(&bench).await;
    lifecycle::check(&bench).await;
    snapshots::check(&bench).await;
    cloning::check(&bench).await;
    sharing::check(&bench).await;
    guest_control::check(&bench).await;
    filming::check(&bench).await;
    news::check(&bench).await;
    assert_eq!(bench.names().await, Vec::<String>::new(), "something stayed behind");
}

/// Returns a port of this host on which nobody listens.
fn free_port() -> u16 {
    let listener = TcpListener::bind((IpAddr::from(Ipv4Addr::LOCALHOST), 0)).unwrap();
    listener.local_addr().unwrap().port()
}

#[tokio::test]
async fn the_simulator_keeps_the_contract() {
    simulated(Guest::Listens, Pace::default()).await;
}

#[tokio::test]
async fn the_simulator_keeps_the_contract_with_guests_that_never_come_up() {
    let never = Duration::from_hours(1);
    let pace = Pace { userland: never, desktop: never, ..Pace::default() };
    simulated(Guest::Deaf, pace).await;
}

async fn simulated(guest: Guest, pace: Pace) {
    let folder = tempfile::tempdir().unwrap();
    let iso = folder.path().join("guest.iso");
    std::fs::write(&iso, "a disc").unwrap();
    let file = folder.path().join("state").join("simulated.json");
    let driver = SimulatedHypervisor::new(SimulatorOptions {
        pace,
        ..SimulatorOptions::new(file, SystemTime::now)
    });
    let options = ContractOptions {
        engine: ExecutionEngine::Default,
        iso: Some(iso),
        folder: None,
        firmware: Firmware::Efi,
        guest,
        patience: Duration::from_secs(20),
    };
    hypervisor_contract(Arc::new(driver), options).await;
}
