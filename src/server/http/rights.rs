//! What rights a request needs. Methods say it of themselves; here it is said of all requests.

use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::model::{RecoveryPolicy, Scope};
use crate::request::{
    ClockRepair, Credentials, DisplayAction, ForwardAction, PictureTo, Request, Route,
    SharingAction, SnapshotAction, TemplateAction, UnlockMode,
};
use crate::wire::Errand;

use super::reply::wrong;

/// Returns the scopes that an errand needs, all of them.
pub(super) fn needed(errand: &Errand) -> Vec<Scope> {
    match errand {
        Errand::One(request) => of_request(request),
        Errand::Several { requests, .. } => requests.iter().flat_map(of_request).collect(),
        Errand::Select(_) | Errand::Tasks { .. } | Errand::Task(_) | Errand::Metrics(_) => {
            vec![Scope::Observe]
        }
        Errand::Audit { .. } | Errand::CancelTask(_) | Errand::PruneTasks(_) | Errand::Gc => {
            vec![Scope::Admin]
        }
    }
}

/// Returns whether an errand is about more than VMs that it names.
pub(super) fn is_about_the_host(errand: &Errand) -> bool {
    match errand {
        Errand::One(request) => is_about_templates(request),
        Errand::Several { requests, .. } => requests.iter().any(is_about_templates),
        Errand::Select(_) => false,
        Errand::Tasks { .. }
        | Errand::Task(_)
        | Errand::CancelTask(_)
        | Errand::PruneTasks(_)
        | Errand::Audit { .. }
        | Errand::Metrics(_)
        | Errand::Gc => true,
    }
}

/// Templates are everybody's; only to save one is about a VM.
fn is_about_templates(request: &Request) -> bool {
    matches!(
        request,
        Request::Template(
            TemplateAction::List
                | TemplateAction::Show(_)
                | TemplateAction::Delete(_)
                | TemplateAction::Make(_)
        )
    )
}

fn of_request(request: &Request) -> Vec<Scope> {
    let mut scopes = vec![deed(request)];
    // It could be any file of the host.
    if !files(request).is_empty() {
        scopes.push(Scope::Admin);
    }
    scopes
}

/// Returns the scope of what a request does.
fn deed(request: &Request) -> Scope {
    match request {
        Request::List
        | Request::Status(_)
        | Request::Wait { .. }
        | Request::Screenshot(_)
        | Request::SystemStatus
        | Request::Snapshot { action: SnapshotAction::List, .. }
        | Request::Forward { action: ForwardAction::List, .. }
        | Request::Sharing { action: SharingAction::List, .. }
        | Request::Display { action: DisplayAction::Url, .. }
        | Request::Template(TemplateAction::List | TemplateAction::Show(_))
        | Request::Guest { login: None, .. }
        | Request::Unlock { mode: UnlockMode::Explain, .. } => Scope::Observe,
        Request::Clock(asked) => match asked.repair {
            ClockRepair::Tell | ClockRepair::Set => Scope::Input,
        },
        Request::Guest { login: Some(_), .. }
        | Request::Press(_)
        | Request::Point(_)
        | Request::Exec(_)
        | Request::Transfer(_) => Scope::Input,
        Request::Create(_)
        | Request::Start { .. }
        | Request::Stop(_)
        | Request::Restart { .. }
        | Request::Reset(_)
        | Request::Pause(_)
        | Request::Resume(_)
        | Request::Clone(_)
        | Request::Template(
            TemplateAction::Save { .. } | TemplateAction::Delete(_) | TemplateAction::Make(_),
        )
        | Request::Export(_)
        | Request::Import(_)
        | Request::Record(_)
        | Request::Snapshot { action: SnapshotAction::Take { .. }, .. }
        | Request::Forward { action: ForwardAction::Add(_) | ForwardAction::Remove(_), .. }
        | Request::Sharing { action: SharingAction::Add(_) | SharingAction::Remove(_), .. }
        | Request::Display { action: DisplayAction::On { .. } | DisplayAction::Off, .. } => {
            Scope::Lifecycle
        }
        Request::Recover(asked) if asked.policy == RecoveryPolicy::None => Scope::Observe,
        Request::Recover(_)
        | Request::Delete { .. }
        | Request::Run(_)
        | Request::Unlock { mode: UnlockMode::EmergencyStop, .. }
        | Request::Snapshot {
            action:
                SnapshotAction::Restore { .. }
                | SnapshotAction::Rollback { .. }
                | SnapshotAction::Delete { .. },
            ..
        } => Scope::Destroy,
        // It makes folders and files on the host.
        Request::Setup | Request::Install(_) | Request::FinishInstall(_) => Scope::Admin,
    }
}

