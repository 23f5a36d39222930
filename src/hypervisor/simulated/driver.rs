use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;

use super::fault::{self, FaultEffect, Faults, Operation};
use super::machine::Machine;
use super::moment::{Moment, Pace};
use super::rehearsal::Rehearsal;
use super::state_file::StateFile;
use super::world::World;
use crate::error::{Error, ErrorKind};
use crate::hypervisor::{
    Aftercare, Cloning, Console, Discs, Forwarding, GuestCommands, GuestControl, Hypervisor,
    Keyboard, Pointer, Remains, RemoteDisplays, Sessions, Sharing, Snapshots,
};
use crate::model::{
    Display, ExecutionEngine, Finding, GuestFacts, HypervisorHealth, HypervisorKind, Severity,
    StopMode, Vm, VmConfiguration, VmId, VmRef, VmSummary,
};
use crate::process::Ledger;

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// What a simulator needs.
#[derive(Clone)]
pub struct Options {
    /// The file that holds the VMs; it and its folder are made when they are needed.
    pub state_file: PathBuf,
    /// With a ledger, changes are noted there and not saved (`--dry-run`).
    pub ledger: Option<Ledger>,
    /// What tells the time.
    pub clock: Clock,
    /// Failures to come; those in the state file come on top.
    pub faults: Faults,
    /// How long guests take.
    pub pace: Pace,
}

impl Options {
    /// Builds options with this file and this clock, and nothing special.
    pub fn new(
        state_file: impl Into<PathBuf>,
        clock: impl Fn() -> SystemTime + Send + Sync + 'static,
    ) -> Self {
        Self {
            state_file: state_file.into(),
            ledger: None,
            clock: Arc::new(clock),
            faults: Faults::default(),
            pace: Pace::default(),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("state_file", &self.state_file).finish_non_exhaustive()
    }
}

/// The simulator.
///
/// ```
/// use std::sync::Arc;
/// use std::time::SystemTime;
/// use vm_cli::hypervisor::Hypervisor;
/// use vm_cli::hypervisor::simulated::{Options, SimulatedHypervisor};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// # let folder = tempfile::tempdir().unwrap();
/// let file = folder.path().join("simulated.json");
/// let simulator = SimulatedHypervisor::new(Options::new(file, SystemTime::now));
/// assert!(simulator.list().await.unwrap().is_empty());
/// # });
/// ```
#[derive(Clone)]
pub struct SimulatedHypervisor {
    file: StateFile,
    rehearsal: Option<Rehearsal>,
    clock: Clock,
    faults: Faults,
    pace: Pace,
}

/// Longer than anything that the simulated VMs take.
const STEP: Duration = Duration::from_hours(1);

impl SimulatedHypervisor {
    /// Builds a simulator; nothing is read or written yet.
    pub fn new(options: Options) -> Self {
        Self {
            file: StateFile::new(options.state_file),
            rehearsal: options.ledger.map(Rehearsal::new),
            clock: options.clock,
            faults: options.faults,
            pace: options.pace,
        }
    }

    /// Runs what only looks.
    pub(super) async fn look<T, A>(&self, operation: Operation, act: A) -> Result<T, Error>
    where
        T: Send + 'static,
        A: FnOnce(&mut World, Moment) -> Result<T, Error> + Send + 'static,
    {
        let now = self.now();
        let settled = move |world: &mut World| {
            world.settle(now);
            act(world, now)
        };
        if let Some(rehearsal) = &self.rehearsal {
            return rehearsal.change(&self.file, settled);
        }
        let struck = self.faults.strike(operation);
        let faulty = move |world: &mut World| {
            let struck = struck.or_else(|| fault::strike(&mut world.faults, operation));
            match struck {
                None => settled(world),
                Some(fault) if fault.effect == FaultEffect::Refused => Err(fault.error()),
                Some(fault) => settled(world).and(Err(fault.error())),
            }
        };
        self.file.change(faulty).await
    }

    /// Runs what changes the world. A rehearsal notes it, with the VM's name.
    pub(super) async fn alter<T, A>(
        &self,
        operation: Operation,
        vm: &VmRef,
        detail: &str,
        act: A,
    ) -> Result<T, Error>
    where
        T: Send + 'static,
        A: FnOnce(&mut World, Moment) -> Result<T, Error> + Send + 'static,
    {
        let Some(rehearsal) = &self.rehearsal else { return self.look(operation, act).await };
        let name = rehearsal.change(&self.file, |world| Ok(world.name_of(vm)))?;
        let value = self.look(operation, act).await?;
        rehearsal.note(operation, &name, detail);
        // The next step of a rehearsal begins when this one is over: a pressed power button has
        // put the VM off by then.
        let over = Moment::new((self.clock)() + STEP, self.pace);
        rehearsal.change(&self.file, move |world| {
            world.settle(over);
            Ok(())
        })?;
        Ok(value)
    }

    /// Runs what changes one VM.
    pub(super) async fn change<T, A>(
        &self,
        operation: Operation,
        vm: &VmRef,
        detail: &str,
        act: A,
    ) -> Result<T, Error>
    where
        T: Send + 'static,
        A: FnOnce(&mut Machine, Moment) -> Result<T, Error> + Send + 'static,
    {
        let wanted = vm.clone();
        let act = move |world: &mut World, now| act(world.find(&wanted)?, now);
        self.alter(operation, vm, detail, act).await
    }

    /// Reads everything as it is noted, past all faults.
    pub(super) fn world_now(&self) -> Result<World, Error> {
        self.file.read()
    }

