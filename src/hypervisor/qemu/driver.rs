use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use serde_json::json;

use super::describe::describe;
use super::platform::{self, Stream};
use super::programs::Programs;
use super::qmp::{Conversation, Patience, occupied};
use super::register::{Held, Register};
use super::{hostfwd, presence};
use crate::error;
use crate::error::Error;
use crate::hypervisor::virtualbox::Deadlines;
use crate::hypervisor::{
    Cloning, Console, Forwarding, Hypervisor, Keyboard, Pointer, Remains, Snapshots,
};
use crate::model::{
    Display, ExecutionEngine, GuestFacts, HypervisorHealth, HypervisorKind, Phase, StopMode, Vm,
    VmConfiguration, VmId, VmName, VmRef, VmState, VmSummary,
};
use crate::process::{CommandRunner, Ledger};

/// How long a QEMU may take to greet: one that talks to somebody else never does.
const GREETING: Duration = Duration::from_secs(5);

/// What a driver of QEMU needs.
#[derive(Debug, Clone)]
pub struct Options {
    /// The folder that holds the VMs; it is made when it is needed.
    pub folder: PathBuf,
    /// QEMU's programs.
    pub programs: Programs,
    /// What runs them.
    pub runner: Arc<dyn CommandRunner>,
    /// How long calls may take.
    pub deadlines: Deadlines,
    /// With a ledger, changes are noted there and not made (`--dry-run`).
    pub ledger: Option<Ledger>,
    /// Tells the time.
    pub clock: fn() -> SystemTime,
}

/// The driver of QEMU.
#[derive(Debug, Clone)]
pub struct QemuDriver {
    pub(super) register: Register,
    pub(super) programs: Programs,
    pub(super) runner: Arc<dyn CommandRunner>,
    pub(super) deadlines: Deadlines,
    ledger: Option<Ledger>,
    clock: fn() -> SystemTime,
}

impl QemuDriver {
    /// Builds a driver; nothing is read or called yet.
    pub fn new(options: Options) -> Self {
        Self {
            register: Register::new(options.folder),
            programs: options.programs,
            runner: options.runner,
            deadlines: options.deadlines,
            ledger: options.ledger,
            clock: options.clock,
        }
    }

    /// Begins a conversation with the process of a VM.
    pub(super) async fn talk(&self, held: &Held) -> Result<Conversation<Stream>, Error> {
        let socket = held.place.socket();
        let what = format!("reach QEMU at `{}`", socket.display());
        let about = |error: Error| error.about(&held.definition.settings.name);
        let stream = match platform::connect(&socket).await {
            Ok(stream) => stream,
            // Others wait at the socket already.
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => return Err(about(occupied())),
            Err(e) => return Err(about(error::making(what, e))),
        };
        let patience = Patience {
            greeting: GREETING,
            answer: self.deadlines.query,
            job: self.deadlines.start,
        };
        Conversation::open(stream, patience).await.map_err(about)
    }

    /// Notes a change that is only rehearsed; tells whether it is.
    pub(super) fn notes(&self, verb: &str, vm: &VmName, detail: &str) -> bool {
        let Some(ledger) = &self.ledger else { return false };
        let comma = if detail.is_empty() { "" } else { ", " };
        ledger.note(format!("qemu: {verb} {vm}{comma}{detail}"));
        true
    }

    /// Returns the time in milliseconds since 1970.
    pub(super) fn now(&self) -> u64 {
        let since = (self.clock)().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    /// Holds a VM for a change; `None` if the change is only rehearsed, and noted.
    async fn hold(&self, vm: &VmRef, verb: &str, detail: &str) -> Result<Option<Held>, Error> {
        let held = self.register.hold(vm).await?;
        let is_noted = self.notes(verb, &held.definition.settings.name, detail);
        Ok((!is_noted).then_some(held))
    }
}

#[async_trait]
impl Hypervisor for QemuDriver {
    fn kind(&self) -> HypervisorKind {
        HypervisorKind::Qemu
    }

