use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cli::outcome::Outcome;
use crate::cli::shell::Shell;
use crate::iso;
use crate::report::Document;

/// Tell what can be installed from an ISO file
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli iso info debian-12.iso
  vm-cli iso info Windows11.iso --list-editions --json")]
pub(crate) struct Iso {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show what an ISO file is, without mounting it
    ///
    /// It tells Windows by its editions, and Linux by what its distribution writes about its own
    /// medium. A file that is no ISO, or is cut off, is refused with the reason.
    #[command(after_help = "Examples:
  vm-cli iso info debian-12.iso
  vm-cli iso info Windows11.iso --list-editions
  vm-cli iso info Windows11.iso --json")]
    Info {
        /// Name an ISO file
        #[arg(value_name = "FILE")]
        file: PathBuf,

        /// List the editions of Windows, one a line
        #[arg(long)]
        list_editions: bool,
    },
}

impl Iso {
    pub(super) fn run(&self, shell: &Shell) -> Outcome {
        let Action::Info { file, list_editions } = &self.action;
        let inspection = iso::inspect_file(file)?;
        shell.show(&if *list_editions {
            Document::editions(file, &inspection)?
        } else {
            Document::inspection(file, &inspection)
        })?;
        Ok(0)
    }
}
