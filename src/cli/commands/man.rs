use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory};

use crate::cli::arguments::Arguments;
use crate::cli::outcome::Outcome;
use crate::cli::shell::Shell;
use crate::error::{self, Error};

/// Print the manual pages
///
/// Without --dir it is the page of vm-cli itself, with --dir a page for every command too.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli man | man -l -
  vm-cli man --dir ~/.local/share/man/man1")]
pub(crate) struct Man {
    /// Write every page into this folder
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

impl Man {
    pub(super) fn run(&self, shell: &Shell) -> Outcome {
        if let Some(folder) = &self.dir {
            write_all(folder)?;
            return Ok(0);
        }
        let mut page = Vec::new();
        let rendered = clap_mangen::Man::new(Arguments::command()).render(&mut page);
        rendered
            .and_then(|()| shell.console.data(&page))
            .map_err(|e| error::io("write the manual page", e))?;
        Ok(0)
    }
}

fn write_all(folder: &Path) -> Result<(), Error> {
    let cannot = |e| error::io(format!("write manual pages into `{}`", folder.display()), e);
    fs::create_dir_all(folder).map_err(cannot)?;
    clap_mangen::generate_to(Arguments::command(), folder).map_err(cannot)
}
