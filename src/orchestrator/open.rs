use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use tokio::sync::watch;

use super::VmOrchestrator;
use super::handle::Parts;
use super::library::Results;
use super::locks::VmLocks;
use super::recorder::{Recorder, Recording};
use super::watch::BUILT_IN;
use crate::config::{Folders, Settings, Timeouts};
use crate::error::Error;
use crate::guest::Pool;
use crate::hypervisor::virtualbox::Deadlines;
use crate::hypervisor::{self, Hypervisor, OpenOptions};
use crate::metrics::{HealthChecks, MetricRegistry, VmHealthChecks};
use crate::process::Ledger;
use crate::queue::Queue;
use crate::request::Events;
use crate::store::LazyStore;

/// What an orchestrator is made from.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The settings.
    pub settings: Settings,
    /// Where state is kept.
    pub folders: Folders,
    /// Whether things are done or only noted.
    pub rehearsal: Rehearsal,
    /// Whether limits stand in the way.
    pub limits: Limits,
    /// The environment in which VBoxManage is looked for.
    pub environment: Vec<(String, String)>,
    /// What is being done, for other processes that wait for it and for the audit trail.
    pub command_line: String,
    /// Who asks, for the audit trail.
    pub caller: Caller,
    /// Tells the time.
    pub clock: fn() -> SystemTime,
}

/// Who asks for things, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Who, such as a user of the host.
    pub who: String,
    /// From where: the host, the process, the terminal.
    pub origin: String,
}

/// Whether things are done or only noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rehearsal {
    /// They are done.
    Perform,
    /// They are noted, nothing changes (`--dry-run`).
    Rehearse,
}

/// Whether limits stand in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limits {
    /// What would go over one is refused.
    Kept,
    /// They are not looked at: a person insists.
    Ignored,
}

impl Setup {
    /// Describes an orchestrator that does things, with an empty environment.
    pub fn new(settings: Settings, folders: Folders) -> Self {
        #[expect(clippy::disallowed_methods, reason = "the one clock of the library's users")]
        let clock = SystemTime::now;
        Self {
            settings,
            folders,
            rehearsal: Rehearsal::Perform,
            limits: Limits::Kept,
            environment: Vec::new(),
            command_line: String::new(),
            caller: Caller { who: "unknown".to_owned(), origin: String::new() },
            clock,
        }
    }
}

impl VmOrchestrator {
    /// Opens the configured hypervisor and starts the queue. Calls no program yet.
    ///
    /// Must be called within a tokio runtime.
    pub fn new(setup: Setup) -> Result<Self, Error> {
        let ledger = Ledger::default();
        let rehearsing = setup.rehearsal == Rehearsal::Rehearse;
        let hypervisor = hypervisor::open(&OpenOptions {
            kind: setup.settings.hypervisor.driver,
            vboxmanage: setup.settings.hypervisor.vboxmanage.clone(),
            environment: setup.environment.clone(),
            simulator_file: setup.folders.simulator_file(),
            qemu_folder: setup.folders.state().join("qemu"),
            scratch: scratch(&setup),
            web_service_loan: setup.folders.state().join("web-service-loan"),
            deadlines: deadlines(&setup.settings.timeouts),
            cancel_grace: setup.settings.timeouts.cancel_grace,
            ledger: rehearsing.then(|| ledger.clone()),
            clock: setup.clock,
        });
        Ok(Self::on(hypervisor, setup, ledger))
    }

    fn on(hypervisor: Arc<dyn Hypervisor>, setup: Setup, ledger: Ledger) -> Self {
        let events = Events::default();
        let slots = slots(&setup.settings);
        let store = LazyStore::new(setup.folders.store_file()).of_world(hypervisor.world());
        let store = Arc::new(store);
        let recording = Recording {
            store: Arc::clone(&store),
            keep: setup.settings.logging.keep_records,
            clock: setup.clock,
        };
        let recorder = match setup.rehearsal {
            Rehearsal::Perform => Recorder::begin(events.subscribe(), recording),
            Rehearsal::Rehearse => None,
        };
        let parts = Parts {
            locks: VmLocks::new(&setup, Arc::clone(&hypervisor)),
            connections: Pool::default(),
            queue: Queue::start(slots, events.clone(), fastrand::u64(..)),
            recorder: Mutex::new(recorder),
            setup,
            hypervisor,
            events,
            ledger,
            store,
            handlers: Mutex::default(),
            checks: HealthChecks::default(),
            vm_checks: VmHealthChecks::new(BUILT_IN),
            metrics: MetricRegistry::default(),
            results: Results::default(),
        };
        let canceled = Arc::new(watch::Sender::new(false));
        Self { parts: Arc::new(parts), canceled, asker: None }
    }
}

/// How many tasks may be under way at once.
pub(super) fn slots(settings: &Settings) -> usize {
    match settings.resource_limits.max_parallel_operations {
        0 => std::thread::available_parallelism().map_or(4, |cpus| cpus.get() * 4),
        slots => usize::try_from(slots).unwrap_or(usize::MAX),
    }
}

/// How long the calls of a program may take.
fn deadlines(timeouts: &Timeouts) -> Deadlines {
    Deadlines { query: timeouts.query, change: timeouts.change, start: timeouts.start }
}

/// Where pictures stand for the moment between VBoxManage and us.
fn scratch(setup: &Setup) -> PathBuf {
    setup.folders.state().join("scratch")
}
