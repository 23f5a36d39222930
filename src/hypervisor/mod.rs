//! Hypervisors: one trait for what every one can do, optional ones for what some can.
//!
//! A driver does exactly one thing when asked. It never retries, never sleeps, never waits for a
//! state: the queue repeats, the orchestrator waits.

mod aftercare;
mod copying;
mod discs;
mod filming;
mod guest_control;
mod input;
mod kept;
mod log;
mod news;
mod occupancy;
mod offered;
mod open;
mod progress;
pub mod qemu;
mod remote;
mod sharing;
pub mod simulated;
mod unattended;
pub mod virtualbox;

pub use aftercare::{Aftercare, Heartbeat, Traces};
pub use copying::{Appliance, Appliances, CloneContent, CloneOrder, Cloning, ImportOrder, Refit};
pub use discs::Discs;
pub use filming::Filming;
pub use guest_control::{GuestControl, GuestEntry, GuestProgram, in_ascii};
pub use input::{Hand, Keyboard, Pointer};
pub use log::{end_of_log, log_file};
pub use news::News;
pub use occupancy::{Candidate, Occupancy, Thoroughness};
pub use offered::offered;
pub use open::{OpenOptions, open};
pub use progress::Progress;
pub use remote::{DisplayServer, RemoteDisplays};
pub use sharing::Sharing;
pub use unattended::{Unattended, UnattendedOrder};

use std::fmt::Debug;
use std::path::PathBuf;

use async_trait::async_trait;

use crate::error::{Error, ErrorKind};
use crate::model::{
    Display, ExecutionEngine, Forward, GuestFacts, HypervisorHealth, HypervisorKind, Monitor,
    SnapshotId, SnapshotName, StopMode, Traffic, Vm, VmConfiguration, VmId, VmRef, VmSummary,
};

/// What every hypervisor can do.
#[async_trait]
pub trait Hypervisor: Debug + Send + Sync {
    /// Returns which hypervisor this is.
    fn kind(&self) -> HypervisorKind;

    /// Names the register of VMs that this drives: the VMs of two worlds are strangers.
    fn world(&self) -> String {
        self.kind().to_string()
    }

    /// Returns the engine that [`ExecutionEngine::Auto`] stands for on this host. Calls nothing.
    fn engine(&self) -> ExecutionEngine {
        ExecutionEngine::Default
    }

    /// Returns what went through a live VM's cards and disks since it was started; `None` if
    /// nobody counts.
    async fn traffic(&self, _vm: &VmRef) -> Result<Option<Traffic>, Error> {
        Ok(None)
    }

    /// Returns which VM is meant, as far as that can be known without a call and at once.
    fn identify(&self, vm: &VmRef) -> Option<VmId> {
        vm.as_id()
    }

    /// Tells whether VMs could run, and if not, why. Never fails: not answering is a finding.
    async fn health(&self) -> HypervisorHealth;

    /// Lists every VM, without taking any VM's lock.
    async fn list(&self) -> Result<Vec<VmSummary>, Error>;

    /// Returns the identity of the registered VM that is meant, without taking its lock; `None` if
    /// there is none.
    async fn look_up(&self, vm: &VmRef) -> Result<Option<VmId>, Error> {
        let listed = self.list().await?;
        let id = vm.as_id();
        let is_meant = |it: &VmSummary| id.map_or(it.name == vm.as_str(), |id| it.id == id);
        Ok(listed.into_iter().find(is_meant).map(|it| it.id))
    }

    /// Reads one VM.
    async fn inspect(&self, vm: &VmRef) -> Result<Vm, Error>;

    /// Makes a VM with the given identity. On failure [`Hypervisor::undo_create`] cleans up.
    async fn create(&self, id: VmId, wanted: &VmConfiguration) -> Result<(), Error>;

    /// Makes a VM from where an attempt before was refused in passing.
    async fn go_on_creating(
        &self,
        id: VmId,
        wanted: &VmConfiguration,
        made: &Progress,
    ) -> Result<(), Error> {
        made.step(0, self.create(id, wanted)).await
    }

    /// Removes whatever a failed or interrupted [`Hypervisor::create`] left; nothing left is fine.
    async fn undo_create(&self, id: VmId, wanted: &VmConfiguration) -> Result<(), Error>;

