use clap::Args;

use crate::cli::outcome::Outcome;
use crate::cli::shell::Shell;
use crate::error::ErrorKind;
use crate::report::Document;
use crate::request::Repaired;

/// Find and repair what a crash left
///
/// Half-made and half-deleted VMs, stale port leases, tasks whose process is gone. Touches only
/// what vm-cli made. Exits with 8 if a repair failed.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli gc --dry-run
  vm-cli gc --json")]
pub(crate) struct Gc {}

impl Gc {
    #[expect(clippy::unused_self, reason = "commands are run alike")]
    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        let ended = app.session(&app.loaded.settings, async |session| session.gc().await);
        let repairs = ended.outcome()?;
        app.shell.show(&Document::repairs(&repairs))?;
        if repairs.is_empty() {
            app.shell.remark("nothing to repair");
        }
        let failed = repairs.iter().any(|it| matches!(it.outcome, Repaired::Failed(_)));
        Ok(if failed { ErrorKind::Partial.exit_code() } else { 0 })
    }
}
