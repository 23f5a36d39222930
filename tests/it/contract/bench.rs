use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use vm_cli::error::{Error, ErrorKind};
use vm_cli::hypervisor::{Hypervisor, Snapshots};
use vm_cli::model::{
    Display, Firmware, Forward, Gibibytes, GraphicsController, Mebibytes, Nic, ProcessPriority,
    Protocol, StopMode, Switch, Vm, VmConfiguration, VmId, VmRef, VmState,
};

use super::{ContractOptions, free_port};

/// How long is waited before something is looked at again.
const GLANCE: Duration = Duration::from_millis(50);

/// A hypervisor under test, and patience.
pub(super) struct Bench {
    pub(super) driver: Arc<dyn Hypervisor>,
    pub(super) options: ContractOptions,
}

impl Bench {
    pub(super) fn new(driver: Arc<dyn Hypervisor>, options: ContractOptions) -> Self {
        Self { driver, options }
    }

    /// Describes a small VM that boots from the disc.
    pub(super) fn wanted(&self, name: &str) -> VmConfiguration {
        VmConfiguration {
            name: name.parse().unwrap(),
            os_type: "Linux26_64".to_owned(),
            memory: Mebibytes(128),
            video_memory: Mebibytes(16),
            cpus: 1,
            disk: Some(Gibibytes(1)),
            disk_image: None,
            discs: self.options.iso.clone().into_iter().collect(),
            firmware: Firmware::Bios,
            tpm: Switch::Off,
            secure_boot: Switch::Off,
            graphics: GraphicsController::VboxVga,
            accelerate_3d: Switch::Off,
            execution_engine: self.options.engine,
            hardware_acceleration: Switch::On,
            nested_virtualization: Switch::Off,
            nic: Nic::Nat,
            forwards: vec![forward("ssh", free_port(), 22)],
            remote_display: None,
            groups: vec!["/contract".to_owned()],
            description: "made by the contract suite\n\"in two lines\"".to_owned(),
            balloon: Mebibytes(0),
            process_priority: ProcessPriority::Default,
            folder: self.options.folder.clone(),
            snapshots_folder: None,
        }
    }

    /// Makes a VM.
    pub(super) async fn make(&self, number: u128, wanted: &VmConfiguration) -> VmRef {
        let id = VmId::from_random(number);
        if let Err(error) = self.try_to_make(id, wanted).await {
            panic!("create: {error:?}");
        }
        VmRef::from(id)
    }

    /// Tries to make a VM. What a transient error leaves half made is undone before it is tried
    /// again.
    pub(super) async fn try_to_make(
        &self,
        id: VmId,
        wanted: &VmConfiguration,
    ) -> Result<(), Error> {
        let deadline = self.deadline();
        loop {
            let answer = self.driver.create(id, wanted).await;
            let again = answer.as_ref().is_err_and(|error| error.kind().transient().is_some());
            if !again || Instant::now() >= deadline {
                return answer;
            }
            self.done("undo", || self.driver.undo_create(id, wanted)).await;
        }
    }

    /// Starts a VM and waits until it runs.
    pub(super) async fn start(&self, vm: &VmRef) {
        self.done("start", || self.driver.start(vm, Display::Headless)).await;
        self.until(vm, VmState::Running).await;
    }

    /// Powers a VM off and waits until it is off.
    pub(super) async fn power_off(&self, vm: &VmRef) {
        self.done("power off", || self.driver.stop(vm, StopMode::PowerOff)).await;
        self.until(vm, VmState::PoweredOff).await;
    }

    /// Deletes a VM and waits until it is gone.
    pub(super) async fn delete(&self, vm: &VmRef) {
        self.done("delete", || self.driver.delete(vm)).await;
        self.refused("inspect a deleted VM", &[ErrorKind::VmNotFound], || self.driver.inspect(vm))
            .await;
    }

    /// Reads a VM.
    pub(super) async fn inspect(&self, vm: &VmRef) -> Vm {
        self.done("inspect", || self.driver.inspect(vm)).await
    }

    /// Waits until a VM is in a state.
    pub(super) async fn until(&self, vm: &VmRef, state: VmState) -> Vm {
        let deadline = self.deadline();
        loop {
            let found = self.inspect(vm).await;
            if found.state == state {
                return found;
            }
            assert!(Instant::now() < deadline, "{vm} is {} and not {state}", found.state);
            sleep(GLANCE).await;
        }
    }

    /// Lists the names of all VMs.
    pub(super) async fn names(&self) -> Vec<String> {
        let list = self.done("list", || self.driver.list()).await;
        list.into_iter().map(|vm| vm.name).collect()
    }

    /// Returns the facet that every hypervisor under this contract must have.
    pub(super) fn snapshots(&self) -> &dyn Snapshots {
        self.driver.snapshots().expect("snapshots")
    }

    /// Does something; transient errors are waited out.
    pub(super) async fn done<T, F, Fut>(&self, what: &str, act: F) -> T
    where
        F: Fn() -> Fut,
        Fut: Future<Output = Result<T, Error>>,
    {
        match self.settled(&[], act).await {
            Ok(value) => value,
            Err(error) => panic!("{what}: {error:?}"),
        }
    }

    /// Tries something that must be refused in one of these ways.
    pub(super) async fn refused<T, F, Fut>(&self, what: &str, kinds: &[ErrorKind], act: F)
    where
        F: Fn() -> Fut,
        Fut: Future<Output = Result<T, Error>>,
    {
        match self.settled(kinds, act).await {
            Ok(_) => panic!("{what}: was not refused"),
            Err(error) => assert!(kinds.contains(&error.kind()), "{what}: {error:?}"),
        }
    }

    /// Tries until the answer is not transient, or one of those expected.
    async fn settled<T, F, Fut>(&self, expected: &[ErrorKind], act: F) -> Result<T, Error>
    where
        F: Fn() -> Fut,
        Fut: Future<Output = Result<T, Error>>,
    {
        let deadline = self.deadline();
        loop {
            let answer = act().await;
            let again = answer.as_ref().is_err_and(|error| {
                error.kind().transient().is_some() && !expected.contains(&error.kind())
            });
            if !again || Instant::now() >= deadline {
                return answer;
            }
            sleep(GLANCE).await;
        }
    }

    fn deadline(&self) -> Instant {
        Instant::now() + self.options.patience
    }
}

/// Describes a forward from this host.
pub(super) fn forward(name: &str, host_port: u16, guest_port: u16) -> Forward {
    Forward {
        name: name.to_owned(),
        protocol: Protocol::Tcp,
        host_address: Some("127.0.0.1".parse().unwrap()),
        host_port,
        guest_port,
    }
}
