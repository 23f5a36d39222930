use std::time::Duration;

use clap::{Args, Subcommand};

use crate::cli::outcome::Outcome;
use crate::cli::shell::{App, Shell};
use crate::cli::values::{duration, task_state};
use crate::error::{Error, ErrorKind};
use crate::model::TaskState;
use crate::report::Document;
use crate::store::TaskFilter;

/// Show, cancel and forget tasks
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli tasks list --state failed
  vm-cli tasks prune --older-than 30d")]
pub(crate) struct Tasks {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List tasks, the newest first
    #[command(
        visible_alias = "ls",
        after_help = "Examples:
  vm-cli tasks list
  vm-cli tasks list --state failed --since 24h
  vm-cli tasks list --vm web --limit 5 --json"
    )]
    List {
        /// Show those in this state
        #[arg(long, value_name = "STATE", value_parser = task_state)]
        state: Option<TaskState>,

        /// Show those of this VM, by the name that was typed
        #[arg(long, value_name = "NAME")]
        vm: Option<String>,

        /// Show this far back, such as 2h or 7d
        #[arg(long, value_name = "TIME", value_parser = duration)]
        since: Option<Duration>,

        /// Show at most so many
        #[arg(short = 'n', long, value_name = "COUNT", default_value_t = 100)]
        limit: u32,
    },
    /// Show one task with its attempts
    #[command(after_help = "Examples:
  vm-cli tasks show 3f2a9c41
  vm-cli tasks show 3f2a9c41 --json")]
    Show {
        /// Name the task by its id, or by the start of it
        id: String,
    },
    /// Ask the process of a task to end
    ///
    /// It ends as after Ctrl-C: everything else that this process does is canceled too, and
    /// half-made VMs are removed. Not on Windows.
    #[command(after_help = "Examples:
  vm-cli tasks cancel 3f2a9c41
  vm-cli tasks cancel 3f2a9c41 --dry-run")]
    Cancel {
        /// Name the task by its id, or by the start of it
        id: String,
    },
    /// Forget tasks that ended long ago
    ///
    /// Once a day this is done by itself, with the key `logging.keep_records_days`.
    #[command(after_help = "Examples:
  vm-cli tasks prune
  vm-cli tasks prune --older-than 7d --dry-run")]
    Prune {
        /// Forget those that ended longer ago than this
        #[arg(long, value_name = "TIME", value_parser = duration, default_value = "30d")]
        older_than: Duration,
    },
}

impl Tasks {
    pub(super) fn run(self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        let document = match self.action {
            Action::List { state, vm, since, limit } => {
                let filter = TaskFilter { state, vm, since: None, limit: Some(limit) };
                let work = app.session(&app.loaded.settings, async |session| {
                    session.tasks(filter, since).await
                });
                Document::tasks(&work.outcome()?)
            }
            Action::Show { id } => {
                let work =
                    app.session(&app.loaded.settings, async |session| session.task(&id).await);
                Document::task(&work.outcome()?)
            }
            Action::Cancel { id } => return cancel(&app, &id),
            Action::Prune { older_than } => {
                let work = app.session(&app.loaded.settings, async |session| {
                    session.prune_tasks(older_than).await
                });
                Document::pruned(work.outcome()?)
            }
        };
        app.shell.show(&document)?;
        Ok(0)
    }
}

fn cancel(app: &App, id: &str) -> Outcome {
    let ended = app.session(&app.loaded.settings, async |session| session.cancel_task(id).await);
    let task = ended.outcome()?;
    if task.state == TaskState::Done {
        let message = format!("task `{}` was done before it could be canceled", task.id);
        return Err(Error::new(ErrorKind::InvalidState, message).into());
    }
    app.shell.show(&Document::task(&task))?;
    Ok(0)
}
