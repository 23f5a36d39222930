use std::time::Duration;

use clap::Args;

use crate::cli::outcome::Outcome;
use crate::cli::shell::Shell;
use crate::cli::values::duration;
use crate::report::Document;

/// Show who changed what, and what came of it
///
/// The newest line comes first. `begun` is what has not ended, or was killed. Passwords are never
/// written down. The key `security.audit_logging` switches the trail on and off.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli audit
  vm-cli audit --vm web --since 7d --json")]
pub(crate) struct Audit {
    /// Show what was done to this VM, by the name that was typed
    #[arg(long, value_name = "NAME")]
    vm: Option<String>,

    /// Show this far back, such as 2h or 7d
    #[arg(long, value_name = "TIME", value_parser = duration)]
    since: Option<Duration>,

    /// Show at most so many lines
    #[arg(short = 'n', long, value_name = "COUNT", default_value_t = 100)]
    limit: u32,
}

impl Audit {
    pub(super) fn run(self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        let ended = app.session(&app.loaded.settings, async |session| {
            session.audit(self.vm, self.since, Some(self.limit)).await
        });
        app.shell.show(&Document::audit(&ended.outcome()?))?;
        Ok(0)
    }
}
