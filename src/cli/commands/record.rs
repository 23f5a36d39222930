use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::cli::target::{Given, Target};
use crate::cli::usage;
use crate::cli::values::duration;
use crate::error::Error;
use crate::request::{RecordRequest, Request};

/// Make a film of a VM's screen
///
/// VirtualBox itself makes it, as WebM without sound. Ctrl-C ends it early, and what was filmed until
/// then is kept.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli record my-first-vm --for 10s --to boot.webm
  vm-cli record --name my-first-vm --for 2m --to films/setup.webm --json")]
pub(crate) struct Record {
    #[command(flatten)]
    target: Target,

    /// Film this long, such as 10s or 2m
    #[arg(long = "for", value_name = "TIME", value_parser = duration)]
    span: Duration,

    /// Write the film into this file
    #[arg(short, long, alias = "output", value_name = "FILE")]
    to: PathBuf,
}

impl Record {
    pub(super) fn request(&self, given: &Given) -> Result<Request, Error> {
        if self.span.is_zero() {
            return Err(usage("a film of no length is none").hint("such as `--for 10s`"));
        }
        let (vm, to, span) = (self.target.vm(given)?, self.to.clone(), self.span);
        Ok(Request::Record(RecordRequest { vm, to, span }))
    }
}
