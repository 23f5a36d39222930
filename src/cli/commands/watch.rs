use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::recover::{cure, policies};
use super::several::stdin_text;
use crate::cli::console::Console;
use crate::cli::global::ProgressWish;
use crate::cli::outcome::Outcome;
use crate::cli::shell::{App, Shell};
use crate::cli::targets::{Aim, Filter, Several, Targets};
use crate::cli::usage;
use crate::cli::values::duration;
use crate::error::{Error, ErrorKind};
use crate::model::{RecoveryPolicy, SnapshotName};
use crate::orchestrator::{EventSink, watch_plan};
use crate::report::{Document, Format, Paint, watch_json, watch_json_end, watch_line};
use crate::request::{
    Credentials, GuestCommand, IfOff, Secret, Standing, WatchEnd, WatchEvent, WatchPlan,
};

/// Keep VMs up: look at them, and bring back those that came to harm
///
/// It runs until Ctrl-C, and tells a line for each change on standard error; with --json each
/// change is a JSON object on a line of standard output, and the last one has the summary.
///
/// A VM whose process died, or whose CPUs were stopped by an error, came to harm. One that somebody
/// stopped or saved, with vm-cli or from inside, did not: it is left off unless --keep-running says
/// that it must run. A running VM came to harm when a check of --check finds it unwell in three
/// looks in a row: ssh (its SSH server shows its banner), heartbeat (that of its Guest Additions),
/// command (one in the guest ends with 0), screen (it changed lately; an idle one may stand still,
/// so it is better in --warn). A password is better in VM_CLI_PASSWORD than anywhere.
///
/// The VMs are found when it begins. Of two watches over one VM the second only looks until the
/// first ends. Recoveries are tasks: `vm-cli tasks list` and `vm-cli metrics` count them.
///
/// Exit codes: 0 after Ctrl-C and when --for is over; 8 if a VM was given up, because it came to
/// harm more often than allowed or cannot be helped; with --once 8 if a VM is not well.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli watch my-first-vm --policy restart
  vm-cli watch web db --policy restore-snapshot --snapshot clean-state --for 8h
  vm-cli watch --group /lab --policy restart --keep-running --check ssh,heartbeat
  vm-cli watch --all --once --json")]
pub(crate) struct Watch {
    /// Name a VM: by its name, its UUID, the unique start of its UUID, or a quoted pattern such as
    /// 'test-*'; `-` reads names from standard input, one a line
    #[arg(value_name = "NAME")]
    words: Vec<String>,

    /// Name a VM, as NAME does
    #[arg(long = "name", alias = "vm", value_name = "NAME", allow_hyphen_values = true)]
    names: Vec<String>,

    /// Do this about a VM that came to harm [default: none, or `recovery.policy`]
    #[arg(long, value_name = "POLICY", value_parser = policies())]
    policy: Option<RecoveryPolicy>,

    /// Put it back to this snapshot [default: the one on which it stands]
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    snapshot: Option<SnapshotName>,

    /// Take a VM that is off for one that came to harm
    #[arg(long)]
    keep_running: bool,

    /// Give up after this many recoveries within --window, those by hand included [default: 3]
    #[arg(long, value_name = "N")]
    max_recoveries: Option<NonZeroU32>,

    /// Count the recoveries of so long a time [default: 1h]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    window: Option<Duration>,

    /// Look once in this time [default: 10s]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    interval: Option<Duration>,

    /// Recover a running VM that these find unwell: screen, ssh, heartbeat, command
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    check: Option<Vec<String>>,

    /// Only tell of what these find
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    warn: Option<Vec<String>>,

    /// Believe a check after it found a VM unwell this many times in a row [default: 3]
    #[arg(long, value_name = "N")]
    failures: Option<NonZeroU32>,

    /// Give a VM that starts this long to become well [default: 5m]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    grace: Option<Duration>,

    /// Take a screen for frozen that stood still this long [default: 5m]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    frozen: Option<Duration>,

    /// Run this in the guest for the check command [default: true]
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    command: Option<String>,

    /// Log in as this user for the check command
    #[arg(short, long, alias = "user", value_name = "USER", allow_hyphen_values = true)]
    username: Option<String>,

    /// Log in with this private key for the check command
    #[arg(short, long, value_name = "FILE")]
    identity: Option<PathBuf>,

    /// End after this time
    #[arg(long = "for", value_name = "TIME", value_parser = duration, conflicts_with = "once")]
    time: Option<Duration>,

    /// Look once, do nothing, and exit with 8 if a VM is not well
    #[arg(long)]
    once: bool,

    /// Look after every VM
    #[arg(long, help_heading = "Several VMs")]
    all: bool,

    #[command(flatten)]
    filter: Filter,
}

/// How the events are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Telling {
    /// As lines on standard error.
    People,
    /// As lines of JSON on standard output.
    Programs,
    /// Not at all: there is a document at the end.
    Nobody,
}

