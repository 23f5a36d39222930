use std::path::PathBuf;

use clap::{ArgAction, Args, ValueEnum};

use super::usage;
use super::values::words;
use crate::error::Error;
use crate::report::Format;

/// What every command understands, before or after its name.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags are on or off")]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Global {
    /// Show the result in this format
    #[arg(long, global = true, value_name = "FORMAT", value_parser = words::<Format>(Format::WORDS.map(|(word, _)| word)))]
    pub(crate) format: Option<Format>,

    /// Show the result as one JSON document, as --format json does
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// Show names only, and no progress
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,

    /// Show these columns of a table, plain or CSV result, by their names in JSON
    #[arg(long, global = true, value_name = "A,B", value_delimiter = ',', hide_short_help = true)]
    pub(crate) columns: Vec<String>,

    /// Leave out a table's headings
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) no_header: bool,

    /// Colour the output
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_short_help = true
    )]
    pub(crate) color: When,

    /// Show progress on standard error
    #[arg(long, global = true, value_name = "HOW", default_value = "auto", hide_short_help = true)]
    pub(crate) progress: ProgressWish,

    /// Print what would be done, and do nothing
    #[arg(long, global = true)]
    pub(crate) dry_run: bool,

    /// Show the calls of VBoxManage as they run; twice for everything
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,

    /// Answer questions with yes
    #[arg(short, long, global = true)]
    pub(crate) yes: bool,

    /// Go over the limits of `resource_limits` in the configuration
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) ignore_limits: bool,

    /// Let the server at this address do it, such as http://127.0.0.1:8470 [env: VM_CLI_HOST]
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) host: Option<String>,

    /// Trust an https server by the certificate in this PEM file [env: VM_CLI_HOST_CERTIFICATE]
    #[arg(long, global = true, value_name = "FILE", hide_short_help = true)]
    pub(crate) host_certificate: Option<PathBuf>,

    /// Show the server the token in this file [env: VM_CLI_TOKEN holds the token itself]
    #[arg(long, global = true, value_name = "FILE", hide_short_help = true)]
    pub(crate) token_file: Option<PathBuf>,

    /// Read this configuration file
    #[arg(long, global = true, value_name = "FILE", hide_short_help = true)]
    pub(crate) config: Option<PathBuf>,

    /// Keep state and logs in this folder [env: VM_CLI_HOME]
    #[arg(long, global = true, value_name = "DIR", hide_short_help = true)]
    pub(crate) home: Option<PathBuf>,

    /// Use this hypervisor
    #[arg(long, global = true, value_name = "KIND", hide_short_help = true)]
    pub(crate) hypervisor: Option<HypervisorWish>,

    /// Call this VBoxManage [env: VM_CLI_VBOXMANAGE]
    #[arg(long, global = true, value_name = "PATH", hide_short_help = true)]
    pub(crate) vboxmanage: Option<PathBuf>,
}

/// When to do something that suits terminals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal
    Auto,
    /// Everywhere
    Always,
    /// Nowhere
    Never,
}

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProgressWish {
    /// As a moving line on a terminal, else as plain lines
    Auto,
    /// As plain lines
    Plain,
    /// Not at all
    None,
}

/// A hypervisor by its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum HypervisorWish {
    /// VirtualBox, through VBoxManage
    Virtualbox,
    /// QEMU: real VMs, on hosts without VirtualBox too
    Qemu,
    /// The simulator: VMs that exist in a file
    Simulated,
}

impl HypervisorWish {
    /// Returns its word, as the configuration has it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Virtualbox => "virtualbox",
            Self::Qemu => "qemu",
            Self::Simulated => "simulated",
        }
    }
}

impl Global {
    /// Returns the format that was asked for.
    pub(crate) fn format(&self) -> Result<Format, Error> {
        match (self.format, self.json) {
            (Some(format), true) if format != Format::Json => {
                Err(usage("`--json` and another `--format` contradict each other"))
            }
            (Some(format), _) => Ok(format),
            (None, true) => Ok(Format::Json),
            (None, false) if self.quiet => Ok(Format::Names),
            (None, false) => Ok(Format::Table),
        }
    }
}
