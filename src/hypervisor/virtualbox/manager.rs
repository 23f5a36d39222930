use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use async_trait::async_trait;

use super::check::Failure;
use super::check::check;
use super::command::Commands;
use super::command::Deadlines;
use super::confirm::Expected;
use super::directory::Directory;
use super::engine;
use super::engine::HostFacts;
use super::error;
use super::obstacles::Neighbours;
use super::parse;
use super::webservice::{Pool, WebServiceOptions};
use crate::error::Error;
use crate::error::ErrorKind;
use crate::hypervisor::Aftercare;
use crate::hypervisor::Appliances;
use crate::hypervisor::Cloning;
use crate::hypervisor::Console;
use crate::hypervisor::Discs;
use crate::hypervisor::Dropped;
use crate::hypervisor::Filming;
use crate::hypervisor::Forwarding;
use crate::hypervisor::GuestControl;
use crate::hypervisor::Hypervisor;
use crate::hypervisor::Keyboard;
use crate::hypervisor::News;
use crate::hypervisor::Occupancy;
use crate::hypervisor::Pointer;
use crate::hypervisor::Progress;
use crate::hypervisor::Readings;
use crate::hypervisor::Remains;
use crate::hypervisor::RemoteDisplays;
use crate::hypervisor::Sessions;
use crate::hypervisor::Sharing;
use crate::hypervisor::Snapshots;
use crate::hypervisor::Thoroughness;
use crate::hypervisor::Unattended;
use crate::model::Display;
use crate::model::ExecutionEngine;
use crate::model::GuestFacts;
use crate::model::HypervisorHealth;
use crate::model::HypervisorKind;
use crate::model::StopMode;
use crate::model::Traffic;
use crate::model::Vm;
use crate::model::VmConfiguration;
use crate::model::VmId;
use crate::model::VmRef;
use crate::model::VmSummary;
use crate::process::CommandLine;
use crate::process::CommandRunner;
use crate::process::Ledger;

/// What the driver is given.
#[derive(Debug, Clone)]
pub struct Options {
    /// VBoxManage; [`super::locate`] finds it.
    pub program: PathBuf,
    /// What runs it.
    pub runner: Arc<dyn CommandRunner>,
    /// How long its calls may take.
    pub deadlines: Deadlines,
    /// A folder of our own, for pictures on their way.
    pub scratch: PathBuf,
    /// VirtualBox's settings folder, with `VirtualBox.xml` in it. Without it a listing knows less.
    pub settings_folder: Option<PathBuf>,
    /// What decides how VMs can run.
    pub host: HostFacts,
    /// What the web service needs, through which the pointer is moved.
    pub webservice: WebServiceOptions,
    /// Where movements of the pointer are noted instead of made (`--dry-run`).
    pub ledger: Option<Ledger>,
    /// Looks at who else uses the CPU's virtualisation; only a check of the host does.
    pub neighbours: fn() -> Neighbours,
}

/// Drives VirtualBox through VBoxManage.
///
/// Each operation builds its calls, runs them, checks how they ended and understands what they
/// printed; only the running touches the world. Nothing is tried twice here.
pub struct VirtualBoxManager {
    pub(super) options: Options,
    pub(super) commands: Commands,
    /// The names of VMs met so far: errors speak of names where calls speak of UUIDs.
    names: Mutex<HashMap<VmId, VmRef>>,
    directory: Mutex<Directory>,
    pub(super) webservice: Pool,
}

impl VirtualBoxManager {
    /// Builds a driver. Nothing is called yet.
    pub fn new(options: Options) -> Self {
        let commands = Commands { program: options.program.clone(), deadlines: options.deadlines };
        Self {
            options,
            commands,
            names: Mutex::default(),
            directory: Mutex::default(),
            webservice: Pool::default(),
        }
    }

