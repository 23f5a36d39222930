use clap::Args;

/// Show how the host, the hypervisor and the VMs are
///
/// Exits with 0 if VMs can run, and with 6 if not.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli system-status
  vm-cli system-status --json")]
pub(crate) struct SystemStatus {}
