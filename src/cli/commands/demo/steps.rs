use super::{BOOT, Guest, Stage};
use crate::error::{Error, ErrorKind};
use crate::model::{
    Display, ExecutionEngine, Firmware, GraphicsController, Mebibytes, Nic, SnapshotName, StopMode,
};
use crate::request::{
    Analysis, CreateRequest, Credentials, DiskWish, ExecRequest, IfLive, PictureTo, PortWish,
    Request, Response, ScreenWatch, ScreenshotRequest, Secret, SnapshotAction, StopRequest, View,
    WaitCondition, WhenFull, WhenLate,
};

/// Returns what is shown, step by step.
pub(super) fn steps(stage: &Stage) -> Result<Vec<(&'static str, Request)>, Error> {
    let vm = || stage.vm.clone();
    let snapshot: SnapshotName = "clean-state".parse()?;
    let exec = |command: &str| {
        let credentials = Credentials {
            user: Some("admin".to_owned()),
            password: Some(Secret::new("password")),
            identity: None,
        };
        let timeout = Some(BOOT);
        let asked = ExecRequest::new(vm(), command, BOOT);
        Request::Exec(Box::new(ExecRequest { credentials, timeout, ..asked }))
    };
    let take = SnapshotAction::Take { name: snapshot.clone(), description: "demo".to_owned() };
    let restore = SnapshotAction::Restore {
        snapshot,
        if_live: IfLive::PowerOff,
        start: Some(Display::Headless),
    };
    let off = |mode| StopRequest { vm: vm(), mode, timeout: BOOT, then: WhenLate::PowerOff };
    let (to, analysis) = (PictureTo::Response, Analysis::Wanted);
    let picture = ScreenshotRequest { vm: vm(), to, analysis, view: View::default() };
    let reach = (WaitCondition::Ssh, BOOT);
    let (condition, timeout) = reach;
    let wait = Request::Wait { vm: vm(), condition, timeout, watch: ScreenWatch::default() };
    let mut steps = vec![("create a VM", create(stage))];
    let (display, when_full) = (Display::Headless, WhenFull::Refuse);
    let start = Request::Start { vm: vm(), display, wait: None, when_full };
    steps.push(("start it", start));
    if stage.guest == Guest::Answers {
        steps.push(("wait for its SSH server", wait));
    }
    steps.push(("look at its screen", Request::Screenshot(picture)));
    steps.push(("take a snapshot", Request::Snapshot { vm: vm(), action: take }));
    if stage.guest == Guest::Answers {
        steps.push(("run a command in it", exec("echo hello from the guest")));
    }
    steps.push(("put it back to the snapshot", Request::Snapshot { vm: vm(), action: restore }));
    steps.push(("show it", Request::Status(vm())));
    let mode = match stage.guest {
        Guest::Answers => StopMode::Acpi,
        Guest::Silent => StopMode::PowerOff,
    };
    steps.push(("stop it", Request::Stop(off(mode))));
    Ok(steps)
}

fn create(stage: &Stage) -> Request {
    Request::Create(Box::new(CreateRequest {
        memory: Some(Mebibytes(128)),
        disk: Some(DiskWish::None),
        cpus: Some(1),
        os_type: Some("Linux_64".to_owned()),
        iso: stage.iso.clone(),
        firmware: Some(Firmware::Bios),
        graphics: Some(GraphicsController::VboxVga),
        execution_engine: Some(ExecutionEngine::Auto),
        nic: Some(Nic::Nat),
        ssh: PortWish::Free,
        remote_display: PortWish::None,
        description: "made by `vm-cli demo`, may be deleted".to_owned(),
        ..CreateRequest::new(stage.name.clone())
    }))
}

/// A command that ran but failed is a failure of the demo.
pub(super) fn check(response: &Response) -> Result<(), Error> {
    if let Response::Executed { exit_code, vm, .. } = response
        && *exit_code != 0
    {
        let message = format!("the command in `{vm}` ended with {exit_code}");
        return Err(Error::new(ErrorKind::ProgramFailed, message).about(vm));
    }
    Ok(())
}

/// Tells what came of a step.
pub(super) fn detail(response: &Response) -> String {
    if let Response::Created(creation) = response {
        let forwards: Vec<String> = creation.forwards.iter().map(ToString::to_string).collect();
        format!("{} {}", creation.name, forwards.join(", "))
    } else if let Response::Changed(change) = response {
        change.state.as_ref().map(ToString::to_string).unwrap_or_default()
    } else if let Response::Screen(screen) = response {
        let kind = screen.analysis.as_ref().map_or("", |analysis| analysis.kind.as_str());
        format!("{}x{} {kind}", screen.size.width, screen.size.height)
    } else if let Response::Executed { exit_code, .. } = response {
        format!("exit code {exit_code}")
    } else if let Response::Status(vm) = response {
        match vm.snapshots.nodes().len() {
            1 => format!("{}, 1 snapshot", vm.state),
            many => format!("{}, {many} snapshots", vm.state),
        }
    } else {
        String::new()
    }
}
