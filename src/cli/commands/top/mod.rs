//! The overview of a host in the terminal, as it goes on.

mod keys;
mod page;
mod stage;

use std::time::Duration;

use clap::Args;
use tokio::time::Instant;

use self::keys::{Key, Keys};
use self::page::{Overview, Page};
use self::stage::Stage;
use crate::cli::outcome::Outcome;
use crate::cli::session::Session;
use crate::cli::shell::{App, Shell};
use crate::cli::terminal::Stream;
use crate::cli::usage;
use crate::cli::values::duration;
use crate::error::{Error, ErrorKind};
use crate::request::{Request, Response};
use crate::store::TaskFilter;

/// Show the host, its VMs and its tasks as they go on
///
/// The same as the page of `vm-cli serve`, in the terminal: what VMs take of the host, and what was
/// done last. Up and down choose a VM, `q` ends. Where no terminal shows it, it is printed once.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli top
  vm-cli top --interval 5s
  vm-cli top | head -3")]
pub(crate) struct Top {
    /// Look this often
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = duration)]
    interval: Duration,
}

/// So many tasks are shown at most.
const TASKS: u32 = 100;

/// How often the size of the terminal is looked at.
const RESIZE: Duration = Duration::from_millis(250);

/// No look follows sooner.
const SHORTEST: Duration = Duration::from_millis(250);

impl Top {
    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        if app.shell.is_structured() {
            let why = "`top` is for people: it makes no document";
            let hint = "use `vm-cli metrics --json` and `vm-cli list --json`";
            return Err(usage(why).hint(hint).into());
        }
        let terminal = app.shell.terminal;
        let shown = app.session(&app.loaded.settings, async |session| {
            if terminal.stdout == Stream::Terminal && terminal.stdin == Stream::Terminal {
                return self.follow(&app, session).await;
            }
            let overview = look(session).await?;
            app.shell.print(&(Page::default().whole(&overview).join("\n") + "\n"))
        });
        shown.outcome().map(|()| 0)
    }

    async fn follow(&self, app: &App, session: &mut Session) -> Result<(), Error> {
        let mut overview = look(session).await?;
        let mut stage = Stage::enter(&app.shell.console)?;
        let (mut keys, mut page) = (Keys::listen(), Page::default());
        let interval = self.interval.max(SHORTEST);
        let mut next = Instant::now() + interval;
        loop {
            stage.show(&page.within(&overview, stage.size()))?;
            let soon = next.min(Instant::now() + RESIZE);
            let pressed = async { tokio::time::timeout_at(soon, keys.next()).await };
            match session.or_signal(pressed).await? {
                Ok(Some(Key::Quit)) => return Ok(()),
                Ok(Some(Key::Interrupt)) => {
                    return Err(Error::new(ErrorKind::Canceled, "canceled"));
                }
                Ok(Some(Key::Up)) => page.up(),
                Ok(Some(Key::Down)) => page.down(&overview),
                // Nobody types any more: it goes on until it is ended.
                Ok(None) => session.or_signal(tokio::time::sleep_until(next)).await?,
                Err(_nothing) => {}
            }
            if next <= Instant::now() {
                overview = look(session).await?;
                next = Instant::now() + interval;
            }
        }
    }
}

async fn look(session: &mut Session) -> Result<Overview, Error> {
    let metrics = session.metrics(None).await?;
    let Response::List(vms) = session.ask(Request::List).await? else {
        return Err(Error::new(ErrorKind::Internal, "a list is no list"));
    };
    let filter = TaskFilter { limit: Some(TASKS), ..TaskFilter::default() };
    let tasks = session.tasks(filter, None).await?;
    Ok(Overview { metrics, vms, tasks })
}
