use clap::{Args, CommandFactory};
use clap_complete::Shell as Kind;

use crate::cli::arguments::Arguments;
use crate::cli::outcome::Outcome;
use crate::cli::shell::Shell;
use crate::error;

/// Print a shell's completions
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli completions bash > /etc/bash_completion.d/vm-cli
  vm-cli completions zsh > ~/.zfunc/_vm-cli")]
pub(crate) struct Completions {
    /// Name the shell
    shell: Kind,
}

impl Completions {
    pub(super) fn run(&self, shell: &Shell) -> Outcome {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Arguments::command(), "vm-cli", &mut script);
        shell.console.data(&script).map_err(|e| error::io("write the completions", e))?;
        Ok(0)
    }
}
