//! What the commands have in common that make a VM which installs itself.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::answers::{AnswersWish, fresh};
use super::simple::{one, show};
use super::start::display;
use crate::cli::outcome::Outcome;
use crate::cli::shell::Shell;
use crate::cli::target::Target;
use crate::cli::usage;
use crate::cli::values::{disk, duration, forward, memory, port_wish};
use crate::error::Error;
use crate::guest_os::{License, SystemWish};
use crate::model::{Forward, Gibibytes, Mebibytes, VmRef};
use crate::request::spelling::{cpus, group};
use crate::request::{
    AfterMaking, CreateRequest, DiskWish, FinishRequest, InstallEngine, InstallRequest,
    InstallWatch, Medium, PasswordOrigin, PortWish, Request,
};

/// A VM that installs itself, whatever its system.
#[derive(Debug, Args)]
pub(super) struct InstallWish {
    #[command(flatten)]
    target: Target,

    /// Install from this ISO file
    #[arg(long = "iso-path", alias = "iso", value_name = "FILE")]
    iso: Option<PathBuf>,

    #[command(flatten)]
    machine: MachineWish,

    #[command(flatten)]
    answers: AnswersWish,

    /// Accept the terms of what is installed, where its answers do so
    #[arg(long)]
    accept_license: bool,

    /// Let it be answered by vm-cli or by VirtualBox's own unattended installation
    #[arg(
        long,
        value_name = "ENGINE",
        value_enum,
        default_value = "vm-cli",
        hide_possible_values = true
    )]
    engine: Engine,

    /// Start it, and see the installation to its end
    #[arg(long, alias = "start")]
    auto_start: bool,

    #[command(flatten)]
    course: CourseWish,
}

/// What is said of the machine; what is not said its system decides.
#[derive(Debug, Args)]
struct MachineWish {
    /// Give it this much memory: MiB, or with a unit such as 8G
    #[arg(short, long, value_name = "SIZE", value_parser = memory, allow_hyphen_values = true)]
    memory: Option<Mebibytes>,

    /// Give it a disk of this size: GiB, or with a unit such as 1T
    #[arg(short, long, value_name = "SIZE", value_parser = disk, allow_hyphen_values = true)]
    disk: Option<Gibibytes>,

    /// Give it this many virtual CPUs
    #[arg(short, long, value_name = "N", value_parser = cpus, allow_hyphen_values = true)]
    cpus: Option<u32>,

    /// Lead this host port to its SSH server: a number, free or none
    #[arg(long, value_name = "PORT", value_parser = port_wish, allow_hyphen_values = true)]
    ssh_port: Option<PortWish>,

    /// Lead a host port to a guest port, as 3389:3389 or web:tcp:8080:80
    #[arg(long, value_name = "RULE", value_parser = forward)]
    forward: Vec<Forward>,

    /// Put it into this group, such as /lab
    #[arg(long, alias = "groups", value_name = "GROUP", value_parser = group)]
    group: Vec<String>,
}

/// How the installation is seen to its end.
#[derive(Debug, Args)]
struct CourseWish {
    /// Do not wait for the end
    #[arg(long, requires = "auto_start")]
    no_wait: bool,

    /// Go on with an installation that was interrupted, or was not started
    #[arg(long, conflicts_with_all = ["iso", "auto_start", "no_wait"])]
    resume: bool,

    /// Show its screen in a window when it starts
    #[arg(long)]
    gui: bool,

    /// Give it this long in all
    #[arg(long, value_name = "TIME", default_value = "90m", value_parser = duration)]
    timeout: Duration,

    /// Give it up when nothing of it has changed for so long
    #[arg(long, value_name = "TIME", default_value = "20m", value_parser = duration)]
    stall: Duration,
}

/// Who answers the installer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engine {
    /// vm-cli
    #[value(name = "vm-cli")]
    Own,
    /// VirtualBox
    Virtualbox,
}

impl CourseWish {
    fn watch(&self) -> InstallWatch {
        InstallWatch { timeout: self.timeout, stall: self.stall }
    }
}

impl InstallWish {
    /// Makes the VM, or goes on with its installation, and shows what became of it.
    pub(super) fn run(
        &self,
        shell: Shell,
        image: Option<&Path>,
        system: impl FnOnce(&Shell) -> Result<SystemWish, Error>,
    ) -> Outcome {
        let app = shell.app()?;
        let name = self.target.text(&app.given())?;
        let request = if self.course.resume {
            let (display, watch) = (display(self.course.gui), self.course.watch());
            let vm: VmRef = name.parse().map_err(Error::from)?;
            Request::FinishInstall(FinishRequest { vm, display, watch })
        } else {
            let medium = self.medium(image)?;
            let system = system(&app.shell)?;
            Request::Install(Box::new(self.wanted(&name, medium, system, &app.shell)?))
        };
        let response = one(&app, request).outcome()?;
        Ok(show(&app, &response)?)
    }

    fn medium(&self, image: Option<&Path>) -> Result<Medium, Error> {
        match (&self.iso, image) {
            (Some(iso), _) => Ok(Medium::Iso(iso.clone())),
            (None, Some(image)) => Ok(Medium::DiskImage(image.to_owned())),
            (None, None) => Err(usage("no ISO is named").hint("name one: `--iso-path FILE`")),
        }
    }

    fn wanted(
        &self,
        name: &str,
        medium: Medium,
        system: SystemWish,
        shell: &Shell,
    ) -> Result<InstallRequest, Error> {
        let (answers, made_up) = self.answers.installation(&shell.environment, fresh())?;
        let machine = &self.machine;
        let create = CreateRequest {
            memory: machine.memory,
            disk: machine.disk.map(DiskWish::Size),
            cpus: machine.cpus,
            ssh: machine.ssh_port.unwrap_or(PortWish::Configured),
            forwards: machine.forward.clone(),
            groups: machine.group.clone(),
            ..CreateRequest::new(name.parse()?)
        };
        let engine = match self.engine {
            Engine::Own => InstallEngine::Answers,
            Engine::Virtualbox => InstallEngine::Hypervisor,
        };
        let display = display(self.course.gui);
        let then = match (self.auto_start, self.course.no_wait) {
            (false, _) => AfterMaking::Nothing,
            // Its answers install no SSH server by which the end could be seen.
            (true, _) if engine == InstallEngine::Hypervisor => AfterMaking::Start(display),
            (true, true) => AfterMaking::Start(display),
            (true, false) => AfterMaking::Finish(display, self.course.watch()),
        };
        if matches!(machine.ssh_port, Some(PortWish::None)) && self.auto_start {
            return Err(usage("without an SSH port nobody sees when the installation is done")
                .hint("leave out `--ssh-port none`, or `--auto-start`"));
        }
        Ok(InstallRequest {
            create,
            medium,
            system,
            answers,
            password: made_up.map_or(PasswordOrigin::Given, |_| PasswordOrigin::MadeUp),
            license: License::from(self.accept_license),
            engine,
            then,
        })
    }
}
