use clap::Args;

use super::simple::{one, show};
use crate::cli::outcome::Outcome;
use crate::cli::shell::Shell;
use crate::cli::targets::Filter;
use crate::report::Document;
use crate::request::{Request, Response};

/// List the VMs
///
/// A VM's name comes first on its line. Names, patterns, groups and states leave the others out.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli list
  vm-cli list --json
  vm-cli list 'test-*' --state running --group /lab
  vm-cli list --columns name,state --no-header
  vm-cli list | grep \"test-vm\" | awk '{print $1}' | xargs -I {} vm-cli start --name {}")]
pub(crate) struct List {
    /// Only VMs of these names; a quoted pattern such as 'test-*' means all that fit
    #[arg(value_name = "NAME")]
    names: Vec<String>,

    #[command(flatten)]
    filter: Filter,
}

impl List {
    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        let selection = self.filter.selection(&self.names)?;
        let response = match one(&app, Request::List).outcome()? {
            Response::List(vms) if !vms.is_empty() => {
                let kept: Vec<_> = vms.into_iter().filter(|vm| selection.means(vm)).collect();
                if kept.is_empty() {
                    app.shell.remark(&format!("no VM {}", selection.describe()));
                    app.shell.show(&Document::of(&Response::List(kept)))?;
                    return Ok(0);
                }
                Response::List(kept)
            }
            other => other,
        };
        Ok(show(&app, &response)?)
    }
}
