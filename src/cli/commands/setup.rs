use clap::Args;

use super::simple::{one, show};
use crate::cli::outcome::Outcome;
use crate::cli::shell::{App, Shell};
use crate::config;
use crate::error::{Error, ErrorKind};
use crate::model::{Finding, Severity};
use crate::request::{Request, Response};

/// Check what VMs need on this host, and prepare it
///
/// Folders and the user's configuration file are made where they are missing. Exits with 0 if VMs
/// can run, and with 6 if not.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli setup
  vm-cli setup --json")]
pub(crate) struct Setup {}

impl Setup {
    #[expect(clippy::unused_self, reason = "commands are run alike")]
    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        let file = config_file(&app);
        let response = match one(&app, Request::Setup).outcome() {
            Ok(Response::Checked(findings)) => Response::Checked([vec![file], findings].concat()),
            Ok(other) => other,
            // Not even the search for a hypervisor went well: that is what setup is asked for.
            Err(failure) if failure.error.kind() == ErrorKind::HypervisorMissing => {
                Response::Checked(vec![missing(&failure.error), file])
            }
            Err(failure) => return Err(failure),
        };
        Ok(show(&app, &response)?)
    }
}

fn config_file(app: &App) -> Finding {
    let file = app.folders.config_file();
    let finding = |severity, message: String, fix: Option<String>| Finding {
        check: "config_file".into(),
        severity,
        message,
        fix,
    };
    let shown = file.display();
    if file.exists() {
        return finding(Severity::Fine, format!("{shown} is right"), None);
    }
    if app.shell.global.dry_run {
        return finding(Severity::Fine, format!("{shown} would be written"), None);
    }
    match config::write_new(file, &config::sample()) {
        Ok(()) => finding(Severity::Fine, format!("{shown} was written"), None),
        Err(error) => {
            let fix = "make its folder writable, or set `VM_CLI_HOME` to a folder that is";
            finding(Severity::Advice, error.to_string(), Some(fix.to_owned()))
        }
    }
}

fn missing(error: &Error) -> Finding {
    Finding {
        check: "hypervisor".into(),
        severity: Severity::Problem,
        message: error.to_string(),
        fix: error.next_step().map(str::to_owned),
    }
}
