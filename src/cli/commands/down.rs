use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::delete::{Crowd, confirm};
use super::fleet::{FleetFile, conclude, show_plan};
use crate::cli::outcome::Outcome;
use crate::cli::shell::Shell;
use crate::cli::target::Given;
use crate::cli::targets::PaceWish;
use crate::cli::values::duration;
use crate::fleet::{AndThen, Plan, Step, Stopping, Takedown};
use crate::model::VmRef;
use crate::orchestrator::VmOrchestrator;
use crate::request::WhenLate;

/// Take down the VMs of a file
///
/// They are stopped by their power buttons, each one after all that depend on it. With --delete they
/// are removed too. VMs that are not in the file are left alone. Exit code 8 if it failed for some.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli down
  vm-cli down -f lab.json --force-after 60s
  vm-cli down -f lab.json --delete --force --yes")]
pub(crate) struct Down {
    /// Only these VMs: keys of the file, names, or quoted patterns
    #[arg(value_name = "NAME")]
    names: Vec<String>,

    /// Read this file [default: vms.json]
    #[arg(short, long, value_name = "FILE")]
    file: Option<PathBuf>,

    /// Remove them, with disks and snapshots
    #[arg(long)]
    delete: bool,

    /// Power them off without asking their guests
    #[arg(long, conflicts_with_all = ["timeout", "force_after"])]
    force: bool,

    /// Give each guest this long, then fail
    #[arg(long, value_name = "TIME", value_parser = duration, allow_hyphen_values = true)]
    timeout: Option<Duration>,

    /// Give each guest this long, then power it off
    #[arg(long, value_name = "TIME", conflicts_with = "timeout", value_parser = duration, allow_hyphen_values = true)]
    force_after: Option<Duration>,

    #[command(flatten)]
    pace: PaceWish,
}

impl Down {
    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        let file = FleetFile::read(&app, self.file.as_deref(), &self.names)?;
        let (takedown, pace) = (self.takedown(&app.given()), self.pace.pace());
        let planned = app.session(&app.loaded.settings, async |session| {
            session
                .cancelable(async |it| it.plan_down(&file.fleet, &file.chosen, takedown).await)
                .await
        });
        let plan = planned.outcome()?;
        if app.shell.global.dry_run {
            return show_plan(&app, "down", &plan);
        }
        let doomed = doomed(&plan);
        if !doomed.is_empty() {
            confirm(&app, &Crowd { vms: &doomed, all: false })?;
        }
        let ended = app.session(&app.paced(pace), async |session| {
            let pursuing = async |it: VmOrchestrator| Ok(it.pursue(&file.fleet, &plan, pace).await);
            let outcomes = session.cancelable(pursuing).await?;
            Ok((plan.clone(), outcomes))
        });
        conclude(&app, "down", ended)
    }

    fn takedown(&self, given: &Given) -> Takedown {
        let then = if self.force_after.is_some() { WhenLate::PowerOff } else { WhenLate::Fail };
        let timeout = self.force_after.or(self.timeout).unwrap_or(given.timeouts.stop);
        Takedown {
            stopping: if self.force { Stopping::Force } else { Stopping::Ask { timeout, then } },
            then: if self.delete { AndThen::Delete } else { AndThen::Keep },
        }
    }
}

/// Returns the VMs that a plan removes.
fn doomed(plan: &Plan) -> Vec<VmRef> {
    let removes = |vm: &&crate::fleet::PlannedVm| vm.steps.contains(&Step::Delete);
    plan.vms.iter().filter(removes).filter_map(|vm| vm.vm.parse().ok()).collect()
}
