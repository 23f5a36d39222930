use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::error::Error;
use crate::files::{CopyOptions, Recursion, Resumption};
use crate::model::Scope;
use crate::report::Document;
use crate::request::{
    Credentials, ExecRequest, Request, Response, Route, Secret, TransferRequest, Via,
};
use crate::server::answer::Answer;
use crate::server::desk::Desk;
use crate::server::method::Method;

/// A command that was not given a time may run so long.
const USUAL: Duration = Duration::from_mins(2);

/// Who logs in to a guest, and by what.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Login {
    /// The guest's user; as configured if it is left out.
    user: Option<String>,
    /// Its password; a key, or the SSH agent, if it is left out.
    password: Option<Password>,
    /// A private key: a file of this host.
    identity: Option<PathBuf>,
}

/// A password is never shown.
#[derive(Deserialize, JsonSchema)]
struct Password(String);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl From<Login> for Credentials {
    fn from(login: Login) -> Self {
        let password = login.password.map(|Password(it)| Secret::new(it));
        Self { user: login.user, password, identity: login.identity }
    }
}

/// Run a command line in a VM's guest, over SSH or the Guest Additions, whichever answers. It tells
/// the exit code and what was printed, 64 KiB of each stream at most. When its time is over, the
/// command is ended.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct Exec {
    /// The VM: its name or UUID.
    vm: String,
    /// The command line, as the guest's shell reads it.
    command: String,
    /// Who runs it.
    #[serde(default)]
    login: Login,
    /// The guest's folder in which it runs.
    folder: Option<String>,
    /// How long it may run, in seconds; 120 if it is left out.
    timeout_seconds: Option<f64>,
}

impl Method for Exec {
    const NAME: &'static str = "guest_exec";
    const SCOPE: Scope = Scope::Input;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        if self.login.identity.is_some() {
            desk.client().permit(Scope::Admin)?;
        }
        let within = desk.settings().timeouts.wait;
        let request = ExecRequest {
            credentials: self.login.into(),
            via: Via::Auto,
            folder: self.folder,
            timeout: Some(Desk::seconds(self.timeout_seconds, USUAL)?),
            ..ExecRequest::new(self.vm.parse()?, self.command, within)
        };
        let (response, printed) = desk.ask_and_listen(Request::Exec(Box::new(request))).await?;
        if let Response::Executed { vm, exit_code, via, took } = &response {
            let captured = printed.captured();
            return Ok(Document::executed(vm, *exit_code, *via, *took, &captured).into());
        }
        Ok(Answer::of(response))
    }
}

/// Copy a file or a folder of this host into a VM's guest, checksums verified.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct CopyInto {
    /// The VM: its name or UUID.
    vm: String,
    /// A file or folder of this host.
    source: PathBuf,
    /// A path of the guest.
    target: String,
    /// Who copies.
    #[serde(default)]
    login: Login,
}

impl Method for CopyInto {
    const NAME: &'static str = "guest_copy_into";
    const SCOPE: Scope = Scope::Admin;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let route = Route::Into { sources: vec![self.source], target: self.target };
        copy(desk, &self.vm, route, self.login).await
    }
}

/// Copy a file or a folder out of a VM's guest to this host, checksums verified.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct CopyOutOf {
    /// The VM: its name or UUID.
    vm: String,
    /// A file or folder of the guest.
    source: String,
    /// A path of this host.
    target: PathBuf,
    /// Who copies.
    #[serde(default)]
    login: Login,
}

impl Method for CopyOutOf {
    const NAME: &'static str = "guest_copy_out";
    const SCOPE: Scope = Scope::Admin;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let route = Route::OutOf { sources: vec![self.source], target: self.target };
        copy(desk, &self.vm, route, self.login).await
    }
}

async fn copy(desk: &Desk, vm: &str, route: Route, login: Login) -> Result<Answer, Error> {
    let options = CopyOptions { recursion: Recursion::Descend, resumption: Resumption::Anew };
    let request = TransferRequest {
        vm: vm.parse()?,
        route,
        options,
        via: Via::Auto,
        credentials: login.into(),
        reach_within: desk.settings().timeouts.wait,
    };
    desk.tell(Request::Transfer(Box::new(request))).await
}
