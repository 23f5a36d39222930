use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{IfExists, WaitCondition};
use crate::model::{
    Display, ExecutionEngine, Firmware, Forward, Gibibytes, GraphicsController, Mebibytes, Nic,
    Switch, VmName,
};

/// A VM to be made: what was said; everything unsaid comes from the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct CreateRequest {
    /// Its name.
    pub name: VmName,
    /// What a VM that has the name already means.
    pub if_exists: IfExists,
    /// Memory.
    pub memory: Option<Mebibytes>,
    /// Disk.
    pub disk: Option<DiskWish>,
    /// Virtual CPUs.
    pub cpus: Option<u32>,
    /// The hypervisor's identifier of its operating system.
    pub os_type: Option<String>,
    /// A disc image in its drive.
    pub iso: Option<PathBuf>,
    /// The firmware.
    pub firmware: Option<Firmware>,
    /// The graphics controller.
    pub graphics: Option<GraphicsController>,
    /// 3D acceleration.
    pub accelerate_3d: Option<Switch>,
    /// What runs the guest's instructions.
    pub execution_engine: Option<ExecutionEngine>,
    /// The first network adapter.
    pub nic: Option<Nic>,
    /// Which host port leads to the guest's SSH server.
    pub ssh: PortWish,
    /// Which host port the remote display listens on.
    pub remote_display: PortWish,
    /// More forwards.
    pub forwards: Vec<Forward>,
    /// Groups.
    pub groups: Vec<String>,
    /// A description.
    pub description: String,
    /// Whether it is started afterwards.
    pub start: Option<Display>,
    /// What to wait for after the start, and how long.
    pub wait: Option<(WaitCondition, Duration)>,
}

impl CreateRequest {
    /// Asks for a VM of this name, everything else as configured.
    pub fn new(name: VmName) -> Self {
        Self {
            name,
            if_exists: IfExists::Fail,
            memory: None,
            disk: None,
            cpus: None,
            os_type: None,
            iso: None,
            firmware: None,
            graphics: None,
            accelerate_3d: None,
            execution_engine: None,
            nic: None,
            ssh: PortWish::Configured,
            remote_display: PortWish::Configured,
            forwards: Vec::new(),
            groups: Vec::new(),
            description: String::new(),
            start: None,
            wait: None,
        }
    }
}

/// What is wanted of a new VM's disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum DiskWish {
    /// No disk at all.
    None,
    /// One of this size.
    Size(Gibibytes),
}

/// Which host port is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum PortWish {
    /// What the configuration says.
    Configured,
    /// None.
    None,
    /// The first free one of the configured range.
    Free,
    /// This one.
    Port(u16),
}
