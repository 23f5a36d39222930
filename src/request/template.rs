use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::WaitCondition;
use crate::model::{Display, TemplateName, VmId, VmName, VmRef};

/// Something about templates: VMs that others are made from in a moment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub enum TemplateAction {
    /// A VM that is off becomes one. It is not started any more.
    Save {
        /// Which VM.
        vm: VmRef,
        /// What the template is called; `None` is as the VM is.
        name: Option<TemplateName>,
        /// How the VMs that are made from it become themselves.
        renewal: Renewal,
    },
    /// List all.
    List,
    /// Tell of one.
    Show(TemplateName),
    /// A VM is none any more. It stays.
    Delete(TemplateName),
    /// VMs are made from one.
    Make(Box<TemplateCopies>),
}

/// VMs to be made from a template: all of them or none.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct TemplateCopies {
    /// The template.
    pub template: TemplateName,
    /// Their names.
    pub names: Vec<VmName>,
    /// Whether they are started afterwards.
    pub start: Option<Display>,
    /// What to wait for after the start, and how long.
    pub wait: Option<(WaitCondition, Duration)>,
}

/// How a VM that is made from a template becomes itself, beyond its hardware: that is always its
/// own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum Renewal {
    /// Not at all: its guest takes itself for the one of the template.
    None,
    /// cloud-init in its guest is told that this is another machine, and what it is called.
    CloudInit,
}

impl Renewal {
    /// Returns its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::CloudInit => "cloud-init",
        }
    }
}

/// A template.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Template {
    /// Its name.
    pub name: String,
    /// The VM that it is; `None` if another program removed that.
    pub vm: Option<String>,
    /// The identity of that VM.
    pub vm_id: VmId,
    /// The operating system, as the hypervisor names it.
    pub os: String,
    /// How VMs made from it become themselves.
    pub renewal: Renewal,
    /// When it was saved.
    pub saved_at: SystemTime,
    /// The names of the VMs that stand on its disks.
    pub clones: Vec<String>,
}
