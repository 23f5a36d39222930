//! The JSON input of built-in tasks.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use crate::config::Settings;
use crate::error::{Error, ErrorKind};
use crate::model::{Display, Gibibytes, Mebibytes, StopMode, VmRef, VmTaskType};
use crate::request::{
    Analysis, CreateRequest, Credentials, DiskWish, ExecRequest, IfLive, IfMissing, PictureTo,
    Request, ScreenshotRequest, Secret, SnapshotAction, StopRequest, View, WhenFull, WhenLate,
};

/// Everything that an input may hold; which parts a task needs is its own matter.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Input {
    name: Option<String>,
    memory_mb: Option<u64>,
    disk_size_gb: Option<u64>,
    cpu_cores: Option<u32>,
    os_type: Option<String>,
    iso: Option<PathBuf>,
    force: bool,
    timeout_seconds: Option<u64>,
    snapshot_name: Option<String>,
    description: String,
    file: Option<PathBuf>,
    command: Option<String>,
    username: Option<String>,
    password: Option<String>,
}

/// Builds the request of a built-in task from its input.
pub(super) fn request(
    task: &VmTaskType,
    input: serde_json::Value,
    settings: &Settings,
) -> Result<Request, Error> {
    let given = if input.is_null() { Ok(Input::default()) } else { serde_json::from_value(input) };
    let given: Input = given.map_err(|e| {
        Error::new(ErrorKind::Usage, format!("the input of a `{task}` task is wrong")).caused_by(e)
    })?;
    if *task == VmTaskType::List {
        return Ok(Request::List);
    }
    let name = given.name.clone().ok_or_else(|| missing(task, "name"))?;
    if *task == VmTaskType::Create {
        return create(&name, given).map(|asked| Request::Create(Box::new(asked)));
    }
    on_vm(task, name.parse()?, given, settings)
}

fn on_vm(
    task: &VmTaskType,
    vm: VmRef,
    given: Input,
    settings: &Settings,
) -> Result<Request, Error> {
    let timeout = given.timeout_seconds.map(Duration::from_secs);
    let if_live = if given.force { IfLive::PowerOff } else { IfLive::Fail };
    let snapshot = || given.snapshot_name.as_deref().ok_or_else(|| missing(task, "snapshot_name"));
    Ok(match task {
        VmTaskType::Start => Request::Start {
            vm,
            display: Display::Headless,
            wait: None,
            when_full: WhenFull::Refuse,
        },
        VmTaskType::Stop => Request::Stop(StopRequest {
            vm,
            mode: if given.force { StopMode::PowerOff } else { StopMode::Acpi },
            timeout: timeout.unwrap_or(settings.timeouts.stop),
            then: WhenLate::Fail,
        }),
        VmTaskType::Reset => Request::Reset(vm),
        VmTaskType::Pause => Request::Pause(vm),
        VmTaskType::Resume => Request::Resume(vm),
        VmTaskType::Delete => Request::Delete { vm, if_missing: IfMissing::Fail, if_live },
        VmTaskType::Inspect => Request::Status(vm),
        VmTaskType::SnapshotTake => {
            let (name, description) = (snapshot()?.parse()?, given.description.clone());
            Request::Snapshot { vm, action: SnapshotAction::Take { name, description } }
        }
        VmTaskType::SnapshotRestore => {
            let snapshot = snapshot()?.parse()?;
            let action = SnapshotAction::Restore { snapshot, if_live, start: None };
            Request::Snapshot { vm, action }
        }
        VmTaskType::SnapshotDelete => {
            let snapshot = snapshot()?.parse()?;
            Request::Snapshot { vm, action: SnapshotAction::Delete { snapshot } }
        }
        VmTaskType::Screenshot => Request::Screenshot(ScreenshotRequest {
            vm,
            to: given.file.map_or(PictureTo::Response, PictureTo::File),
            analysis: Analysis::Wanted,
            view: View::default(),
        }),
        VmTaskType::Exec => {
            let command = given.command.ok_or_else(|| missing(task, "command"))?;
            let credentials = Credentials {
                user: given.username,
                password: given.password.map(Secret::new),
                identity: None,
            };
            Request::Exec(Box::new(ExecRequest {
                credentials,
                timeout,
                ..ExecRequest::new(vm, command, settings.timeouts.wait)
            }))
        }
        VmTaskType::Create
        | VmTaskType::List
        | VmTaskType::Keys
        | VmTaskType::Pointer
        | VmTaskType::Connect
        | VmTaskType::Copy
        | VmTaskType::Forward
        | VmTaskType::Share
        | VmTaskType::Unlock
        | VmTaskType::Recover
        | VmTaskType::Install
        | VmTaskType::Clone
        | VmTaskType::Export
        | VmTaskType::Import
        | VmTaskType::Custom(_) => {
            let message = format!("a `{task}` task cannot be made from an input for one VM");
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
    })
}

fn create(name: &str, given: Input) -> Result<CreateRequest, Error> {
    Ok(CreateRequest {
        memory: given.memory_mb.map(Mebibytes),
        disk: given.disk_size_gb.map(|size| match size {
            0 => DiskWish::None,
            size => DiskWish::Size(Gibibytes(size)),
        }),
        cpus: given.cpu_cores,
        os_type: given.os_type,
        iso: given.iso,
        description: given.description,
        ..CreateRequest::new(name.parse()?)
    })
}

fn missing(task: &VmTaskType, key: &str) -> Error {
    Error::new(ErrorKind::Usage, format!("a `{task}` task needs `{key}` in its input"))
}