    /// Removes whatever a creation or a deletion left whose process was killed; nothing left is
    /// fine. Another VM of that name, or in that folder, is not touched.
    async fn remove_remains(&self, remains: &Remains) -> Result<(), Error>;

    /// Takes a VM whose settings are gone out of the register; one whose settings are there stays.
    async fn drop_inaccessible(&self, _vm: VmId) -> Result<Dropped, Error> {
        Ok(Dropped::Kept)
    }

    /// Removes a VM that is off, with its disks and snapshots.
    async fn delete(&self, vm: &VmRef) -> Result<(), Error>;

    /// Powers a VM on, or resumes its saved state.
    async fn start(&self, vm: &VmRef, display: Display) -> Result<(), Error>;

    /// Stops a VM. With [`StopMode::Acpi`] it returns when the button was pressed.
    async fn stop(&self, vm: &VmRef, mode: StopMode) -> Result<(), Error>;

    /// Stops a running VM's CPUs.
    async fn pause(&self, vm: &VmRef) -> Result<(), Error>;

    /// Lets a paused VM go on.
    async fn resume(&self, vm: &VmRef) -> Result<(), Error>;

    /// Resets a live VM without asking its guest.
    async fn reset(&self, vm: &VmRef) -> Result<(), Error>;

    /// Returns what the guest has reported of itself; nothing while it has not.
    async fn guest_facts(&self, _vm: &VmRef) -> Result<GuestFacts, Error> {
        Ok(GuestFacts::default())
    }

    /// Tells who runs, and what a VM that is to run too would take. Takes no VM's lock.
    async fn occupancy(&self, vm: &VmRef, _how: Thoroughness) -> Result<Occupancy, Error> {
        Ok(Occupancy::of(&self.list().await?, vm))
    }

    /// Returns the folder under which VMs are made when no other is named.
    async fn vms_folder(&self) -> Option<PathBuf> {
        None
    }

    /// Returns which of a live VM's forwards do not work because another program has the host
    /// port: pairs of host port and guest port.
    async fn dead_forwards(&self, _vm: VmId) -> Result<Vec<(u16, u16)>, Error> {
        Ok(Vec::new())
    }

    /// Waits for calls that were canceled to really end.
    async fn settle(&self) {}

    /// Returns which setting of its own a process of ours has changed for a moment and, killed, has
    /// not put back.
    fn borrowed(&self) -> Option<String> {
        None
    }

    /// Puts back what [`Hypervisor::borrowed`] tells.
    async fn put_back(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Ends what was kept running for later calls. Later calls start it again.
    async fn close(&self) {
        self.settle().await;
    }

    /// Reads that cost enough to be handed from one process to another.
    fn readings(&self) -> Option<&dyn Readings> {
        None
    }

    /// The hold of the hypervisor's own processes on a VM, if it has such a thing.
    fn sessions(&self) -> Option<&dyn Sessions> {
        None
    }

    /// What helps a VM that came to harm, if it has that.
    fn aftercare(&self) -> Option<&dyn Aftercare> {
        None
    }

    /// Snapshots, if it has them.
    fn snapshots(&self) -> Option<&dyn Snapshots> {
        None
    }

    /// The VM's screen, if it can be seen.
    fn console(&self) -> Option<&dyn Console> {
        None
    }

    /// What guests report, as it comes, if it tells.
    fn news(&self) -> Option<&dyn News> {
        None
    }

    /// Discs in drives, if they can be changed.
    fn discs(&self) -> Option<&dyn Discs> {
        None
    }

    /// An unattended installation of its own, if it has that.
    fn unattended(&self) -> Option<&dyn Unattended> {
        None
    }

    /// Films of its screens, if it makes them.
    fn filming(&self) -> Option<&dyn Filming> {
        None
    }

    /// Port forwards that change, even while a VM is running, if it has them.
    fn forwarding(&self) -> Option<&dyn Forwarding> {
        None
    }

    /// Copies of VMs, if it makes them.
    fn cloning(&self) -> Option<&dyn Cloning> {
        None
    }

    /// VMs in files, if it reads and writes them.
    fn appliances(&self) -> Option<&dyn Appliances> {
        None
    }

    /// The guest's keyboard, if it can press its keys.
    fn keyboard(&self) -> Option<&dyn Keyboard> {
        None
    }

    /// The server of its screen for others, if it has one.
    fn remote_displays(&self) -> Option<&dyn RemoteDisplays> {
        None
    }

    /// Folders of the host that guests can use, if it has them.
    fn sharing(&self) -> Option<&dyn Sharing> {
        None
    }

    /// The guest's pointer, if it can be moved.
    fn pointer(&self) -> Option<&dyn Pointer> {
        None
    }

    /// What the Guest Additions do in the guest, if it can ask them.
    fn guest_control(&self) -> Option<&dyn GuestControl> {
        None
    }

    /// Commands in the guest without a network, if it has them.
    fn guest_commands(&self) -> Option<&dyn GuestCommands> {
        None
    }
}

/// What is known of a VM of which only a part may be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remains {
    /// Its identity.
    pub id: VmId,
    /// Its name.
    pub name: String,
    /// The folder under which its own one was to be made; `None` is the hypervisor's default.
    pub folder: Option<PathBuf>,
    /// Its first group, which is a folder between the two.
    pub group: Option<String>,
    /// The image that its disk was to begin with, absolute: not its own, but it was in use.
    pub image: Option<PathBuf>,
}

