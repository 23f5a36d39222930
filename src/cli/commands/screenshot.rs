use std::path::PathBuf;

use clap::Args;

use super::simple::{one, show};
use crate::cli::outcome::Outcome;
use crate::cli::shell::{App, Shell};
use crate::cli::target::{Given, Target};
use crate::cli::terminal::Stream;
use crate::cli::usage;
use crate::error::{self, Error, ErrorKind};
use crate::request::{Analysis, PictureTo, Request, Response, ScreenshotRequest};

/// Take a picture of a VM's screen
///
/// It is written to NAME.png in the current folder, unless --output names another file. With
/// --analyze it is only looked at, unless --output is given too.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli screenshot --name my-first-vm
  vm-cli screenshot --name my-first-vm --analyze
  vm-cli screenshot my-first-vm --output desktop.png
  vm-cli screenshot my-first-vm -o - > desktop.png")]
pub(crate) struct Screenshot {
    #[command(flatten)]
    target: Target,

    /// Write the PNG into this file, or to standard output with `-`
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Tell what it shows: size, blank or text or graphics, hash, change since the last one
    #[arg(short, long, alias = "analyse")]
    analyze: bool,
}

/// Where the picture ends up.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Destination {
    File(PathBuf),
    Stdout,
    Nowhere,
}

impl Screenshot {
    /// Says what the arguments ask for.
    pub(super) fn request(&self, given: &Given) -> Result<Request, Error> {
        let to = match self.destination(given)? {
            Destination::File(file) => PictureTo::File(file),
            Destination::Stdout | Destination::Nowhere => PictureTo::Response,
        };
        let analysis = if self.analyze { Analysis::Wanted } else { Analysis::Skipped };
        Ok(Request::Screenshot(ScreenshotRequest { vm: self.target.vm(given)?, to, analysis }))
    }

    fn destination(&self, given: &Given) -> Result<Destination, Error> {
        match &self.output {
            Some(file) if file.as_os_str() == "-" => Ok(Destination::Stdout),
            Some(file) => Ok(Destination::File(file.clone())),
            None if self.analyze => Ok(Destination::Nowhere),
            None => Ok(Destination::File(file_for(&self.target.text(given)?))),
        }
    }

    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        let destination = self.destination(&app.given())?;
        if destination == Destination::Stdout {
            self.check_stdout(&app)?;
        }
        let response = one(&app, self.request(&app.given())?).outcome()?;
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

/// Returns the file that a picture of a VM goes to: names from other tools may hold separators.
fn file_for(name: &str) -> PathBuf {
    let safe = |c: char| {
        if c.is_control() || r#"/\:*?"<>|"#.contains(c) { '_' } else { c }
    };
    let name: String = name.chars().map(safe).collect();
    PathBuf::from(name + ".png")
}
