use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::fleet::FleetFile;
use super::login::LoginWish;
use super::several::{OnEach, ask_each, conclude, stdin_text};
use super::simple::{one, show};
use crate::cli::outcome::Outcome;
use crate::cli::session::Session;
use crate::cli::shell::{App, Shell};
use crate::cli::sink::Silent;
use crate::cli::target::Given;
use crate::cli::targets::{Aim, Targets};
use crate::cli::terminal::Stream;
use crate::cli::usage;
use crate::cli::values::duration;
use crate::error::Error;
use crate::fleet::Standing;
use crate::model::VmRef;
use crate::report::{self, Document, Format};
use crate::request::{Credentials, Request};

/// Show a VM, or how the VMs of a file stand
///
/// With --watch it is shown anew until Ctrl-C. With --file it shows each VM of a file that `up`
/// reads, and whether it is as the file says: exit code 0 if all of them are, 1 if one is not.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli status --name my-first-vm
  vm-cli status my-first-vm --json
  vm-cli status my-first-vm --guest --username admin --password-file secret.txt
  vm-cli status my-first-vm --watch --interval 5s
  vm-cli status --all --json
  vm-cli status -f vms.json
  vm-cli status my-first-vm --columns state --no-header")]
pub(crate) struct Status {
    #[command(flatten)]
    targets: Targets,

    /// Show how the VMs of this file stand; NAME is then a key or a name in it
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["all", "group", "state"])]
    file: Option<PathBuf>,

    /// Ask the guest too: its system, addresses and users, as its Guest Additions report them, and
    /// its clock, if a login is given or configured
    #[arg(short, long, conflicts_with = "file")]
    guest: bool,

    #[command(flatten)]
    login: LoginWish,

    /// Show it anew again and again, until Ctrl-C
    #[arg(short, long)]
    watch: bool,

    /// Wait this long in between
    #[arg(long, value_name = "TIME", requires = "watch", default_value = "2s", value_parser = duration)]
    interval: Duration,
}

/// The exit code when a VM is not as a file says.
const NOT_AS_SAID: u8 = 1;

/// Clears a terminal and begins at its top left.
const CLEAR: &str = "\u{1b}[H\u{1b}[J";

impl OnEach for Status {
    fn targets(&self, _given: &Given) -> Result<Targets, Error> {
        Ok(self.targets.clone())
    }

    fn request(&self, vm: VmRef, _given: &Given) -> Result<Request, Error> {
        Ok(self.of(vm, None))
    }
}

impl Status {
    /// Returns whether it is about the VMs of a file.
    pub(super) fn is_of_a_file(&self) -> bool {
        self.file.is_some()
    }

    fn of(&self, vm: VmRef, login: Option<&Credentials>) -> Request {
        let login = login.cloned().map(Box::new);
        if self.guest { Request::Guest { vm, login } } else { Request::Status(vm) }
    }

    /// Returns who asks the guest for its time, if somebody is named or configured.
    fn login(&self, app: &App) -> Result<Option<Credentials>, Error> {
        if !self.guest {
            let why = "a login is of no use without `--guest`";
            return if self.login.is_given() { Err(usage(why)) } else { Ok(None) };
        }
        let login = self.login.credentials(self.login.read(app)?);
        let is_configured = app.loaded.settings.ssh.identity.is_some();
        Ok((is_configured || login != Credentials::default()).then_some(login))
    }

    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        if let Some(file) = &self.file {
            return self.of_file(&app, file);
        }
        let login = self.login(&app)?;
        let of = |vm| self.of(vm, login.as_ref());
        match self.targets.aim(&app.given(), stdin_text)? {
            Aim::One(vm) if self.watch => self.repeat(&app, &async |session: &mut Session| {
                let response = session.ask(of(vm.clone())).await?;
                Ok(Document::of(&response))
            }),
            Aim::One(vm) => {
                let response = one(&app, of(vm)).outcome()?;
                Ok(show(&app, &response)?)
            }
            Aim::Several(selection) if self.watch => {
                self.repeat(&app, &async |session: &mut Session| {
                    let vms = session.select(&selection).await?;
                    let requests = vms.into_iter().map(of).collect();
                    let pace = self.targets.several.pace.pace();
                    let batch = session.ask_all(requests, pace, Arc::new(Silent)).await;
                    let document = Document::batch(&batch, &[]);
                    let failure = batch.outcomes.into_iter().find_map(|it| it.result.err());
                    failure.map_or(Ok(document), Err)
                })
            }
            Aim::Several(selection) => {
                let pace = self.targets.several.pace.pace();
                let asked = ask_each(&app, &selection, pace, |vm| Ok(of(vm)));
                conclude(&app, asked, &[])
            }
        }
    }

    /// Shows how the VMs of a file stand.
    fn of_file(&self, app: &App, file: &Path) -> Outcome {
        let words = [self.targets.words.as_slice(), &self.targets.flags].concat();
        let file = FleetFile::read(app, Some(file), &words)?;
        let look = async |session: &mut Session| {
            session.cancelable(async |it| it.standings(&file.fleet, &file.chosen).await).await
        };
        if self.watch {
            let document =
                async |session: &mut Session| Ok(Document::standings(&look(session).await?));
            return self.repeat(app, &document);
        }
        let standings = app.session(&app.loaded.settings, look).outcome()?;
        app.shell.show(&Document::standings(&standings))?;
        Ok(if standings.iter().all(Standing::is_as_said) { 0 } else { NOT_AS_SAID })
    }

    fn repeat(
        &self,
        app: &App,
        look: &impl AsyncFn(&mut Session) -> Result<Document, Error>,
    ) -> Outcome {
        if matches!(app.shell.style.format, Format::Json | Format::Yaml) {
            let why = "`--watch` gives many documents, and this format is one";
            return Err(usage(why).hint("use `--format jsonl`").into());
        }
        let interval = self.interval.max(Duration::from_millis(100));
        let watched = app.session(&app.loaded.settings, async |session| {
            session.end_with_the_reader();
            loop {
                let text = report::render(&look(session).await?, &app.shell.style)?;
                let before = match app.shell.terminal.stdout {
                    Stream::Terminal => CLEAR,
                    Stream::Elsewhere => "",
                };
                app.shell.print(&format!("{before}{text}"))?;
                session.or_signal(tokio::time::sleep(interval)).await?;
            }
        });
        watched.watched()
    }
}
