use std::time::Duration;

use clap::Args;

use super::create::WaitAfter;
use super::several::OnEach;
use crate::cli::target::Given;
use crate::cli::targets::Targets;
use crate::cli::values::duration;
use crate::error::Error;
use crate::model::{Display, VmRef};
use crate::request::{Request, WhenFull};

/// Start a VM, or let it go on
///
/// A VM that is off is powered on, a saved one goes on from its memory, a paused one goes on. A
/// running one is left alone, which is no failure.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli start --name my-first-vm
  vm-cli start web --wait ssh --timeout 5m
  vm-cli start desktop --gui
  vm-cli start web --queue
  vm-cli start 'test-*' --parallel 4
  vm-cli list -q --group /lab | vm-cli start -")]
pub(crate) struct Start {
    #[command(flatten)]
    targets: Targets,

    /// Show its screen in a window
    #[arg(long)]
    gui: bool,

    /// Show its screen nowhere (so it is without --gui)
    #[arg(long, conflicts_with = "gui")]
    headless: bool,

    /// Wait until the limits of the configuration allow it, this long at most if a time is given
    #[arg(long, value_name = "TIME", num_args = 0..=1, require_equals = true, value_parser = duration)]
    #[expect(clippy::option_option, reason = "the flag may stand without a time")]
    queue: Option<Option<Duration>>,

    #[command(flatten)]
    wait: WaitAfter,
}

impl OnEach for Start {
    fn targets(&self, _given: &Given) -> Result<Targets, Error> {
        Ok(self.targets.clone())
    }

    fn request(&self, vm: VmRef, given: &Given) -> Result<Request, Error> {
        Ok(Request::Start {
            vm,
            display: display(self.gui && !self.headless),
            wait: self.wait.wish(given),
            when_full: self.queue.map_or(WhenFull::Refuse, WhenFull::Wait),
        })
    }
}

/// Returns where a screen shows.
pub(super) fn display(window: bool) -> Display {
    if window { Display::Gui } else { Display::Headless }
}
