use std::path::PathBuf;

use clap::Args;

use super::series::Series;
use super::several::{OnEach, ask_each, conclude, stdin_text};
use super::simple::{one, show};
use crate::cli::outcome::Outcome;
use crate::cli::shell::{App, Shell};
use crate::cli::target::Given;
use crate::cli::targets::{Aim, Targets};
use crate::cli::terminal::Stream;
use crate::cli::usage;
use crate::error::{self, Error, ErrorKind};
use crate::model::{Monitor, Rect, VmRef};
use crate::request::{
    Analysis, PictureTo, Request, Response, Scale, ScreenshotRequest, View, rectangle,
};

/// Take a picture of a VM's screen
///
/// It is written to NAME.png in the current folder, unless --output names another file. With
/// --analyze it is only looked at, unless --output is given too. With --every only the pictures that
/// show something new are kept, each with its number in its name, until Ctrl-C, --for or --count.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli screenshot --name my-first-vm
  vm-cli screenshot --name my-first-vm --analyze
  vm-cli screenshot my-first-vm --analyze --format tree
  vm-cli screenshot my-first-vm --output desktop.png
  vm-cli screenshot my-first-vm -o - > desktop.png
  vm-cli screenshot my-first-vm --crop 0,0,400,300 --scale 50%
  vm-cli screenshot my-first-vm --display 1 -o second.png
  vm-cli screenshot my-first-vm --every 2s --for 1m -o 'shots/{n}.png'
  vm-cli screenshot --all --state running -o 'screens/{}.png'")]
pub(crate) struct Screenshot {
    #[command(flatten)]
    targets: Targets,

    /// Write the PNG into this file, or to standard output with `-`; `{}` is the VM's name
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Tell what it shows: text, elements, state, hash, change since the last one
    #[arg(short, long, alias = "analyse")]
    analyze: bool,

    /// Of this monitor, where a VM has several
    #[arg(long, value_name = "N", default_value_t = 0)]
    display: u32,

    /// Only this part of the screen: X,Y,WIDTH,HEIGHT in pixels from its top left
    #[arg(long, value_name = "RECTANGLE", value_parser = rectangle)]
    crop: Option<Rect>,

    /// Make it larger or smaller: 50%, or as large as fits into 800x600
    #[arg(long, value_name = "SCALE")]
    scale: Option<Scale>,

    #[command(flatten)]
    series: Series,
}

/// Where the picture ends up.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Destination {
    File(PathBuf),
    Stdout,
    Nowhere,
}

/// What stands for the VM's name in a file's name.
const NAME: &str = "{}";

impl OnEach for Screenshot {
    fn targets(&self, _given: &Given) -> Result<Targets, Error> {
        Ok(self.targets.clone())
    }

    fn request(&self, vm: VmRef, _given: &Given) -> Result<Request, Error> {
        let to = match self.destination(&vm) {
            Destination::File(file) => PictureTo::File(file),
            Destination::Stdout | Destination::Nowhere => PictureTo::Response,
        };
        let analysis = if self.analyze { Analysis::Wanted } else { Analysis::Skipped };
        let view = View { monitor: Monitor(self.display), crop: self.crop, scale: self.scale };
        Ok(Request::Screenshot(ScreenshotRequest { vm, to, analysis, view }))
    }
}

impl Screenshot {
    /// Returns whether it is told what the picture shows.
    pub(super) fn is_read(&self) -> bool {
        self.analyze
    }

    fn destination(&self, vm: &VmRef) -> Destination {
        match &self.output {
            Some(file) if file.as_os_str() == "-" => Destination::Stdout,
            Some(file) => Destination::File(match file.to_str() {
                Some(text) => PathBuf::from(text.replace(NAME, &safe(vm.as_str()))),
                None => file.clone(),
            }),
            None if self.analyze => Destination::Nowhere,
            None => Destination::File(PathBuf::from(safe(vm.as_str()) + ".png")),
        }
    }

    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        let vm = match self.targets.aim(&app.given(), stdin_text)? {
            Aim::One(vm) if self.series.is_wanted() => return self.take_series(&app, &vm),
            Aim::One(vm) => vm,
            Aim::Several(_) if self.series.is_wanted() => {
                return Err(usage("`--every` watches one VM").hint("name one").into());
            }
            Aim::Several(selection) => {
                self.check_files()?;
                let pace = self.targets.several.pace.pace();
                let request = |vm| self.request(vm, &app.given());
                return conclude(&app, ask_each(&app, &selection, pace, request), &[]);
            }
        };
        let destination = self.destination(&vm);
        if destination == Destination::Stdout {
            self.check_stdout(&app)?;
        }
        let response = one(&app, self.request(vm, &app.given())?).outcome()?;
        match (&response, destination) {
            (Response::Screen(screen), Destination::Stdout) => {
                let missing = || Error::new(ErrorKind::Internal, "the picture did not arrive");
                let png = screen.png.as_ref().ok_or_else(missing)?;
                app.shell.console.data(png).map_err(|e| error::io("write the picture", e))?;
                Ok(0)
            }
            _ => Ok(show(&app, &response)?),
        }
    }

    /// Takes pictures of one VM again and again.
    fn take_series(&self, app: &App, vm: &VmRef) -> Outcome {
        let file = match self.destination(vm) {
            Destination::File(file) if !self.analyze => file,
            Destination::File(_) | Destination::Nowhere | Destination::Stdout => {
                return Err(usage("`--every` writes files, and nothing else")
                    .hint("name them: `--output 'shots/{n}.png'`")
                    .into());
            }
        };
        let (to, analysis) = (PictureTo::Response, Analysis::Skipped);
        let view = View { monitor: Monitor(self.display), crop: self.crop, scale: self.scale };
        let wanted = ScreenshotRequest { vm: vm.clone(), to, analysis, view };
        self.series.run(app, &Request::Screenshot(wanted), &file)
    }

    /// Pictures of several VMs need several files.
    fn check_files(&self) -> Result<(), Error> {
        match &self.output {
            Some(file) if !file.to_string_lossy().contains(NAME) => {
                Err(usage("one file cannot hold the pictures of several VMs")
                    .hint("put the name into the file's: `--output 'screens/{}.png'`"))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The picture alone is the data, and a terminal cannot show it.
    fn check_stdout(&self, app: &App) -> Result<(), Error> {
        let hint = "name a file: `--output FILE`";
        if self.analyze || app.shell.is_structured() {
            return Err(usage("`--output -` leaves no room for another result").hint(hint));
        }
        if app.shell.terminal.stdout == Stream::Terminal {
            return Err(usage("a terminal cannot show a PNG").hint(hint));
        }
        Ok(())
    }
}

/// Returns a VM's name as part of a file's name: names from other tools may hold separators.
fn safe(name: &str) -> String {
    let safe = |c: char| {
        if c.is_control() || r#"/\:*?"<>|"#.contains(c) { '_' } else { c }
    };
    name.chars().map(safe).collect()
}