/// What became of a VM that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dropped {
    /// It is out of the register.
    Gone,
    /// It stays: its settings are there.
    Kept,
}

/// [`Hypervisor::inspect`] in two halves, the costly one with a text as its result.
#[async_trait]
pub trait Readings: Debug + Send + Sync {
    /// Reads one VM.
    async fn read(&self, vm: &VmRef) -> Result<String, Error>;

    /// Understands what was read, by this process or another. Calls nothing.
    async fn understand(&self, vm: &VmRef, text: &str) -> Result<Vm, Error>;
}

/// What the hypervisor's own processes hold: a VM can stay held by one that hangs.
#[async_trait]
pub trait Sessions: Debug + Send + Sync {
    /// Returns who holds a VM, in the hypervisor's word; `None` if nobody does. Asks the holder,
    /// and so hangs with it.
    async fn holder(&self, vm: &VmRef) -> Result<Option<String>, Error>;

    /// Ends whoever holds a VM without asking it; what its guest had not written is lost.
    async fn clear(&self, vm: &VmRef) -> Result<(), Error>;
}

/// Snapshots of a VM; the tree itself comes with [`Hypervisor::inspect`].
#[async_trait]
pub trait Snapshots: Debug + Send + Sync {
    /// Takes a snapshot of a VM in any state, its memory included if it is live.
    async fn take(&self, vm: &VmRef, name: &SnapshotName, text: &str) -> Result<(), Error>;

    /// Puts a VM that is off back to a snapshot. It is then off, or saved if it was live.
    async fn restore(&self, vm: &VmRef, snapshot: &SnapshotId) -> Result<(), Error>;

    /// Deletes a snapshot; its children keep their content.
    async fn delete(&self, vm: &VmRef, snapshot: &SnapshotId) -> Result<(), Error>;
}

/// The screen of a VM.
#[async_trait]
pub trait Console: Debug + Send + Sync {
    /// Takes a picture of what a monitor shows, as PNG.
    async fn screenshot(&self, vm: &VmRef, monitor: Monitor) -> Result<Vec<u8>, Error>;
}

/// Says that a VM has no such monitor.
fn no_monitor(vm: &VmRef, monitor: Monitor) -> Error {
    let message = format!("`{vm}` has no display {monitor}");
    Error::new(ErrorKind::NotFound, message).about(vm).hint("the first display is 0")
}

/// Port forwards of a VM's first adapter.
#[async_trait]
pub trait Forwarding: Debug + Send + Sync {
    /// Adds a forward to a VM that is live or off.
    async fn add(&self, vm: &VmRef, forward: &Forward) -> Result<(), Error>;

    /// Removes a forward from a VM that is live or off, by its name.
    async fn remove(&self, vm: &VmRef, name: &str) -> Result<(), Error>;
}

/// Commands in the guest, by the hypervisor's own channel.
#[async_trait]
pub trait GuestCommands: Debug + Send + Sync {
    /// Runs a command line and returns what it printed and its exit code.
    async fn run(&self, vm: &VmRef, command: &str) -> Result<GuestOutput, Error>;
}

/// What a command in the guest printed and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestOutput {
    /// Its exit code.
    pub exit_code: i32,
    /// What it printed on standard output.
    pub stdout: Vec<u8>,
    /// What it printed on standard error.
    pub stderr: Vec<u8>,
}
