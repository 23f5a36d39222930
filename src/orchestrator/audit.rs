//! The audit trail: who changed what, from where, and what came of it.

use std::time::Duration;

use super::VmOrchestrator;
use super::open::Caller;
use crate::error::Error;
use crate::model::{RecoveryPolicy, Switch};
use crate::request::{
    ClockRepair, DisplayAction, ForwardAction, Keys, Request, SharingAction, SnapshotAction,
    TemplateAction, UnlockMode,
};
use crate::store::{AuditFilter, AuditLine, AuditRecord};

impl VmOrchestrator {
    /// Reads the audit trail, the newest line first; `within` is how far back.
    pub fn audit(
        &self,
        vm: Option<String>,
        within: Option<Duration>,
        limit: Option<u32>,
    ) -> Result<Vec<AuditRecord>, Error> {
        let since = within.and_then(|span| self.now().checked_sub(span));
        self.store()?.audit().list(&AuditFilter { vm, since, limit })
    }

    /// Notes that a request that changes something begins.
    pub(super) fn begin_audit(&self, request: &Request) -> Option<AuditLine> {
        let (action, vm) = change(request)?;
        self.begin_audit_of(action, vm)
    }

    /// Notes that something begins that changes something, of which VM if of one.
    pub(super) fn begin_audit_of(&self, action: &str, vm: Option<String>) -> Option<AuditLine> {
        if self.rehearses() || self.settings().security.audit_logging == Switch::Off {
            return None;
        }
        let setup = &self.parts.setup;
        let (caller, detail) = match &self.asker {
            Some(asker) => (&asker.caller, &asker.doing),
            None => (&setup.caller, &setup.command_line),
        };
        let Caller { who, origin } = caller.clone();
        let record = AuditRecord {
            at: self.now(),
            actor: who,
            origin,
            action: action.to_owned(),
            vm,
            outcome: AuditRecord::BEGUN.to_owned(),
            detail: detail.clone(),
        };
        let begun = self.store().and_then(|store| store.audit().begin(&record));
        begun.inspect_err(|e| tracing::warn!("the audit trail could not be written: {e}")).ok()
    }

    /// Notes what came of it.
    pub(super) fn end_audit(&self, line: Option<AuditLine>, error: Option<&Error>) {
        let Some(line) = line else { return };
        let outcome = error.map_or(AuditRecord::OK, |error| error.kind().code());
        if let Err(e) = self.store().and_then(|store| store.audit().end(line, outcome)) {
            tracing::warn!("the audit trail could not be written: {e}");
        }
    }
}

/// Returns what a request changes and of which VM; `None` if it changes nothing.
fn change(request: &Request) -> Option<(&'static str, Option<String>)> {
    let (action, vm) = match request {
        Request::Create(asked) => return Some(("create", Some(asked.name.to_string()))),
        Request::Install(asked) => return Some(("install", Some(asked.create.name.to_string()))),
        Request::FinishInstall(asked) => ("install", &asked.vm),
        Request::Start { vm, .. } => ("start", vm),
        Request::Stop(stop) => ("stop", &stop.vm),
        Request::Restart { vm, .. } => ("restart", vm),
        Request::Reset(vm) => ("reset", vm),
        Request::Pause(vm) => ("pause", vm),
        Request::Resume(vm) => ("resume", vm),
        Request::Delete { vm, .. } => ("delete", vm),
        Request::Snapshot { vm, action } => match action {
            SnapshotAction::Take { .. } => ("snapshot-take", vm),
            SnapshotAction::Restore { .. } => ("snapshot-restore", vm),
            SnapshotAction::Rollback { .. } => ("rollback", vm),
            SnapshotAction::Delete { .. } => ("snapshot-delete", vm),
            SnapshotAction::List => return None,
        },
        Request::Display { vm, action } => match action {
            DisplayAction::On { .. } => ("display-on", vm),
            DisplayAction::Off => ("display-off", vm),
            DisplayAction::Url => return None,
        },
        Request::Press(keys) => match keys.keys {
            Keys::Text { .. } | Keys::Pasted { .. } => ("type", &keys.vm),
            Keys::Chords { .. } => ("key", &keys.vm),
        },
        Request::Point(asked) => (asked.gesture.action(), &asked.vm),
        Request::Clock(asked) => match asked.repair {
            ClockRepair::Set => ("clock-set", &asked.vm),
            ClockRepair::Tell => return None,
        },
        Request::Record(asked) => ("record", &asked.vm),
        Request::Exec(exec) => ("exec", &exec.vm),
        Request::Transfer(asked) => ("copy", &asked.vm),
        Request::Run(run) => ("run", &run.exec.vm),
        Request::Unlock { vm, mode } => match mode {
            UnlockMode::EmergencyStop => ("unlock", vm),
            UnlockMode::Explain => return None,
        },
        Request::Recover(asked) if asked.policy == RecoveryPolicy::None => return None,
        Request::Recover(asked) => ("recover", &asked.vm),
        Request::Clone(asked) => ("clone", &asked.source),
        Request::Template(action) => match action {
            TemplateAction::Save { vm, .. } => ("template-save", vm),
            TemplateAction::Delete(_) => return Some(("template-delete", None)),
            TemplateAction::Make(asked) => {
                let name = asked.names.first().map(ToString::to_string);
                return Some(("create", name));
            }
            TemplateAction::List | TemplateAction::Show(_) => return None,
        },
        Request::Export(asked) => ("export", &asked.vm),
        Request::Import(asked) => {
            return Some(("import", asked.name.as_ref().map(ToString::to_string)));
        }
        Request::Forward { vm, action } => match action {
            ForwardAction::Add(_) => ("forward-add", vm),
            ForwardAction::Remove(_) => ("forward-remove", vm),
            ForwardAction::List => return None,
        },
        Request::Sharing { vm, action } => match action {
            SharingAction::Add(_) => ("share-add", vm),
            SharingAction::Remove(_) => ("share-remove", vm),
            SharingAction::List => return None,
        },
        Request::List
        | Request::Status(_)
        | Request::Guest { .. }
        | Request::Wait { .. }
        | Request::Screenshot(_)
        | Request::Setup
        | Request::SystemStatus => return None,
    };
    Some((action, Some(vm.to_string())))
}
