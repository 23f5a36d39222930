use std::sync::Arc;

use clap::Args;

use super::guest_command::{self, CommandWish, ask, could_not_run};
use super::several::{conclude, stdin_text};
use crate::cli::labelled::Labelled;
use crate::cli::outcome::Outcome;
use crate::cli::shell::{App, Shell};
use crate::cli::sink::KeepingAll;
use crate::cli::target::Given;
use crate::cli::targets::{Aim, Targets};
use crate::error::Error;
use crate::model::VmRef;
use crate::orchestrator::BatchOutput;
use crate::request::{Request, Secret, Selection};

/// Run a command in a guest
///
/// It runs over SSH. Its output is handed on as it comes (with --json it is part of the document),
/// and its exit code is ours; 255 means that it could not be run. When its time is over, or Ctrl-C
/// comes, or nobody reads its output any more, it is ended in the guest with all that it started.
/// Words after `--` are joined by spaces, as ssh does.
///
/// Without a password or a key, the SSH agent and the configured key are tried. A password on the
/// command line can be seen by who lists this host's processes, and so can a variable's value: for
/// passwords, a file, standard input, VM_CLI_PASSWORD or a key keep it from them.
///
/// A Windows guest's command goes to its SSH server's own shell as it is, and is ended by hanging
/// up; --shell or --desktop hands it to PowerShell or cmd.exe, which takes --env and --cwd and is
/// ended with all that it started. What is printed on the desktop is not seen here.
///
/// In several VMs every line has its VM's name before it, the VMs come in order, and the exit code
/// is 0, or 8 if the command failed or could not be run in one of them.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli exec --name my-first-vm --command \"dir\" --username admin --password password
  vm-cli exec my-first-vm --user admin --password-file secret.txt -- ls -l /tmp
  vm-cli exec my-first-vm --user admin --identity id_ed25519 --timeout 5m -- make test
  vm-cli exec my-first-vm --cwd /srv/app --env STAGE=test --stdin data.sql -- ./load
  vm-cli exec my-first-vm --user admin --tty -- top
  vm-cli exec windows --shell powershell --command \"Get-Process | Sort-Object CPU\"
  vm-cli exec windows --desktop -- notepad C:\\readme.txt
  vm-cli exec 'test-*' --user admin --identity id_ed25519 -- uname -a")]
pub(crate) struct Exec {
    #[command(flatten)]
    targets: Targets,

    #[command(flatten)]
    wish: CommandWish,
}

impl Exec {
    /// Says what the arguments ask for, the password having been read.
    pub(super) fn request(
        &self,
        vm: VmRef,
        given: &Given,
        password: Option<Secret>,
    ) -> Result<Request, Error> {
        Ok(Request::Exec(Box::new(self.wish.exec(vm, given, password)?)))
    }

    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let app = shell.app().map_err(|error| could_not_run(error.into()))?;
        if self.targets.reads_stdin() {
            self.wish.leave_stdin_to("names")?;
        }
        self.wish.check_stdin()?;
        match self.targets.aim(&app.given(), stdin_text)? {
            Aim::One(vm) => self.perform(&app, vm).map_err(could_not_run),
            Aim::Several(selection) => self.perform_in_each(&app, &selection),
        }
    }

    fn perform_in_each(&self, app: &App, selection: &Selection) -> Outcome {
        self.wish.streams.check_several()?;
        let (given, password) = (app.given(), self.wish.login.read(app)?);
        let pace = self.targets.several.pace.pace();
        let kept = Arc::new(KeepingAll::default());
        let output: Arc<dyn BatchOutput> = if app.shell.is_structured() {
            kept.clone()
        } else {
            Arc::new(Labelled::new(Arc::clone(&app.shell.console)))
        };
        let ended = app.session(&app.paced(pace), async |session| {
            let vms = session.select(selection).await?;
            let request = |vm| self.request(vm, &given, password.clone());
            let requests = vms.into_iter().map(request).collect::<Result<_, _>>()?;
            Ok(session.ask_all(requests, pace, output).await)
        });
        let count = ended.result.as_ref().map_or(0, |batch| batch.outcomes.len());
        conclude(app, ended, &kept.take(count))
    }

    fn perform(&self, app: &App, vm: VmRef) -> Outcome {
        let mut exec = self.wish.exec(vm, &app.given(), self.wish.login.read(app)?)?;
        let lent = self.wish.streams.lend(app, &mut exec);
        guest_command::conclude(app, ask(app, Request::Exec(Box::new(exec)), lent))
    }
}