    fn world(&self) -> String {
        format!("qemu {}", self.register.root().display())
    }

    fn engine(&self) -> ExecutionEngine {
        if platform::has_kvm() { ExecutionEngine::Nem } else { ExecutionEngine::Recompiler }
    }

    fn identify(&self, vm: &VmRef) -> Option<VmId> {
        vm.as_id().or_else(|| Some(self.register.find(vm).ok()?.id))
    }

    async fn health(&self) -> HypervisorHealth {
        self.examine().await
    }

    async fn list(&self) -> Result<Vec<VmSummary>, Error> {
        self.register.list()
    }

    async fn inspect(&self, vm: &VmRef) -> Result<Vm, Error> {
        let it = self.register.find(vm)?;
        let place = self.register.place(it.id);
        let presence = presence::look(&place.pid())?;
        Ok(describe(&it, &place, self.register.state(&it)?, presence))
    }

    async fn guest_facts(&self, vm: &VmRef) -> Result<GuestFacts, Error> {
        self.register.find(vm).map(|_| GuestFacts::default())
    }

    async fn create(&self, id: VmId, wanted: &VmConfiguration) -> Result<(), Error> {
        self.make(id, wanted).await
    }

    async fn undo_create(&self, id: VmId, _wanted: &VmConfiguration) -> Result<(), Error> {
        self.unmake(id).await
    }

    async fn remove_remains(&self, remains: &Remains) -> Result<(), Error> {
        self.unmake(remains.id).await
    }

    async fn delete(&self, vm: &VmRef) -> Result<(), Error> {
        let id = self.register.find(vm)?.id;
        self.unmake(id).await
    }

    async fn start(&self, vm: &VmRef, display: Display) -> Result<(), Error> {
        match self.hold(vm, "start", display.as_str()).await? {
            Some(mut held) => self.power_on(&mut held, display).await,
            None => Ok(()),
        }
    }

    async fn stop(&self, vm: &VmRef, mode: StopMode) -> Result<(), Error> {
        match self.hold(vm, "stop", mode.as_str()).await? {
            Some(mut held) => self.power_off(&mut held, mode).await,
            None => Ok(()),
        }
    }

    async fn pause(&self, vm: &VmRef) -> Result<(), Error> {
        match self.hold(vm, "pause", "").await? {
            Some(mut held) => self.halt(&mut held).await,
            None => Ok(()),
        }
    }

    async fn resume(&self, vm: &VmRef) -> Result<(), Error> {
        match self.hold(vm, "resume", "").await? {
            Some(mut held) => self.go_on(&mut held).await,
            None => Ok(()),
        }
    }

    async fn reset(&self, vm: &VmRef) -> Result<(), Error> {
        let Some(held) = self.hold(vm, "reset", "").await? else { return Ok(()) };
        held.expect(&VmState::Running, "be reset")?;
        self.talk(&held).await?.call("system_reset", json!({})).await.map(drop)
    }

    async fn vms_folder(&self) -> Option<PathBuf> {
        Some(self.register.root().to_owned())
    }

    async fn dead_forwards(&self, vm: VmId) -> Result<Vec<(u16, u16)>, Error> {
        let held = self.register.hold(&VmRef::from(vm)).await?;
        let forwards = &held.definition.settings.forwards;
        if forwards.is_empty() || held.state()?.phase() != Phase::Live {
            return Ok(Vec::new());
        }
        let usernet = self.talk(&held).await?.monitor("info usernet").await?;
        Ok(hostfwd::dead(forwards, &usernet))
    }

    async fn settle(&self) {
        self.runner.settle().await;
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

    fn forwarding(&self) -> Option<&dyn Forwarding> {
        Some(self)
    }

    fn cloning(&self) -> Option<&dyn Cloning> {
        Some(self)
    }

    fn pointer(&self) -> Option<&dyn Pointer> {
        Some(self)
    }
}
