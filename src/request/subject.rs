//! The VM that a request is about.

use crate::model::VmRef;

use super::Request;

impl Request {
    /// Returns the one VM that it is about, by the name that may be misspelt.
    pub(crate) fn vm(&self) -> Option<&VmRef> {
        match self {
            Self::Start { vm, .. }
            | Self::Restart { vm, .. }
            | Self::Reset(vm)
            | Self::Pause(vm)
            | Self::Resume(vm)
            | Self::Delete { vm, .. }
            | Self::Status(vm)
            | Self::Guest(vm)
            | Self::Wait { vm, .. }
            | Self::Forward { vm, .. }
            | Self::Sharing { vm, .. }
            | Self::Display { vm, .. }
            | Self::Snapshot { vm, .. }
            | Self::Unlock { vm, .. } => Some(vm),
            Self::Stop(stop) => Some(&stop.vm),
            Self::Recover(asked) => Some(&asked.vm),
            Self::Screenshot(shot) => Some(&shot.vm),
            Self::Press(keys) => Some(&keys.vm),
            Self::Point(asked) => Some(&asked.vm),
            Self::Clock(asked) => Some(&asked.vm),
            Self::Record(asked) => Some(&asked.vm),
            Self::Exec(exec) => Some(&exec.vm),
            Self::Transfer(asked) => Some(&asked.vm),
            Self::Run(run) => Some(&run.exec.vm),
            Self::Clone(asked) => Some(&asked.source),
            Self::Export(asked) => Some(&asked.vm),
            Self::Import(_) | Self::Create(_) | Self::List | Self::Setup | Self::SystemStatus => {
                None
            }
        }
    }

    /// Returns the same request about another VM.
    pub(crate) fn about(mut self, other: VmRef) -> Self {
        match &mut self {
            Self::Start { vm, .. }
            | Self::Restart { vm, .. }
            | Self::Reset(vm)
            | Self::Pause(vm)
            | Self::Resume(vm)
            | Self::Delete { vm, .. }
            | Self::Status(vm)
            | Self::Guest(vm)
            | Self::Wait { vm, .. }
            | Self::Forward { vm, .. }
            | Self::Sharing { vm, .. }
            | Self::Display { vm, .. }
            | Self::Snapshot { vm, .. }
            | Self::Unlock { vm, .. } => *vm = other,
            Self::Stop(stop) => stop.vm = other,
            Self::Recover(asked) => asked.vm = other,
            Self::Screenshot(shot) => shot.vm = other,
            Self::Press(keys) => keys.vm = other,
            Self::Point(asked) => asked.vm = other,
            Self::Clock(asked) => asked.vm = other,
            Self::Record(asked) => asked.vm = other,
            Self::Exec(exec) => exec.vm = other,
            Self::Transfer(asked) => asked.vm = other,
            Self::Run(run) => run.exec.vm = other,
            Self::Clone(asked) => asked.source = other,
            Self::Export(asked) => asked.vm = other,
            Self::Import(_) | Self::Create(_) | Self::List | Self::Setup | Self::SystemStatus => {}
        }
        self
    }
}