    /// Runs a call and returns what it printed.
    pub(super) async fn call(
        &self,
        line: CommandLine,
        vm: Option<&VmRef>,
    ) -> Result<String, Error> {
        let checked = self.run(&line, vm).await?;
        checked.map_err(|failure| error::explain(&failure, self.known_as(vm).as_ref()))
    }

    /// Runs a call about a VM that prints nothing of interest.
    pub(super) async fn tell(&self, line: CommandLine, vm: &VmRef) -> Result<(), Error> {
        self.call(line, Some(vm)).await.map(drop)
    }

    /// Runs a call to its end, whether it goes well or not.
    pub(super) async fn run(
        &self,
        line: &CommandLine,
        vm: Option<&VmRef>,
    ) -> Result<Result<String, Failure>, Error> {
        let output = self.options.runner.run(line).await;
        let output = output
            .map_err(|why| error::unfinished(why, line.effect(), self.known_as(vm).as_ref()))?;
        Ok(check(line, &output))
    }

    /// Remembers the name of a VM.
    pub(super) fn remember(&self, id: VmId, name: &str) {
        if let Ok(name) = name.parse() {
            self.names.lock().unwrap_or_else(PoisonError::into_inner).insert(id, name);
        }
    }

    /// Returns the VM by its name if that is known.
    pub(super) fn known_as(&self, vm: Option<&VmRef>) -> Option<VmRef> {
        let names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        let name = vm.and_then(VmRef::as_id).and_then(|id| names.get(&id));
        name.or(vm).cloned()
    }
}

impl fmt::Debug for VirtualBoxManager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("VirtualBoxManager").field(&self.options.program).finish()
    }
}

#[async_trait]
impl Hypervisor for VirtualBoxManager {
    fn kind(&self) -> HypervisorKind {
        HypervisorKind::VirtualBox
    }

    fn engine(&self) -> ExecutionEngine {
        engine::choose(self.options.host, None).0
    }

    async fn health(&self) -> HypervisorHealth {
        self.check_health().await
    }

    async fn list(&self) -> Result<Vec<VmSummary>, Error> {
        self.list_all().await
    }

    async fn inspect(&self, vm: &VmRef) -> Result<Vm, Error> {
        self.understand(vm, &Readings::read(self, vm).await?).await
    }

    async fn create(&self, id: VmId, wanted: &VmConfiguration) -> Result<(), Error> {
        self.make(id, wanted, &Progress::default()).await
    }

    async fn go_on_creating(
        &self,
        id: VmId,
        wanted: &VmConfiguration,
        made: &Progress,
    ) -> Result<(), Error> {
        self.make(id, wanted, made).await
    }

    async fn undo_create(&self, id: VmId, wanted: &VmConfiguration) -> Result<(), Error> {
        self.unmake(id, wanted).await
    }

    fn world(&self) -> String {
        let folder = self.options.settings_folder.as_deref();
        format!("virtualbox {}", folder.unwrap_or(Path::new("")).display())
    }

    async fn look_up(&self, vm: &VmRef) -> Result<Option<VmId>, Error> {
        self.find_registered(vm).await
    }

    async fn remove_remains(&self, remains: &Remains) -> Result<(), Error> {
        self.sweep(remains).await
    }

    async fn drop_inaccessible(&self, vm: VmId) -> Result<Dropped, Error> {
        self.drop_entry(vm).await
    }

    async fn delete(&self, vm: &VmRef) -> Result<(), Error> {
        let id = self.identify(vm);
        let settings = match id {
            Some(id) => self.registered_settings(id).await,
            None => None,
        };
        let deleted = self.tell(self.commands.unregister(vm), vm).await;
        let Err(error) = deleted else {
            self.confirm(vm, id, Expected::Gone).await?;
            return self.sweep_copies(settings.as_deref());
        };
        // Of an inaccessible VM there are no files to delete, which fails when it has gone.
        if error.kind() == ErrorKind::NotReady
            && let Some(id) = vm.as_id()
        {
            let left = parse::list(&self.call(self.commands.list_vms(), None).await?);
            if left.iter().all(|listed| listed.id != id) {
                return Ok(());
            }
        }
        Err(error)
    }

