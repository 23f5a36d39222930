use clap::Args;

/// List the VMs
///
/// A VM's name comes first on its line.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli list
  vm-cli list --json
  vm-cli list --columns name,state --no-header
  vm-cli list | grep \"test-vm\" | awk '{print $1}' | xargs -I {} vm-cli start --name {}")]
pub(crate) struct List {}
