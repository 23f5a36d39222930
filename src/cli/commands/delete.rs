use clap::Args;

use super::simple::{one, show};
use crate::cli::outcome::Outcome;
use crate::cli::shell::{App, Shell};
use crate::cli::target::{Given, Target};
use crate::error::{Error, ErrorKind};
use crate::model::Vm;
use crate::process::quoted;
use crate::request::{IfLive, IfMissing, Request, Response};

/// Delete a VM with its disks and snapshots
///
/// On a terminal it asks first; elsewhere it needs --yes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli delete --name my-first-vm
  vm-cli delete web --force --yes
  vm-cli rm web --if-exists --yes --quiet")]
pub(crate) struct Delete {
    #[command(flatten)]
    target: Target,

    /// Power it off first if it is running
    #[arg(short, long)]
    force: bool,

    /// Succeed if there is no such VM
    #[arg(long)]
    if_exists: bool,
}

/// Whether a deletion goes ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Consent {
    /// It was given.
    Given,
    /// The person must be asked.
    Ask,
    /// It is missing, and nobody can be asked.
    Missing,
}

impl Delete {
    /// Says what the arguments ask for.
    pub(super) fn request(&self, given: &Given) -> Result<Request, Error> {
        Ok(Request::Delete {
            vm: self.target.vm(given)?,
            if_missing: if self.if_exists { IfMissing::Succeed } else { IfMissing::Fail },
            if_live: if self.force { IfLive::PowerOff } else { IfLive::Fail },
        })
    }

    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        let request = self.request(&app.given())?;
        let name = self.target.text(&app.given())?;
        match consent(&app) {
            Consent::Given => {}
            Consent::Missing => return Err(self.unconfirmed(&name).into()),
            Consent::Ask => {
                let status = Request::Status(self.target.vm(&app.given())?);
                let found = match one(&app, status).outcome() {
                    Ok(Response::Status(vm)) => Some(vm),
                    Ok(_) => None,
                    Err(failure) if self.is_fine(&failure.error) => None,
                    Err(failure) => return Err(failure),
                };
                if found.is_some_and(|vm| !is_yes(&app.shell.console.ask(&question(&vm)))) {
                    let kind = ErrorKind::ConfirmationRequired;
                    let declined = Error::new(kind, format!("`{name}` was not deleted"));
                    return Err(declined.about(name).into());
                }
            }
        }
        let response = one(&app, request).outcome()?;
        Ok(show(&app, &response)?)
    }

    fn is_fine(&self, error: &Error) -> bool {
        self.if_exists && error.kind() == ErrorKind::VmNotFound
    }

    fn unconfirmed(&self, name: &str) -> Error {
        let force = if self.force { " --force" } else { "" };
        let if_exists = if self.if_exists { " --if-exists" } else { "" };
        let command = format!("vm-cli delete --name {}{force}{if_exists} --yes", quoted(name));
        let message =
            format!("deleting `{name}` with its disks and snapshots needs a confirmation");
        Error::new(ErrorKind::ConfirmationRequired, message)
            .about(name)
            .hint(format!("`{command}`"))
    }
}

fn consent(app: &App) -> Consent {
    let global = &app.shell.global;
    match (global.yes || global.dry_run, app.shell.terminal.can_ask()) {
        (true, _) => Consent::Given,
        (false, true) => Consent::Ask,
        (false, false) => Consent::Missing,
    }
}

fn question(vm: &Vm) -> String {
    let disks = match vm.disks.len() {
        1 => "1 disk or disc drive".to_owned(),
        many => format!("{many} disks and disc drives"),
    };
    let snapshots = match vm.snapshots.nodes().len() {
        0 => "no snapshots".to_owned(),
        1 => "1 snapshot".to_owned(),
        many => format!("{many} snapshots"),
    };
    let name = vm.name.escape_debug();
    format!("Delete `{name}` ({}) for good, with {disks} and {snapshots}? [y/N] ", vm.state)
}

fn is_yes(answer: &str) -> bool {
    ["y", "yes"].contains(&answer.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::{Delete, is_yes};
    use crate::cli::target::Target;
    use crate::error::ErrorKind;

    #[test]
    fn the_hint_is_the_command_to_type() {
        let target = Target { word: None, flag: Some("my vm".to_owned()) };
        let delete = Delete { target, force: true, if_exists: false };
        let error = delete.unconfirmed("my vm");
        assert_eq!(error.kind(), ErrorKind::ConfirmationRequired);
        assert_eq!(error.kind().exit_code(), 9);
        assert_eq!(error.next_step(), Some("`vm-cli delete --name 'my vm' --force --yes`"));
    }

    #[test]
    fn only_a_yes_is_a_yes() {
        assert!(is_yes("y") && is_yes("YES"));
        assert!(!is_yes("") && !is_yes("no") && !is_yes("yeah"));
    }
}