/// Refuses files that are named without saying from where: the server's folder means nothing to who
/// asks.
pub(super) fn check_files(errand: &Errand) -> Result<(), Error> {
    let requests: Vec<&Request> = match errand {
        Errand::One(request) => vec![request],
        Errand::Several { requests, .. } => requests.iter().collect(),
        Errand::Select(_)
        | Errand::Tasks { .. }
        | Errand::Task(_)
        | Errand::CancelTask(_)
        | Errand::PruneTasks(_)
        | Errand::Audit { .. }
        | Errand::Metrics(_)
        | Errand::Gc => return Ok(()),
    };
    let mut named = requests.into_iter().flat_map(files);
    match named.find(|it| it.is_relative()) {
        None => Ok(()),
        Some(file) => Err(wrong(format!(
            "`{}` is a file of the server's host, and is not named from its root",
            file.display()
        ))
        .hint("name it as that host does, such as `/srv/discs/debian.iso`")),
    }
}

/// Returns the files of the host that a request names.
fn files(request: &Request) -> Vec<PathBuf> {
    let key = |login: &Credentials| login.identity.clone();
    let one = |file: &Path| vec![file.to_owned()];
    match request {
        Request::Create(asked) => asked.iso.iter().cloned().collect(),
        Request::Export(asked) => one(&asked.file),
        Request::Import(asked) => one(&asked.file),
        Request::Record(asked) => one(&asked.to),
        Request::Wait { watch, .. } => watch.since.iter().cloned().collect(),
        Request::Guest { login, .. } => login.iter().filter_map(|it| key(it)).collect(),
        Request::Clock(asked) => key(&asked.credentials).into_iter().collect(),
        Request::Exec(asked) => key(&asked.credentials).into_iter().collect(),
        Request::Press(asked) => match &asked.keys {
            crate::request::Keys::Pasted { credentials, .. } => {
                key(credentials).into_iter().collect()
            }
            crate::request::Keys::Text { .. } | crate::request::Keys::Chords { .. } => Vec::new(),
        },
        Request::Run(asked) => {
            let collected = asked.collect.iter().map(|it| it.to.clone());
            let login = key(&asked.exec.credentials);
            collected.chain(asked.screenshot.clone()).chain(login).collect()
        }
        Request::Transfer(asked) => {
            let login = key(&asked.credentials);
            match &asked.route {
                Route::Into { sources, .. } => sources.iter().cloned().chain(login).collect(),
                Route::OutOf { target, .. } => one(target).into_iter().chain(login).collect(),
            }
        }
        Request::Screenshot(asked) => match &asked.to {
            PictureTo::File(file) => one(file),
            PictureTo::Response | PictureTo::ResponseUnless(_) => Vec::new(),
        },
        Request::Sharing { action: SharingAction::Add(folder), .. } => one(&folder.host_path),
        Request::Sharing { action: SharingAction::List | SharingAction::Remove(_), .. }
        | Request::Install(_)
        | Request::FinishInstall(_)
        | Request::Start { .. }
        | Request::Stop(_)
        | Request::Restart { .. }
        | Request::Reset(_)
        | Request::Pause(_)
        | Request::Resume(_)
        | Request::Delete { .. }
        | Request::List
        | Request::Status(_)
        | Request::Snapshot { .. }
        | Request::Clone(_)
        | Request::Template(_)
        | Request::Forward { .. }
        | Request::Display { .. }
        | Request::Point(_)
        | Request::Unlock { .. }
        | Request::Recover(_)
        | Request::Setup
        | Request::SystemStatus => Vec::new(),
    }
}
