use crate::cli::outcome::Outcome;
use crate::cli::session::Ended;
use crate::cli::shell::{App, Shell};
use crate::cli::target::Given;
use crate::error::{Error, ErrorKind};
use crate::model::Severity;
use crate::report::Document;
use crate::request::{Request, Response};

/// Asks for one thing and shows what came of it.
pub(super) fn ask(shell: Shell, request: impl FnOnce(&Given) -> Result<Request, Error>) -> Outcome {
    let app = shell.app()?;
    let request = request(&app.given())?;
    let response = one(&app, request).outcome()?;
    Ok(show(&app, &response)?)
}

/// Asks for one thing.
pub(super) fn one(app: &App, request: Request) -> Ended<Response> {
    app.session(&app.loaded.settings, async |session| session.ask(request).await)
}

/// Shows what came of a request, and returns the exit code.
pub(super) fn show(app: &App, response: &Response) -> Result<u8, Error> {
    app.shell.show(&Document::of(response))?;
    if let Some(remark) = remark(response) {
        app.shell.remark(&remark);
    }
    Ok(exit_code(response))
}

/// Says what a person should know beside the document.
fn remark(response: &Response) -> Option<String> {
    if let Response::List(vms) = response {
        let invitation = "no VMs yet; create one: vm-cli create --name my-vm";
        vms.is_empty().then(|| invitation.to_owned())
    } else if let Response::Snapshots { vm, tree } = response {
        tree.is_empty().then(|| format!("`{vm}` has no snapshots"))
    } else if let Response::Forwards { vm, forwards } = response {
        forwards.is_empty().then(|| format!("`{vm}` has no forwards"))
    } else if let Response::Shares { vm, folders } = response {
        folders.is_empty().then(|| format!("`{vm}` shares no folders"))
    } else if let Response::Templates(found) = response {
        let invitation = "no templates yet; make a VM one: vm-cli template save VM";
        found.is_empty().then(|| invitation.to_owned())
    } else if let Response::Rehearsed(_) = response {
        Some("this was a rehearsal: nothing was changed".to_owned())
    } else {
        None
    }
}

/// Returns 0 unless the response itself tells that VMs cannot run.
fn exit_code(response: &Response) -> u8 {
    let usable = if let Response::SystemStatus(system) = response {
        system.hypervisor.is_usable()
    } else if let Response::Checked(findings) = response {
        findings.iter().all(|finding| finding.severity != Severity::Problem)
    } else {
        true
    };
    if usable { 0 } else { ErrorKind::HypervisorUnusable.exit_code() }
}
