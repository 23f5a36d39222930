use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use crate::cli::configuration;
use crate::cli::outcome::Outcome;
use crate::cli::shell::Shell;
use crate::config::{self, Effective, Origin, Presence, Sources};
use crate::error::{Error, ErrorKind};
use crate::fleet;
use crate::report::{Document, Setting};

/// Show, check and make the configuration
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli config show --origin
  vm-cli config validate config/vm_orchestrator.json")]
pub(crate) struct Config {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show every key with the value that holds
    #[command(after_help = "Examples:
  vm-cli config show
  vm-cli config show --origin --json")]
    Show {
        /// Show where each value came from
        #[arg(long)]
        origin: bool,
    },
    /// Check the configuration, or one file
    #[command(after_help = "Examples:
  vm-cli config validate
  vm-cli config validate config/vm_orchestrator.json")]
    Validate {
        /// Check this file only
        file: Option<PathBuf>,
    },
    /// Print the JSON schema of a configuration file, or of a file of VMs
    #[command(after_help = "Examples:
  vm-cli config schema > vm_orchestrator.schema.json
  vm-cli config schema --vms > vms.schema.json")]
    Schema {
        /// Of a file of VMs, as `up` reads it
        #[arg(long)]
        vms: bool,
    },
    /// Write a configuration file with every key and its default
    #[command(after_help = "Examples:
  vm-cli config init
  vm-cli config init config/vm_orchestrator.json")]
    Init {
        /// Write this file instead of the user's own
        file: Option<PathBuf>,
    },
    /// Print where the configuration is looked for, the highest last
    #[command(after_help = "Examples:
  vm-cli config path
  vm-cli config path --json")]
    Path {},
}

/// The name of a file in JSON.
const FILE: &str = "file";

impl Config {
    pub(super) fn run(&self, shell: &Shell) -> Outcome {
        let folders = configuration::folders(&shell.environment)?;
        match &self.action {
            Action::Show { origin } => {
                let loaded = configuration::load(&shell.global, &shell.environment, &folders)?;
                let origin = if *origin { Origins::Shown } else { Origins::Hidden };
                shell.show(&Document::settings(&settings(&loaded.effective, origin)))?;
            }
            Action::Validate { file: Some(file) } => {
                config::load(&Sources { named: Some(file.clone()), ..Sources::default() })?;
                shell.show(&Document::words(FILE, &[shown(file)]))?;
                shell.remark("it is right");
            }
            Action::Validate { file: None } => {
                let loaded = configuration::load(&shell.global, &shell.environment, &folders)?;
                let read = loaded.files.iter().filter(|file| file.presence == Presence::Read);
                let read: Vec<String> = read.map(|file| shown(&file.path)).collect();
                shell.show(&Document::words(FILE, &read))?;
                shell.remark("the configuration is right");
            }
            Action::Schema { vms } => {
                let schema = if *vms { fleet::schema() } else { config::schema() };
                shell.print(&format!("{schema:#}\n"))?;
            }
            Action::Init { file } => {
                let file = file.as_deref().unwrap_or_else(|| folders.config_file());
                write(file, shell)?;
                shell.show(&Document::words(FILE, &[shown(file)]))?;
            }
            Action::Path {} => {
                let files = configuration::files(&shell.global, &shell.environment, &folders);
                let files: Vec<String> = files.iter().map(|file| shown(file)).collect();
                shell.show(&Document::words(FILE, &files))?;
            }
        }
        Ok(0)
    }
}

/// Whether the origin of values is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origins {
    Shown,
    Hidden,
}

fn settings(effective: &Effective, origins: Origins) -> Vec<Setting> {
    let origin = |origin: &Origin| match origins {
        Origins::Shown => Some(origin.to_string()),
        Origins::Hidden => None,
    };
    let entries = effective.entries().iter();
    entries
        .map(|entry| Setting {
            key: entry.key.path.to_owned(),
            value: entry.value.clone(),
            origin: origin(&entry.origin),
        })
        .collect()
}

fn write(file: &Path, shell: &Shell) -> Result<(), Error> {
    if !shell.global.dry_run {
        return config::write_new(file, &config::sample());
    }
    if file.exists() {
        let message = format!("`{}` exists already", file.display());
        return Err(Error::new(ErrorKind::AlreadyExists, message));
    }
    shell.remark("this was a rehearsal: nothing was written");
    Ok(())
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
