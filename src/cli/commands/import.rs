use std::path::PathBuf;

use clap::Args;

use crate::error::Error;
use crate::request::{ImportRequest, Request};

/// Make a VM from a file
///
/// It gets hardware addresses and host ports of its own. What is imported half is removed again.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli import my-first-vm.ova
  vm-cli import web.ova --name web-2")]
pub(crate) struct Import {
    /// Read this file (OVA, or OVF with its disks beside it)
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Name the VM; without it, it is called as it was
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    name: Option<String>,
}

impl Import {
    /// Says what the arguments ask for.
    pub(super) fn request(&self) -> Result<Request, Error> {
        let name = self.name.as_deref().map(str::parse).transpose()?;
        Ok(Request::Import(ImportRequest { file: self.file.clone(), name }))
    }
}
