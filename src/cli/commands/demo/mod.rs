//! `vm-cli demo`: the whole main job on a VM of its own.

mod steps;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;

use crate::cli::outcome::Outcome;
use crate::cli::session::Session;
use crate::cli::shell::{App, Shell};
use crate::cli::usage;
use crate::config::Settings;
use crate::error::{Error, ErrorKind};
use crate::model::{HypervisorKind, VmName, VmRef, typed};
use crate::report::{Document, PlayedStep, human_duration};
use crate::request::{IfLive, IfMissing, Request, Response};
use steps::{check, detail, steps};

/// Run everything once on a VM of its own
///
/// A VM is created, started, photographed, snapshotted, commanded, put back, stopped and deleted.
/// It runs on VirtualBox where that can run VMs, else on the simulator. On VirtualBox it boots the
/// disc image of --iso (tests/guest/guest.iso below the current folder if that is there), a small
/// Linux with an SSH server and the user `admin`; without an image the VM runs without an
/// operating system, and what needs one is left out.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli demo
  vm-cli demo --hypervisor simulated
  vm-cli demo --iso tests/guest/guest.iso")]
pub(crate) struct Demo {
    /// Boot this disc image
    #[arg(long, value_name = "FILE")]
    iso: Option<PathBuf>,

    /// Call the VM so
    #[arg(long, value_name = "NAME")]
    name: Option<VmName>,
}

/// The guest image that comes with the sources.
const OWN_ISO: &str = "tests/guest/guest.iso";
/// A boot takes 15 to 35 s on the instruction interpreter of an idle host.
const BOOT: Duration = Duration::from_mins(5);

/// What the demo is played on.
#[derive(Debug, Clone)]
struct Stage {
    name: VmName,
    vm: VmRef,
    iso: Option<PathBuf>,
    /// Whether somebody in the guest answers.
    guest: Guest,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Guest {
    Answers,
    Silent,
}

impl Demo {
    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        if app.shell.global.dry_run {
            let why = "`demo` is a rehearsal already";
            return Err(usage(why).hint("`vm-cli demo --hypervisor simulated`").into());
        }
        let began = Instant::now();
        let settings = self.settings(&app)?;
        let stage = self.stage(&settings)?;
        let ended = app.session(&settings, async |session| {
            let played = play(&app, session, &stage).await;
            let cleaned = clean_up(&app, session, &stage).await;
            played.and_then(|steps| Ok([steps, vec![cleaned?]].concat()))
        });
        let steps = ended.outcome()?;
        tell(&app, &format!("everything went well in {}", human_duration(began.elapsed())))?;
        if app.shell.is_structured() {
            app.shell.show(&Document::played(&steps))?;
        }
        Ok(0)
    }

    /// Returns the settings with the hypervisor that can run VMs here.
    fn settings(&self, app: &App) -> Result<Settings, Error> {
        let mut settings = app.loaded.settings.clone();
        // It is seldom on an idle host that somebody looks whether a program is any good.
        settings.resource_limits.max_cpu_usage_percent = 100;
        if settings.hypervisor.driver == HypervisorKind::Simulated {
            tell(app, "on the simulator: no hypervisor is touched")?;
            return Ok(settings);
        }
        let asked = app.session(&settings, async |s| s.ask(Request::SystemStatus).await);
        let reason = match asked.result {
            Ok(Response::SystemStatus(system)) if system.hypervisor.is_usable() => {
                let version = system.hypervisor.version.as_deref().unwrap_or("?").to_owned();
                let engine = system.hypervisor.engine;
                let name = match settings.hypervisor.driver {
                    HypervisorKind::VirtualBox => "VirtualBox",
                    HypervisorKind::Qemu => "QEMU",
                    HypervisorKind::Simulated => "the simulator",
                };
                tell(app, &format!("on {name} {version}, execution engine {engine}"))?;
                return Ok(settings);
            }
            Ok(_) => {
                let kind = settings.hypervisor.driver;
                format!("{kind} cannot run VMs here (`vm-cli setup` tells why)")
            }
            Err(error) if error.kind() == ErrorKind::Canceled => return Err(error),
            Err(error) => error.to_string(),
        };
        if app.shell.global.hypervisor.is_some() || self.iso.is_some() {
            return Err(Error::new(ErrorKind::HypervisorUnusable, reason)
                .hint("run `vm-cli setup`, or `vm-cli demo --hypervisor simulated`"));
        }
        tell(app, &format!("on the simulator: {reason}"))?;
        settings.hypervisor.driver = HypervisorKind::Simulated;
        Ok(settings)
    }

    fn stage(&self, settings: &Settings) -> Result<Stage, Error> {
        let own = Some(PathBuf::from(OWN_ISO)).filter(|iso| Path::is_file(iso));
        let iso = match settings.hypervisor.driver {
            HypervisorKind::VirtualBox | HypervisorKind::Qemu => self.iso.clone().or(own),
            HypervisorKind::Simulated => None,
        };
        let answers = settings.hypervisor.driver == HypervisorKind::Simulated || iso.is_some();
        let guest = if answers { Guest::Answers } else { Guest::Silent };
        let name = match &self.name {
            Some(name) => name.clone(),
            None => format!("vm-cli-demo-{:06x}", fastrand::u32(..0x100_0000)).parse()?,
        };
        Ok(Stage { vm: VmRef::from(&name), name, iso, guest })
    }
}

/// Plays every step, until one fails.
async fn play(app: &App, session: &mut Session, stage: &Stage) -> Result<Vec<PlayedStep>, Error> {
    let mut played = Vec::new();
    if stage.guest == Guest::Silent {
        tell(app, "without an operating system: `--iso` names a disc image")?;
    }
    for (what, request) in steps(stage)? {
        let began = Instant::now();
        let response = session.ask(request).await?;
        let step = PlayedStep { what, took: began.elapsed(), detail: detail(&response) };
        tell_step(app, &step)?;
        check(&response)?;
        played.push(step);
    }
    Ok(played)
}

/// Deletes the VM, whatever became of it, also after Ctrl-C.
async fn clean_up(app: &App, session: &Session, stage: &Stage) -> Result<PlayedStep, Error> {
    let began = Instant::now();
    let delete = Request::Delete {
        vm: stage.vm.clone(),
        if_missing: IfMissing::Succeed,
        if_live: IfLive::PowerOff,
    };
    session.ask_in_any_case(delete).await.map_err(|error| {
        error.or_hint(format!(
            "delete it by hand: `vm-cli delete --name {} --force --yes`",
            typed(&stage.name)
        ))
    })?;
    let took = began.elapsed();
    let step = PlayedStep { what: "delete it", took, detail: String::new() };
    tell_step(app, &step)?;
    Ok(step)
}

fn tell_step(app: &App, step: &PlayedStep) -> Result<(), Error> {
    let took = human_duration(step.took);
    let line = format!("{:<34} {took:>10}  {}", step.what, step.detail);
    tell(app, line.trim_end())
}

/// Steps are the demo's result: people get them as they come, programs all at the end.
fn tell(app: &App, line: &str) -> Result<(), Error> {
    let line = format!("{line}\n");
    if !app.shell.is_structured() {
        return app.shell.print(&line);
    }
    if !app.shell.global.quiet {
        app.shell.console.talk(&line);
    }
    Ok(())
}
