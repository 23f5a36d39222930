//! Which hypervisor: the registry of drivers.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::Hypervisor;
use super::qemu::{self, QemuDriver};
use super::simulated::{self, SimulatedHypervisor};
use super::virtualbox::{
    self, Deadlines, HostFacts, Neighbours, Surroundings, VirtualBoxManager, WebServiceOptions,
    WebServiceProgram,
};
use crate::model::HypervisorKind;
use crate::process::{CommandRunner, Ledger, RehearsingRunner, SystemRunner};
use uuid::Uuid;

/// What a driver may need to begin.
#[derive(Debug, Clone)]
pub struct OpenOptions {
    /// Which hypervisor.
    pub kind: HypervisorKind,
    /// VBoxManage, where it is not to be searched.
    pub vboxmanage: Option<PathBuf>,
    /// The environment in which programs are looked for.
    pub environment: Vec<(String, String)>,
    /// The simulator's file.
    pub simulator_file: PathBuf,
    /// The folder of QEMU's VMs.
    pub qemu_folder: PathBuf,
    /// A folder for files that live for a moment.
    pub scratch: PathBuf,
    /// A file that tells which of VirtualBox's own settings have to be put back after a crash.
    pub web_service_loan: PathBuf,
    /// How long calls may take.
    pub deadlines: Deadlines,
    /// How long a canceled call has to end by itself.
    pub cancel_grace: Duration,
    /// Where changes are noted instead of made (`--dry-run`).
    pub ledger: Option<Ledger>,
    /// Tells the time.
    pub clock: fn() -> SystemTime,
}

/// Opens a hypervisor. Calls no program: one that is missing is noticed when it is called.
pub fn open(options: &OpenOptions) -> Arc<dyn Hypervisor> {
    match options.kind {
        HypervisorKind::Simulated => {
            let mut simulated = simulated::Options::new(&options.simulator_file, options.clock);
            simulated.ledger.clone_from(&options.ledger);
            Arc::new(SimulatedHypervisor::new(simulated))
        }
        HypervisorKind::Qemu => Arc::new(QemuDriver::new(qemu::Options {
            folder: options.qemu_folder.clone(),
            programs: qemu::Programs::find(&options.environment),
            runner: Arc::new(SystemRunner::new(options.cancel_grace)),
            deadlines: options.deadlines,
            ledger: options.ledger.clone(),
            clock: options.clock,
        })),
        HypervisorKind::VirtualBox => Arc::new(virtualbox(options)),
    }
}

fn virtualbox(options: &OpenOptions) -> VirtualBoxManager {
    let surroundings = Surroundings::new(&options.environment);
    let settings_folder = surroundings.settings_folder();
    let found = surroundings.search(options.vboxmanage.clone()).found.map(|place| place.program);
    let system: Arc<dyn CommandRunner> = Arc::new(SystemRunner::new(options.cancel_grace));
    let runner = match &options.ledger {
        Some(ledger) => Arc::new(RehearsingRunner::new(system, ledger.clone())),
        None => system,
    };
    VirtualBoxManager::new(virtualbox::Options {
        program: found
            .clone()
            .or(options.vboxmanage.clone())
            .unwrap_or_else(|| "VBoxManage".into()),
        runner,
        deadlines: options.deadlines,
        scratch: options.scratch.clone(),
        webservice: WebServiceOptions {
            program: Some(WebServiceProgram::new(surroundings, found)),
            loan: options.web_service_loan.clone(),
            secret: || [Uuid::new_v4(), Uuid::new_v4()].map(|it| it.simple().to_string()).concat(),
        },
        ledger: options.ledger.clone(),
        settings_folder,
        host: HostFacts::probe(),
        neighbours: Neighbours::look,
    })
}
