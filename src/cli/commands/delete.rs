use std::sync::Arc;

use clap::Args;

use super::several::{OnEach, ask_all, conclude, stdin_text};
use super::simple::{one, show};
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::shell::{App, Shell};
use crate::cli::target::Given;
use crate::cli::targets::{Aim, Targets};
use crate::error::{Error, ErrorKind};
use crate::model::{Vm, VmRef, typed};
use crate::request::{IfLive, IfMissing, Request, Response, Selection};

/// Delete a VM with its disks and snapshots
///
/// On a terminal it asks first; elsewhere, and with --all, it needs --yes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli delete --name my-first-vm
  vm-cli delete web --force --yes
  vm-cli rm web --if-exists --yes --quiet
  vm-cli delete 'test-vm-*' --force --yes")]
pub(crate) struct Delete {
    #[command(flatten)]
    targets: Targets,

    /// Power it off first if it is running
    #[arg(short, long)]
    force: bool,

    /// Succeed if there is no such VM, or none that is meant
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

impl OnEach for Delete {
    fn targets(&self, _given: &Given) -> Result<Targets, Error> {
        Ok(self.targets.clone())
    }

    fn request(&self, vm: VmRef, _given: &Given) -> Result<Request, Error> {
        Ok(Request::Delete {
            vm,
            if_missing: if self.if_exists { IfMissing::Succeed } else { IfMissing::Fail },
            if_live: if self.force { IfLive::PowerOff } else { IfLive::Fail },
        })
    }
}

impl Delete {
    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        match self.targets.aim(&app.given(), stdin_text)? {
            Aim::One(vm) => self.delete_one(&app, vm),
            Aim::Several(selection) => self.delete_several(&app, &selection),
        }
    }

    fn delete_one(&self, app: &App, vm: VmRef) -> Outcome {
        let name = vm.to_string();
        let request = self.request(vm.clone(), &app.given())?;
        match consent(app) {
            Consent::Given => {}
            Consent::Missing => return Err(self.unconfirmed(&name).into()),
            Consent::Ask => {
                let found = match one(app, Request::Status(vm)).outcome() {
                    Ok(Response::Status(vm)) => Some(vm),
                    Ok(_) => None,
                    Err(failure) if self.is_fine(&failure.error) => None,
                    Err(failure) => return Err(failure),
                };
                let answer = found.map(|vm| ask(app, question(&vm))).transpose()?;
                if answer.is_some_and(|answer| !is_yes(&answer)) {
                    return Err(declined(&format!("`{name}` was not deleted")).about(name).into());
                }
            }
        }
        let response = one(app, request).outcome()?;
        Ok(show(app, &response)?)
    }

    fn delete_several(&self, app: &App, selection: &Selection) -> Outcome {
        let settings = &app.loaded.settings;
        let found = app.session(settings, async |session| session.select(selection).await);
        let vms = match found.outcome() {
            Err(failure) if self.is_fine(&failure.error) => Vec::new(),
            decided => decided?,
        };
        let crowd = Crowd { vms: &vms, all: self.targets.several.all };
        // Who says "all" may not know how many that are.
        if consent(app) == Consent::Ask && (crowd.all || self.targets.reads_stdin()) {
            return Err(crowd.unconfirmed(&app.shell.command_line).into());
        }
        confirm(app, &crowd)?;
        let given = app.given();
        let request = |vm| self.request(vm, &given);
        let requests = vms.into_iter().map(request).collect::<Result<_, _>>()?;
        conclude(app, ask_all(app, requests, self.targets.several.pace.pace()), &[])
    }

    fn is_fine(&self, error: &Error) -> bool {
        self.if_exists && error.kind() == ErrorKind::VmNotFound
    }

    fn unconfirmed(&self, name: &str) -> Error {
        let force = if self.force { " --force" } else { "" };
        let if_exists = if self.if_exists { " --if-exists" } else { "" };
        let command = format!("vm-cli delete --name {}{force}{if_exists} --yes", typed(name));
        let message =
            format!("deleting `{name}` with its disks and snapshots needs a confirmation");
        Error::new(ErrorKind::ConfirmationRequired, message)
            .about(name)
            .hint(format!("`{command}`"))
    }
}

