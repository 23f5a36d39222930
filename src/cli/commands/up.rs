use std::path::PathBuf;

use clap::Args;

use super::fleet::{FleetFile, conclude, show_plan};
use crate::cli::outcome::Outcome;
use crate::cli::shell::Shell;
use crate::cli::targets::PaceWish;

/// Bring up the VMs of a file
///
/// What is missing is made, what is off is started, each VM after those that it depends on. What is
/// as the file says is left alone, and so is what differs: that is told. After an interruption, the
/// same command goes on. Exit code 8 if it failed for some of the VMs.
///
/// `vm-cli config schema --vms` shows what can stand in the file.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli up
  vm-cli up -f lab.json --dry-run
  vm-cli up -f lab.json client --parallel 4 --fail-fast")]
pub(crate) struct Up {
    /// Only these VMs and what they depend on: keys of the file, names, or quoted patterns
    #[arg(value_name = "NAME")]
    names: Vec<String>,

    /// Read this file [default: vms.json]
    #[arg(short, long, value_name = "FILE")]
    file: Option<PathBuf>,

    #[command(flatten)]
    pace: PaceWish,
}

impl Up {
    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        let file = FleetFile::read(&app, self.file.as_deref(), &self.names)?;
        let chosen = file.fleet.with_needs(&file.chosen);
        let pace = self.pace.pace();
        let ended = app.session(&app.paced(pace), async |session| {
            session
                .cancelable(async |orchestrator| {
                    let plan = orchestrator.plan_up(&file.fleet, &chosen).await?;
                    if app.shell.global.dry_run {
                        return Ok((plan, Vec::new()));
                    }
                    let outcomes = orchestrator.pursue(&file.fleet, &plan, pace).await;
                    Ok((plan, outcomes))
                })
                .await
        });
        if app.shell.global.dry_run {
            let (plan, _) = ended.outcome()?;
            return show_plan(&app, "up", &plan);
        }
        conclude(&app, "up", ended)
    }
}
