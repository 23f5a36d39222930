use std::time::Duration;

use clap::Args;

use super::simple::{one, show};
use crate::cli::outcome::Outcome;
use crate::cli::shell::{App, Shell};
use crate::cli::target::{Given, Target};
use crate::cli::terminal::Stream;
use crate::cli::usage;
use crate::cli::values::duration;
use crate::error::Error;
use crate::report::{self, Document, Format};
use crate::request::Request;

/// Show a VM
///
/// With --watch it is shown anew until Ctrl-C.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli status --name my-first-vm
  vm-cli status my-first-vm --json
  vm-cli status my-first-vm --watch --interval 5s
  vm-cli status my-first-vm --columns state --no-header")]
pub(crate) struct Status {
    #[command(flatten)]
    target: Target,

    /// Show it anew again and again, until Ctrl-C
    #[arg(short, long)]
    watch: bool,

    /// Wait this long in between
    #[arg(long, value_name = "TIME", requires = "watch", default_value = "2s", value_parser = duration)]
    interval: Duration,
}

/// Clears a terminal and begins at its top left.
const CLEAR: &str = "\u{1b}[H\u{1b}[J";

impl Status {
    /// Says what the arguments ask for.
    pub(super) fn request(&self, given: &Given) -> Result<Request, Error> {
        Ok(Request::Status(self.target.vm(given)?))
    }

    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        let request = self.request(&app.given())?;
        if self.watch {
            return self.repeat(&app, &request);
        }
        let response = one(&app, request).outcome()?;
        Ok(show(&app, &response)?)
    }

    fn repeat(&self, app: &App, request: &Request) -> Outcome {
        if matches!(app.shell.style.format, Format::Json | Format::Yaml) {
            let why = "`--watch` gives many documents, and this format is one";
            return Err(usage(why).hint("use `--format jsonl`").into());
        }
        let interval = self.interval.max(Duration::from_millis(100));
        let watched = app.session(&app.loaded.settings, async |session| {
            loop {
                let response = session.ask(request.clone()).await?;
                let text = report::render(&Document::of(&response), &app.shell.style)?;
                let before = match app.shell.terminal.stdout {
                    Stream::Terminal => CLEAR,
                    Stream::Elsewhere => "",
                };
                app.shell.print(&format!("{before}{text}"))?;
                session.or_signal(tokio::time::sleep(interval)).await?;
            }
        });
        watched.watched()
    }
}