    /// Returns the file that holds the VMs.
    pub(super) fn state_file(&self) -> &Path {
        self.file.path()
    }

    fn now(&self) -> Moment {
        Moment::new((self.clock)(), self.pace)
    }
}

impl fmt::Debug for SimulatedHypervisor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimulatedHypervisor").field("file", &self.file).finish_non_exhaustive()
    }
}

#[async_trait]
impl Hypervisor for SimulatedHypervisor {
    fn kind(&self) -> HypervisorKind {
        HypervisorKind::Simulated
    }

    fn world(&self) -> String {
        format!("simulated {}", self.file.path().display())
    }

    fn identify(&self, vm: &VmRef) -> Option<VmId> {
        vm.as_id().or_else(|| self.file.read().ok()?.id_of(vm))
    }

    async fn health(&self) -> HypervisorHealth {
        let mut findings = vec![Finding {
            check: "simulation".into(),
            severity: Severity::Advice,
            message: format!("VMs are only simulated, in `{}`", self.file.path().display()),
            fix: Some(
                "install VirtualBox and use `--hypervisor virtualbox` to run real ones".into(),
            ),
        }];
        if let Err(error) = self.file.read() {
            findings.insert(
                0,
                Finding {
                    check: "simulation_state".into(),
                    severity: Severity::Problem,
                    message: error.message().to_owned(),
                    fix: error.next_step().map(ToOwned::to_owned),
                },
            );
        }
        HypervisorHealth {
            kind: HypervisorKind::Simulated,
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            program: None,
            engine: ExecutionEngine::Default,
            findings,
        }
    }

    async fn list(&self) -> Result<Vec<VmSummary>, Error> {
        self.look(Operation::List, |world, _| {
            Ok(world.machines.iter().map(Machine::summary).collect())
        })
        .await
    }

    async fn guest_facts(&self, vm: &VmRef) -> Result<GuestFacts, Error> {
        let vm = vm.clone();
        self.look(Operation::Inspect, move |world, now| Ok(world.find(&vm)?.guest_facts(now))).await
    }

    async fn inspect(&self, vm: &VmRef) -> Result<Vm, Error> {
        let vm = vm.clone();
        self.look(Operation::Inspect, move |world, now| Ok(world.find(&vm)?.describe(now))).await
    }

    async fn create(&self, id: VmId, wanted: &VmConfiguration) -> Result<(), Error> {
        let (vm, wanted) = (VmRef::from(&wanted.name), wanted.clone());
        let act = move |world: &mut World, now| world.create(id, &wanted, now);
        self.alter(Operation::Create, &vm, "", act).await
    }

    async fn undo_create(&self, id: VmId, wanted: &VmConfiguration) -> Result<(), Error> {
        let act = move |world: &mut World, _| {
            world.undo_create(id);
            Ok(())
        };
        self.alter(Operation::UndoCreate, &VmRef::from(&wanted.name), "", act).await
    }

    async fn remove_remains(&self, remains: &Remains) -> Result<(), Error> {
        let vm = VmRef::from(remains.id);
        let act = move |world: &mut World, _| match world.delete(&vm) {
            Err(error) if error.kind() == ErrorKind::VmNotFound => Ok(()),
            decided => decided,
        };
        self.alter(Operation::Delete, &VmRef::from(remains.id), "", act).await
    }

    async fn delete(&self, vm: &VmRef) -> Result<(), Error> {
        let wanted = vm.clone();
        let act = move |world: &mut World, _| world.delete(&wanted);
        self.alter(Operation::Delete, vm, "", act).await
    }

    async fn start(&self, vm: &VmRef, display: Display) -> Result<(), Error> {
        self.change(Operation::Start, vm, display.as_str(), Machine::start).await
    }

    async fn stop(&self, vm: &VmRef, mode: StopMode) -> Result<(), Error> {
        let act = move |machine: &mut Machine, now| machine.stop(mode, now);
        self.change(Operation::Stop, vm, mode.as_str(), act).await
    }

    async fn pause(&self, vm: &VmRef) -> Result<(), Error> {
        self.change(Operation::Pause, vm, "", Machine::pause).await
    }

    async fn resume(&self, vm: &VmRef) -> Result<(), Error> {
        self.change(Operation::Resume, vm, "", Machine::resume).await
    }

    async fn reset(&self, vm: &VmRef) -> Result<(), Error> {
        self.change(Operation::Reset, vm, "", Machine::reset).await
    }

    fn sessions(&self) -> Option<&dyn Sessions> {
        Some(self)
    }

    fn aftercare(&self) -> Option<&dyn Aftercare> {
        Some(self)
    }

    fn snapshots(&self) -> Option<&dyn Snapshots> {
        Some(self)
    }

    fn console(&self) -> Option<&dyn Console> {
        Some(self)
    }

    fn keyboard(&self) -> Option<&dyn Keyboard> {
        Some(self)
    }

    fn remote_displays(&self) -> Option<&dyn RemoteDisplays> {
        Some(self)
    }

    fn pointer(&self) -> Option<&dyn Pointer> {
        Some(self)
    }

    fn discs(&self) -> Option<&dyn Discs> {
        Some(self)
    }

    fn forwarding(&self) -> Option<&dyn Forwarding> {
        Some(self)
    }

    fn cloning(&self) -> Option<&dyn Cloning> {
        Some(self)
    }

    fn sharing(&self) -> Option<&dyn Sharing> {
        Some(self)
    }

    fn guest_control(&self) -> Option<&dyn GuestControl> {
        Some(self)
    }

    fn guest_commands(&self) -> Option<&dyn GuestCommands> {
        Some(self)
    }
}