impl Watch {
    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let mut app = shell.app()?;
        // Every look is a task, and the events tell what there is to tell.
        app.shell.global.progress = ProgressWish::None;
        let telling = self.telling(&app)?;
        let plan = self.plan(&app)?;
        let aim = self.targets().aim(&app.given(), stdin_text)?;
        let ended = app.session(&app.loaded.settings, async |session| {
            let vms = match &aim {
                Aim::One(vm) => vec![vm.clone()],
                Aim::Several(selection) => session.select(selection).await?,
            };
            let sink = Teller {
                console: Arc::clone(&app.shell.console),
                telling,
                paint: app.shell.message_paint(),
            };
            if telling == Telling::Programs {
                session.end_with_the_reader();
            }
            session.watch(&vms, plan, Arc::new(sink)).await
        });
        let watched = ended.outcome()?;
        if telling == Telling::Programs {
            app.shell.print(&watch_json_end(&watched))?;
        } else {
            app.shell.show(&Document::watched(&watched))?;
        }
        let bad = watched.iter().any(|it| self.is_bad(&it.standing));
        Ok(if bad { ErrorKind::Partial.exit_code() } else { 0 })
    }

    fn targets(&self) -> Targets {
        let several = Several { all: self.all, filter: self.filter.clone(), ..Several::default() };
        Targets { words: self.words.clone(), flags: self.names.clone(), several }
    }

    fn is_bad(&self, standing: &Standing) -> bool {
        match standing {
            Standing::Well | Standing::Off => false,
            Standing::Unwell(_) => self.once,
            Standing::GivenUp(_) => true,
        }
    }

    fn telling(&self, app: &App) -> Result<Telling, Error> {
        if self.once {
            return Ok(Telling::Nobody);
        }
        match app.shell.style.format {
            Format::Json | Format::JsonLines => Ok(Telling::Programs),
            Format::Table | Format::Plain => Ok(Telling::People),
            Format::Names => Ok(Telling::Nobody),
            Format::Yaml | Format::Csv | Format::Prometheus | Format::Tree => {
                let why = "`watch` tells as it goes: in lines, or in JSON with `--json`";
                Err(usage(why).hint("use `--json`, or `--once` for one document"))
            }
        }
    }

    /// Puts together what was said and what is configured.
    fn plan(&self, app: &App) -> Result<WatchPlan, Error> {
        let settings = &app.loaded.settings;
        let plan = watch_plan(settings);
        let (policy, snapshot) = cure(self.policy, self.snapshot.as_ref(), &settings.recovery)?;
        let interval = self.interval.unwrap_or(plan.interval);
        if interval.is_zero() {
            return Err(usage("`--interval` must not be 0"));
        }
        let most = self.max_recoveries.map(|it| usize::try_from(it.get()).unwrap_or(usize::MAX));
        Ok(WatchPlan {
            policy,
            snapshot,
            max_recoveries: most.unwrap_or(plan.max_recoveries),
            window: self.window.unwrap_or(plan.window),
            if_off: if self.keep_running { IfOff::Start } else { IfOff::Leave },
            checks: words(self.check.as_ref(), plan.checks),
            warnings: words(self.warn.as_ref(), plan.warnings),
            failures: self.failures.map_or(plan.failures, NonZeroU32::get),
            grace: self.grace.unwrap_or(plan.grace),
            frozen: self.frozen.unwrap_or(plan.frozen),
            command: GuestCommand {
                line: self.command.clone().unwrap_or(plan.command.line),
                credentials: Credentials {
                    user: self.username.clone(),
                    password: app.shell.environment.text("VM_CLI_PASSWORD").map(Secret::new),
                    identity: self.identity.clone(),
                },
            },
            interval,
            until: match (self.once, self.time) {
                (true, _) => WatchEnd::OneLook,
                (false, Some(time)) => WatchEnd::After(time),
                (false, None) => WatchEnd::Never,
            },
        })
    }
}

/// Returns what was said, or what is configured; `none` is none.
fn words(said: Option<&Vec<String>>, configured: Vec<String>) -> Vec<String> {
    let Some(said) = said else { return configured };
    let all = said.iter().map(|word| word.trim().to_owned());
    all.filter(|word| !["", "none"].contains(&word.as_str())).collect()
}

/// Tells events as they come.
struct Teller {
    console: Arc<Console>,
    telling: Telling,
    paint: Paint,
}

impl EventSink for Teller {
    fn hear(&self, event: &WatchEvent) {
        match self.telling {
            Telling::Nobody => {}
            Telling::People => self.console.talk(&watch_line(event, self.paint)),
            // If nobody reads it, that is heard of as a signal.
            Telling::Programs => drop(self.console.data(watch_json(event).as_bytes())),
        }
    }
}
