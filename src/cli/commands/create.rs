use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::several::{ask_all, conclude};
use super::simple::{one, show};
use super::start::display;
use crate::cli::outcome::Outcome;
use crate::cli::shell::Shell;
use crate::cli::target::{Given, Target};
use crate::cli::targets::PaceWish;
use crate::cli::usage;
use crate::cli::values::{disk, duration, forward, memory, port_wish, words};
use crate::error::Error;
use crate::model::{
    ExecutionEngine, Firmware, Forward, Gibibytes, GraphicsController, Invalid, Mebibytes, Nic,
    Switch, TemplateName,
};
use crate::request::spelling::{cpus, group, numbered};
use crate::request::{
    CreateRequest, DiskWish, IfExists, PortWish, Request, TemplateAction, TemplateCopies,
    WaitCondition,
};

/// How many are made, and what of those that are there.
#[derive(Debug, Args)]
struct Many {
    /// Make this many, numbered from 1: NAME-1, NAME-2, or where `{}` is
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    count: Option<u32>,

    /// Leave a VM of that name alone, which is no failure
    #[arg(long)]
    if_missing: bool,

    #[command(flatten)]
    pace: PaceWish,
}

/// Create a VM
///
/// What is not said comes from the section `vm_defaults` of the configuration.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli create --name my-first-vm --memory 8192 --disk 100
  vm-cli create web --cpus 4 --iso ubuntu.iso --os-type Ubuntu_64 --start
  vm-cli create tiny --memory 128M --no-disk --iso tiny.iso --firmware bios --dry-run
  vm-cli create --count 3 --name \"test-vm-{}\" --memory 1024 --if-missing
  vm-cli create lab --template win11-clean --count 5 --start")]
pub(crate) struct Create {
    #[command(flatten)]
    target: Target,

    #[command(flatten)]
    many: Many,

    /// Make a linked clone of this template (`vm-cli template list`); of several all are made, or
    /// none. It is as the template is
    #[arg(long, value_name = "TEMPLATE", conflicts_with_all = OF_A_NEW_ONE, allow_hyphen_values = true)]
    template: Option<TemplateName>,

    /// Give it this much memory: MiB, or with a unit such as 8G
    #[arg(short, long, value_name = "SIZE", value_parser = memory, allow_hyphen_values = true)]
    memory: Option<Mebibytes>,

    /// Give it a disk of this size: GiB, or with a unit such as 1T
    #[arg(short, long, value_name = "SIZE", value_parser = disk, allow_hyphen_values = true)]
    disk: Option<Gibibytes>,

    /// Give it no disk
    #[arg(long, conflicts_with = "disk")]
    no_disk: bool,

    /// Give it this many virtual CPUs
    #[arg(short, long, value_name = "N", value_parser = cpus, allow_hyphen_values = true)]
    cpus: Option<u32>,

    /// Name its operating system as VirtualBox does, such as Windows11_64
    #[arg(long, value_name = "TYPE")]
    os_type: Option<String>,

    /// Put this disc image into its drive
    #[arg(long, value_name = "FILE")]
    iso: Option<PathBuf>,

    /// Boot with this firmware
    #[arg(long, value_parser = words::<Firmware>(Firmware::ALL.iter().map(|it| it.as_str())))]
    firmware: Option<Firmware>,

    /// Show its screen through this graphics card
    #[arg(long, value_name = "CARD", value_parser = words::<GraphicsController>(GraphicsController::ALL.iter().map(|it| it.as_str())))]
    graphics: Option<GraphicsController>,

    /// Accelerate 3D graphics
    #[arg(long, alias = "accelerate3d", value_name = "on|off", num_args = 0..=1, default_missing_value = "on", value_parser = switch)]
    accelerate_3d: Option<Switch>,

    /// Run its instructions by this engine
    #[arg(long, alias = "engine", value_name = "ENGINE", value_parser = words::<ExecutionEngine>(ExecutionEngine::ALL.iter().map(|it| it.as_str())))]
    execution_engine: Option<ExecutionEngine>,

    /// Attach its network: none, nat, bridged:IF, hostonly:IF, intnet:NAME, natnetwork:NAME
    #[arg(long, value_name = "KIND", value_parser = network)]
    nic: Option<Nic>,

    /// Lead this host port to its SSH server: a number, free or none
    #[arg(long, value_name = "PORT", value_parser = port_wish, allow_hyphen_values = true)]
    ssh_port: Option<PortWish>,

    /// Show its screen by remote desktop on this host port: a number, free or none
    #[arg(long = "rdp", alias = "vrde", value_name = "PORT", num_args = 0..=1, default_missing_value = "free", value_parser = port_wish)]
    remote_display: Option<PortWish>,

    /// Lead a host port to a guest port, as 8080:80 or web:tcp:8080:80
    #[arg(long, value_name = "RULE", value_parser = forward)]
    forward: Vec<Forward>,

    /// Put it into this group, such as /lab
    #[arg(long, alias = "groups", value_name = "GROUP", value_parser = group)]
    group: Vec<String>,