    async fn start(&self, vm: &VmRef, display: Display) -> Result<(), Error> {
        let Err(failure) = self.run(&self.commands.start(vm, display), Some(vm)).await? else {
            return Ok(());
        };
        let failure = self.with_reason(vm, failure).await;
        Err(error::explain(&failure, self.known_as(Some(vm)).as_ref()))
    }

    async fn stop(&self, vm: &VmRef, mode: StopMode) -> Result<(), Error> {
        self.tell(self.commands.stop(vm, mode), vm).await
    }

    async fn pause(&self, vm: &VmRef) -> Result<(), Error> {
        self.tell(self.commands.pause(vm), vm).await
    }

    async fn resume(&self, vm: &VmRef) -> Result<(), Error> {
        self.tell(self.commands.resume(vm), vm).await
    }

    async fn reset(&self, vm: &VmRef) -> Result<(), Error> {
        self.tell(self.commands.reset(vm), vm).await
    }

    async fn occupancy(&self, vm: &VmRef, how: Thoroughness) -> Result<Occupancy, Error> {
        self.find_occupancy(vm, how).await
    }

    async fn vms_folder(&self) -> Option<PathBuf> {
        self.registry().await?.machine_folder
    }

    async fn dead_forwards(&self, vm: VmId) -> Result<Vec<(u16, u16)>, Error> {
        Ok(self.read_dead_forwards(vm).await)
    }

    async fn guest_facts(&self, vm: &VmRef) -> Result<GuestFacts, Error> {
        let printed = self.call(self.commands.guest_properties(vm), Some(vm)).await?;
        Ok(parse::guest_facts(&printed))
    }

    async fn traffic(&self, vm: &VmRef) -> Result<Option<Traffic>, Error> {
        let printed = self.call(self.commands.counters(vm), Some(vm)).await?;
        Ok(Some(parse::traffic(&printed)))
    }

    async fn settle(&self) {
        self.options.runner.settle().await;
    }

    fn borrowed(&self) -> Option<String> {
        self.starter().borrowed()
    }

    async fn put_back(&self) -> Result<(), Error> {
        self.starter().mend().await
    }

    async fn close(&self) {
        self.webservice.end().await;
        self.settle().await;
    }

    fn identify(&self, vm: &VmRef) -> Option<VmId> {
        vm.as_id().or_else(|| {
            let folder = self.options.settings_folder.as_deref()?;
            let mut known = self.directory.lock().unwrap_or_else(PoisonError::into_inner);
            known.find(folder, vm.as_str())
        })
    }

    fn readings(&self) -> Option<&dyn Readings> {
        Some(self)
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

    fn news(&self) -> Option<&dyn News> {
        Some(self)
    }

    fn discs(&self) -> Option<&dyn Discs> {
        Some(self)
    }

    fn unattended(&self) -> Option<&dyn Unattended> {
        Some(self)
    }

    fn filming(&self) -> Option<&dyn Filming> {
        Some(self)
    }

    fn keyboard(&self) -> Option<&dyn Keyboard> {
        Some(self)
    }

    fn sharing(&self) -> Option<&dyn Sharing> {
        Some(self)
    }

    fn guest_control(&self) -> Option<&dyn GuestControl> {
        Some(self)
    }

    fn remote_displays(&self) -> Option<&dyn RemoteDisplays> {
        Some(self)
    }

    fn pointer(&self) -> Option<&dyn Pointer> {
        Some(self)
    }

    fn forwarding(&self) -> Option<&dyn Forwarding> {
        Some(self)
    }

    fn cloning(&self) -> Option<&dyn Cloning> {
        Some(self)
    }

    fn appliances(&self) -> Option<&dyn Appliances> {
        Some(self)
    }
}

#[cfg(test)]
#[path = "manager_tests.rs"]
mod tests;
