use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::ExecutionEngine;

/// The hypervisors that vm-cli can drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum HypervisorKind {
    /// VirtualBox, through VBoxManage.
    VirtualBox,
    /// QEMU, through its own programs and sockets.
    Qemu,
    /// Ours: VMs that exist in a file, for rehearsals and tests.
    Simulated,
}

impl fmt::Display for HypervisorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::VirtualBox => "virtualbox",
            Self::Qemu => "qemu",
            Self::Simulated => "simulated",
        })
    }
}

/// What is known of a hypervisor's fitness to run VMs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct HypervisorHealth {
    /// Which hypervisor.
    pub kind: HypervisorKind,
    /// Its version as it prints it; `None` if it did not answer.
    pub version: Option<String>,
    /// The program that is called; `None` if none was found or none is needed.
    pub program: Option<PathBuf>,
    /// The engine that [`ExecutionEngine::Auto`] stands for on this host.
    pub engine: ExecutionEngine,
    /// What was found, the worst first.
    pub findings: Vec<Finding>,
}

impl HypervisorHealth {
    /// Returns whether a VM could run: nothing found is a problem.
    pub fn is_usable(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity != Severity::Problem)
    }
}

/// One thing that a check of the host found, with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Finding {
    /// A stable name, such as `virtualbox_version`.
    pub check: Cow<'static, str>,
    /// How bad it is.
    pub severity: Severity,
    /// What was found.
    pub message: String,
    /// What to do, when there is something to do.
    pub fix: Option<String>,
}

/// How bad a [`Finding`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub enum Severity {
    /// As it should be.
    Fine,
    /// Works, but not as well as it could.
    Advice,
    /// A VM could not run.
    Problem,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Fine => "ok",
            Self::Advice => "advice",
            Self::Problem => "problem",
        })
    }
}
