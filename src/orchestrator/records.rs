//! The journal of tasks, for people: list, show, cancel, prune.

use std::time::{Duration, Instant};

use super::VmOrchestrator;
use crate::error::{Error, ErrorKind};
use crate::process::{self, Running};
use crate::store::{Owner, TaskFilter, TaskRecord};

/// Between two looks at whether a task has ended.
const LOOK: Duration = Duration::from_millis(100);

/// How much longer than its own grace a canceled process may take.
const SLACK: Duration = Duration::from_secs(10);

/// Commands that do not end by themselves, with many tasks one after another.
const LASTING: [&str; 2] = ["serve", "watch"];

impl VmOrchestrator {
    /// Reads tasks, the newest first; `within` is how far back, in place of the filter's own time.
    pub fn tasks(
        &self,
        filter: TaskFilter,
        within: Option<Duration>,
    ) -> Result<Vec<TaskRecord>, Error> {
        self.end_abandoned_tasks()?;
        let since = within.and_then(|span| self.now().checked_sub(span)).or(filter.since);
        self.store()?.tasks().list(&TaskFilter { since, ..filter })
    }

    /// Reads one task by its id, or by the unique start of it.
    pub fn task(&self, id: &str) -> Result<TaskRecord, Error> {
        self.end_abandoned_tasks()?;
        let mut found = self.store()?.tasks().find(id)?;
        match (found.pop(), found.len()) {
            (Some(task), 0) => Ok(task),
            (None, _) => Err(Error::new(ErrorKind::NotFound, format!("there is no task `{id}`"))
                .hint("run `vm-cli tasks list` to see them")),
            (Some(_), others) => {
                let message = format!("{} tasks begin with `{id}`", others + 1);
                Err(Error::new(ErrorKind::Ambiguous, message).hint("write more of the id"))
            }
        }
    }

    /// Asks the process of a task to end, waits until the task has ended, and returns it.
    ///
    /// The process ends what it does as after Ctrl-C; everything else that it does is canceled too.
    pub async fn cancel_task(&self, id: &str) -> Result<TaskRecord, Error> {
        let task = self.task(id)?;
        if task.ended_at.is_some() {
            let message = format!("task `{}` has ended: it is {}", task.id, task.state);
            return Err(Error::new(ErrorKind::InvalidState, message));
        }
        let pid = task.owner.pid;
        refuse_what_is_not_ours(pid)?;
        // Looked at last, so that no other process can have got its number meanwhile.
        if task.owner.is_alive() && !self.rehearses() {
            process::ask_to_end(pid)?;
        }
        if self.rehearses() {
            return Ok(task);
        }
        let patience = self.settings().timeouts.cancel_grace + SLACK;
        let begun = Instant::now();
        loop {
            let now = self.task(&task.id.to_string())?;
            if now.ended_at.is_some() {
                return Ok(now);
            }
            if patience < begun.elapsed() {
                let message = format!("process {pid} was asked to end, and still works");
                return Err(Error::new(ErrorKind::TimedOut, message)
                    .hint(format!("look again: `vm-cli tasks show {id}`")));
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Forgets the tasks that ended longer ago than this. Returns how many there were.
    pub fn prune_tasks(&self, older_than: Duration) -> Result<usize, Error> {
        let Some(before) = self.now().checked_sub(older_than) else { return Ok(0) };
        let tasks = self.store()?.tasks();
        if self.rehearses() { tasks.count_ended(before) } else { tasks.prune(before) }
    }

    /// Ends the tasks whose process is gone, so that what is shown is true.
    pub(super) fn end_abandoned_tasks(&self) -> Result<(), Error> {
        if self.rehearses() {
            return Ok(());
        }
        self.store()?.tasks().end_abandoned(self.now(), Owner::is_alive).map(drop)
    }
}

fn refuse_what_is_not_ours(pid: u32) -> Result<(), Error> {
    // One that is gone meanwhile needs no asking.
    let Some(running) = Running::of_process(pid) else { return Ok(()) };
    let is_ours = running.program.starts_with("vm-cli") && pid != std::process::id();
    let lasts = running.arguments.iter().any(|word| LASTING.contains(&word.as_str()));
    if is_ours && !lasts {
        return Ok(());
    }
    let message = format!("process {pid} (`{}`) is no single command of vm-cli", running.program);
    Err(Error::new(ErrorKind::Unsupported, message)
        .hint(format!("end process {pid} itself, if everything that it does may end")))
}
