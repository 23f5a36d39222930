use std::time::Duration;

use clap::Args;

use crate::cli::outcome::Outcome;
use crate::cli::shell::Shell;
use crate::cli::values::duration;
use crate::report::Document;

/// Show what tasks came to, and what VMs take of the host
///
/// Each call measures the host and the VMs and keeps the figures. `--format prometheus` prints
/// what a Prometheus text collector reads.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli metrics --since 24h
  vm-cli metrics --format prometheus
  vm-cli metrics --since 7d --json")]
pub(crate) struct Metrics {
    /// Count this far back, such as 24h or 7d
    #[arg(long, value_name = "TIME", value_parser = duration)]
    since: Option<Duration>,
}

impl Metrics {
    pub(super) fn run(self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        let ended =
            app.session(&app.loaded.settings, async |session| session.metrics(self.since).await);
        app.shell.show(&Document::metrics(&ended.outcome()?))?;
        Ok(0)
    }
}
