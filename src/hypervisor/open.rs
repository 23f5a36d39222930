//! Which hypervisor: the registry of drivers.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::Hypervisor;
use super::simulated::{self, SimulatedHypervisor};
use crate::error::Error;
use crate::model::HypervisorKind;
use crate::process::Ledger;

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
    /// A folder for files that live for a moment.
    pub scratch: PathBuf,
    /// How long a call that only looks may take.
    pub query: Duration,
    /// How long a call that changes a setting may take.
    pub change: Duration,
    /// How long a call that starts, saves, snapshots or deletes may take.
    pub start: Duration,
    /// How long a canceled call has to end by itself.
    pub cancel_grace: Duration,
    /// Where changes are noted instead of made (`--dry-run`).
    pub ledger: Option<Ledger>,
    /// Tells the time.
    pub clock: fn() -> SystemTime,
}

/// Opens a hypervisor. Calls no program.
pub fn open(options: &OpenOptions) -> Result<Arc<dyn Hypervisor>, Error> {
    Ok(match options.kind {
        HypervisorKind::Simulated => {
            let mut simulated = simulated::Options::new(&options.simulator_file, options.clock);
            simulated.ledger.clone_from(&options.ledger);
            Arc::new(SimulatedHypervisor::new(simulated))
        }
        HypervisorKind::VirtualBox => {
            return Err(Error::new(crate::error::ErrorKind::Internal, "to come"));
        }
    })
}