    /// Describe it
    #[arg(
        long,
        value_name = "TEXT",
        allow_hyphen_values = true,
        default_value = "",
        hide_default_value = true
    )]
    description: String,

    /// Start it afterwards
    #[arg(long)]
    start: bool,

    /// Show its screen in a window when it starts
    #[arg(long, requires = "start")]
    gui: bool,

    #[command(flatten)]
    wait: WaitAfter,
}

/// What is said of a VM that is made anew.
const OF_A_NEW_ONE: [&str; 18] = [
    "if_missing",
    "parallel",
    "fail_fast",
    "memory",
    "disk",
    "no_disk",
    "cpus",
    "os_type",
    "iso",
    "firmware",
    "graphics",
    "accelerate_3d",
    "execution_engine",
    "nic",
    "ssh_port",
    "remote_display",
    "forward",
    "group",
];

/// Waiting after a start.
#[derive(Debug, Args)]
pub(super) struct WaitAfter {
    /// Wait afterwards, for running if nothing else is said
    #[arg(long, value_name = "CONDITION", num_args = 0..=1, default_missing_value = "running", value_parser = words::<WaitCondition>(WaitCondition::OF_A_START.map(WaitCondition::as_str)))]
    wait: Option<WaitCondition>,

    /// Wait this long at most
    #[arg(long, value_name = "TIME", requires = "wait", value_parser = duration, allow_hyphen_values = true)]
    timeout: Option<Duration>,
}

impl WaitAfter {
    /// Returns what is waited for, and how long.
    pub(super) fn wish(&self, given: &Given) -> Option<(WaitCondition, Duration)> {
        Some((self.wait?, self.timeout.unwrap_or(given.timeouts.wait)))
    }
}

impl Create {
    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        if let Some(template) = &self.template {
            let asked = self.copies(template, &app.given())?;
            let response = one(&app, Request::Template(TemplateAction::Make(asked))).outcome()?;
            return Ok(show(&app, &response)?);
        }
        let request = self.request(&app.given())?;
        let Some(count) = self.many.count else {
            let response = one(&app, request).outcome()?;
            return Ok(show(&app, &response)?);
        };
        let requests = self.numbered(count, &app.given())?;
        conclude(&app, ask_all(&app, requests, self.many.pace.pace()), &[])
    }

    /// Says what the arguments ask for, once for every number.
    fn numbered(&self, count: u32, given: &Given) -> Result<Vec<Request>, Error> {
        let names = numbered(&self.target.text(given)?, count);
        names.map(|name| self.request_for(&name, given)).collect()
    }

    /// Says what the arguments ask for.
    pub(super) fn request(&self, given: &Given) -> Result<Request, Error> {
        self.request_for(&self.target.text(given)?, given)
    }

    /// Says which VMs are wanted of a template. Without a name they are called like it.
    fn copies(&self, template: &TemplateName, given: &Given) -> Result<Box<TemplateCopies>, Error> {
        let name = self.target.named()?.unwrap_or_else(|| template.to_string());
        let names = match self.many.count {
            Some(count) => {
                numbered(&name, count).map(|it| it.parse()).collect::<Result<_, Invalid>>()?
            }
            None => vec![name.parse()?],
        };
        Ok(Box::new(TemplateCopies {
            template: template.clone(),
            names,
            start: self.start.then(|| display(self.gui)),
            wait: self.awaited(given)?,
        }))
    }

    fn awaited(&self, given: &Given) -> Result<Option<(WaitCondition, Duration)>, Error> {
        let wait = self.wait.wish(given);
        if wait.is_some() && !self.start {
            return Err(usage("`--wait` needs a VM that is started").hint("add `--start`"));
        }
        Ok(wait)
    }

    fn request_for(&self, name: &str, given: &Given) -> Result<Request, Error> {
        let wait = self.awaited(given)?;
        let disk = match (self.disk, self.no_disk) {
            (Some(size), _) => Some(DiskWish::Size(size)),
            (None, true) => Some(DiskWish::None),
            (None, false) => None,
        };
        Ok(Request::Create(Box::new(CreateRequest {
            name: name.parse()?,
            if_exists: if self.many.if_missing { IfExists::Keep } else { IfExists::Fail },
            memory: self.memory,
            disk,
            cpus: self.cpus,
            os_type: self.os_type.clone(),
            iso: self.iso.clone(),
            firmware: self.firmware,
            graphics: self.graphics,
            accelerate_3d: self.accelerate_3d,
            execution_engine: self.execution_engine,
            nic: self.nic.clone(),
            ssh: self.ssh_port.unwrap_or(PortWish::Configured),
            remote_display: self.remote_display.unwrap_or(PortWish::Configured),
            forwards: self.forward.clone(),
            groups: self.group.clone(),
            description: self.description.clone(),
            start: self.start.then(|| display(self.gui)),
            wait,
        })))
    }
}

fn network(text: &str) -> Result<Nic, Invalid> {
    text.parse()
}

fn switch(text: &str) -> Result<Switch, Invalid> {
    match text {
        "on" | "true" | "yes" => Ok(Switch::On),
        "off" | "false" | "no" => Ok(Switch::Off),
        _ => Err(Invalid::new("switch", text, "is neither `on` nor `off`")),
    }
}
