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
    match response {
        Response::List(vms) if vms.is_empty() => {
            app.shell.remark("no VMs yet; create one: vm-cli create --name my-vm");
        }
        Response::Snapshots { tree, vm } if tree.is_empty() => {
            app.shell.remark(&format!("`{vm}` has no snapshots"));
        }
        Response::Forwards { forwards, vm } if forwards.is_empty() => {
            app.shell.remark(&format!("`{vm}` has no forwards"));
        }
        Response::Shares { folders, vm } if folders.is_empty() => {
            app.shell.remark(&format!("`{vm}` shares no folders"));
        }
        Response::Rehearsed(_) => app.shell.remark("this was a rehearsal: nothing was changed"),
        Response::List(_)
        | Response::Snapshots { .. }
        | Response::Changed(_)
        | Response::Created(_)
        | Response::Copied { .. }
        | Response::Forwards { .. }
        | Response::Forwarded(_)
        | Response::Shares { .. }
        | Response::Status(_)
        | Response::Screen(_)
        | Response::Pointed(_)
        | Response::Executed { .. }
        | Response::Ran(_)
        | Response::Transferred(_)
        | Response::Display(_)
        | Response::Clock(_)
        | Response::Held(_)
        | Response::Recovered(_)
        | Response::Checked(_)
        | Response::SystemStatus(_) => {}
    }
    Ok(exit_code(response))
}

/// Returns 0 unless the response itself tells that VMs cannot run.
fn exit_code(response: &Response) -> u8 {
    let usable = match response {
        Response::SystemStatus(system) => system.hypervisor.is_usable(),
        Response::Checked(findings) => {
            findings.iter().all(|finding| finding.severity != Severity::Problem)
        }
        Response::Changed(_)
        | Response::Created(_)
        | Response::List(_)
        | Response::Status(_)
        | Response::Snapshots { .. }
        | Response::Copied { .. }
        | Response::Forwards { .. }
        | Response::Forwarded(_)
        | Response::Shares { .. }
        | Response::Screen(_)
        | Response::Pointed(_)
        | Response::Executed { .. }
        | Response::Ran(_)
        | Response::Transferred(_)
        | Response::Display(_)
        | Response::Clock(_)
        | Response::Held(_)
        | Response::Recovered(_)
        | Response::Rehearsed(_) => true,
    };
    if usable { 0 } else { ErrorKind::HypervisorUnusable.exit_code() }
}
