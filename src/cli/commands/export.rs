use std::path::PathBuf;

use clap::Args;

use crate::cli::target::{Given, Target};
use crate::error::Error;
use crate::request::{ExportRequest, IfFileExists, Request};

/// Write a VM into a file that other hosts can import
///
/// The VM must be off. The file appears when it is whole.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli export my-first-vm -o my-first-vm.ova
  vm-cli export --name web --output web.ovf --force")]
pub(crate) struct Export {
    #[command(flatten)]
    target: Target,

    /// Write this file: .ova for one file, .ovf for one with its disks beside it
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,

    /// Replace the file if it is there
    #[arg(short, long)]
    force: bool,
}

impl Export {
    /// Says what the arguments ask for.
    pub(super) fn request(&self, given: &Given) -> Result<Request, Error> {
        Ok(Request::Export(ExportRequest {
            vm: self.target.vm(given)?,
            file: self.output.clone(),
            if_exists: if self.force { IfFileExists::Replace } else { IfFileExists::Fail },
        }))
    }
}