/// Goes on only if a deletion is wanted.
pub(super) fn confirm(app: &App, crowd: &Crowd<'_>) -> Result<(), Failure> {
    match consent(app) {
        Consent::Given => Ok(()),
        Consent::Ask if is_yes(&ask(app, crowd.question())?) => Ok(()),
        Consent::Ask => Err(declined("nothing was deleted").into()),
        Consent::Missing => Err(crowd.unconfirmed(&app.shell.command_line).into()),
    }
}

fn declined(message: &str) -> Error {
    Error::new(ErrorKind::ConfirmationRequired, message)
}

fn consent(app: &App) -> Consent {
    let global = &app.shell.global;
    match (global.yes || global.dry_run, app.shell.terminal.can_ask()) {
        (true, _) => Consent::Given,
        (false, true) => Consent::Ask,
        (false, false) => Consent::Missing,
    }
}

/// Asks, and hears Ctrl-C meanwhile: the status before has taken its usual effect away.
fn ask(app: &App, question: String) -> Result<String, Failure> {
    let console = Arc::clone(&app.shell.console);
    let asked = app.block_on(async move |mut signals| {
        let answer = tokio::task::spawn_blocking(move || console.ask(&question));
        signals.or(answer).await
    });
    match asked.outcome() {
        Ok(answer) => Ok(answer.unwrap_or_default()),
        Err(failure) => {
            // The cursor still stands behind the question.
            app.shell.console.talk("\n");
            Err(failure)
        }
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

/// Several VMs that are to be deleted.
pub(super) struct Crowd<'a> {
    pub(super) vms: &'a [VmRef],
    /// Whether nobody named them.
    pub(super) all: bool,
}

impl Crowd<'_> {
    /// How many names are said.
    const NAMES: usize = 5;

    fn how_many(&self) -> String {
        let names = self.vms.iter().take(Self::NAMES);
        let names: Vec<_> = names.map(|vm| format!("`{}`", vm.as_str().escape_debug())).collect();
        let more = match self.vms.len().saturating_sub(Self::NAMES) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let all = if self.all { "all " } else { "" };
        let (count, plural) = (self.vms.len(), if self.vms.len() == 1 { "" } else { "s" });
        format!("{all}{count} VM{plural} ({}{more})", names.join(", "))
    }

    fn question(&self) -> String {
        format!("Delete {} for good, with disks and snapshots? [y/N] ", self.how_many())
    }

    fn unconfirmed(&self, command_line: &str) -> Error {
        let what = self.how_many();
        let message = format!("deleting {what} with disks and snapshots needs a confirmation");
        Error::new(ErrorKind::ConfirmationRequired, message).hint(format!("`{command_line} --yes`"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Crowd, Delete, is_yes};
    use crate::cli::targets::Targets;
    use crate::error::ErrorKind;
    use crate::model::{VmRef, typed};

    #[test]
    fn the_hint_is_the_command_to_type() {
        let targets = Targets { flags: vec!["my vm".to_owned()], ..Targets::default() };
        let delete = Delete { targets, force: true, if_exists: false };
        let error = delete.unconfirmed("my vm");
        assert_eq!(error.kind(), ErrorKind::ConfirmationRequired);
        assert_eq!(error.kind().exit_code(), 9);
        let command = format!("`vm-cli delete --name {} --force --yes`", typed("my vm"));
        assert_eq!(error.next_step(), Some(command.as_str()));
    }

    #[test]
    fn of_several_it_says_how_many_and_some_of_the_names() {
        let vms: Vec<VmRef> = (1..8).map(|n| format!("vm-{n}").parse().unwrap()).collect();
        let crowd = Crowd { vms: &vms, all: true };
        let expected = "all 7 VMs (`vm-1`, `vm-2`, `vm-3`, `vm-4`, `vm-5` and 2 more)";
        assert_eq!(crowd.how_many(), expected);
        let error = crowd.unconfirmed("vm-cli delete --all");
        assert_eq!(error.next_step(), Some("`vm-cli delete --all --yes`"));
        assert_eq!(Crowd { vms: &vms[..1], all: false }.how_many(), "1 VM (`vm-1`)");
    }

    #[test]
    fn only_a_yes_is_a_yes() {
        assert!(is_yes("y") && is_yes("YES"));
        assert!(!is_yes("") && !is_yes("no") && !is_yes("yeah"));
    }
}
