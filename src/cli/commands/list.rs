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
        let mut response = one(&app, Request::List).outcome()?;
        if let Response::List(vms) = &mut response
            && !vms.is_empty()
        {
            vms.retain(|vm| selection.means(vm));
            if vms.is_empty() {
                app.shell.remark(&format!("no VM {}", selection.describe()));
                app.shell.show(&Document::of(&response))?;
                return Ok(0);
            }
        }
        Ok(show(&app, &response)?)
    }
}
