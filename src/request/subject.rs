//! The VM that a request is about.

use crate::model::VmRef;

use super::{Request, TemplateAction};

impl Request {
    /// Returns the one VM that it is about, by the name that may be misspelt.
    pub(crate) fn vm(&self) -> Option<VmRef> {
        self.clone().vm_mut().cloned()
    }

    /// Returns the same request about another VM.
    pub(crate) fn about(mut self, other: VmRef) -> Self {
        if let Some(vm) = self.vm_mut() {
            *vm = other;
        }
        self
    }

    /// Returns the names of the VMs that it is to make.
    #[cfg(feature = "mcp")]
    pub(crate) fn new_names(&self) -> Vec<String> {
        if let Self::Create(asked) = self {
            vec![asked.name.to_string()]
        } else if let Self::Clone(asked) = self {
            asked.names.iter().map(ToString::to_string).collect()
        } else if let Self::Template(TemplateAction::Make(asked)) = self {
            asked.names.iter().map(ToString::to_string).collect()
        } else {
            Vec::new()
        }
    }

    /// Returns the VM whose guest it uses: types, points, logs in for something.
    #[cfg(feature = "mcp")]
    pub(crate) fn used_guest(&self) -> Option<VmRef> {
        let uses = matches!(
            self,
            Self::Press(_)
                | Self::Point(_)
                | Self::Exec(_)
                | Self::Transfer(_)
                | Self::Run(_)
                | Self::Clock(_)
                | Self::Guest { login: Some(_), .. }
        );
        if uses { self.vm() } else { None }
    }

    fn vm_mut(&mut self) -> Option<&mut VmRef> {
        match self {
            Self::Start { vm, .. }
            | Self::Restart { vm, .. }
            | Self::Reset(vm)
            | Self::Pause(vm)
            | Self::Resume(vm)
            | Self::Delete { vm, .. }
            | Self::Status(vm)
            | Self::Guest { vm, .. }
            | Self::Wait { vm, .. }
            | Self::Forward { vm, .. }
            | Self::Sharing { vm, .. }
            | Self::Display { vm, .. }
            | Self::Snapshot { vm, .. }
            | Self::Template(TemplateAction::Save { vm, .. })
            | Self::Unlock { vm, .. } => Some(vm),
            Self::Stop(stop) => Some(&mut stop.vm),
            Self::FinishInstall(asked) => Some(&mut asked.vm),
            Self::Recover(asked) => Some(&mut asked.vm),
            Self::Screenshot(shot) => Some(&mut shot.vm),
            Self::Press(keys) => Some(&mut keys.vm),
            Self::Point(asked) => Some(&mut asked.vm),
            Self::Clock(asked) => Some(&mut asked.vm),
            Self::Record(asked) => Some(&mut asked.vm),
            Self::Exec(exec) => Some(&mut exec.vm),
            Self::Transfer(asked) => Some(&mut asked.vm),
            Self::Run(run) => Some(&mut run.exec.vm),
            Self::Clone(asked) => Some(&mut asked.source),
            Self::Export(asked) => Some(&mut asked.vm),
            Self::Template(
                TemplateAction::List
                | TemplateAction::Show(_)
                | TemplateAction::Delete(_)
                | TemplateAction::Make(_),
            )
            | Self::Import(_)
            | Self::Create(_)
            | Self::Install(_)
            | Self::List
            | Self::Setup
            | Self::SystemStatus => None,
        }
    }
}
