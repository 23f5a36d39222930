//! The journal of tasks, written while they run, so that it survives a killed process.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime};

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::oneshot;

use crate::error::Error;
use crate::request::Event;
use crate::store::{Journal, LazyStore, Owner};

/// Writes what happens to tasks that change something: at their beginning, at each failed attempt,
/// at their end.
///
/// On a thread of its own, because a write may wait for another process, and because a runtime
/// would wait for the end of a thread of its own.
#[derive(Debug)]
pub(super) struct Recorder(oneshot::Receiver<()>);

/// Where and how it is written.
#[derive(Debug)]
pub(super) struct Recording {
    pub(super) store: Arc<LazyStore>,
    /// How long records are kept.
    pub(super) keep: Duration,
    pub(super) clock: fn() -> SystemTime,
}

impl Recorder {
    /// Begins to write, until the events end; `None`, with a warning, if the host has no thread.
    pub(super) fn begin(events: UnboundedReceiver<Event>, recording: Recording) -> Option<Self> {
        let (done, ended) = oneshot::channel();
        let work = move || {
            recording.write(events);
            done.send(()).ok();
        };
        match thread::Builder::new().name("journal".to_owned()).spawn(work) {
            Ok(_runs_on) => Some(Self(ended)),
            Err(e) => {
                tracing::warn!("tasks are not recorded: {e}");
                None
            }
        }
    }

    /// Waits until everything is written.
    pub(super) async fn ended(self) {
        // A recorder that died has nothing more to write.
        self.0.await.ok();
    }
}

impl Recording {
    fn write(&self, mut events: UnboundedReceiver<Event>) {
        let mut journal = None;
        let mut failed = None;
        while let Some(event) = events.blocking_recv() {
            let mut next = Some(event);
            // What came meanwhile is written at once.
            while let Some(event) = next {
                if event.task_type.changes() {
                    let journal = journal.get_or_insert_with(|| Journal::new(self.owner()));
                    journal.feed(&event, (self.clock)());
                }
                next = events.try_recv().ok();
            }
            if let Some(journal) = journal.as_mut().filter(|it| it.has_changed()) {
                failed = self.flush(journal).err();
            }
        }
        if let Some(e) = failed {
            // A command that did its work does not fail for this.
            tracing::warn!("the journal could not be written: {e}");
        }
        if journal.is_some() {
            self.prune();
        }
    }

    fn flush(&self, journal: &mut Journal) -> Result<(), Error> {
        let store = self.store.get((self.clock)(), |warning| tracing::warn!("{warning}"))?;
        journal.flush(store)
    }

    fn prune(&self) {
        let now = (self.clock)();
        let store = self.store.get(now, |warning| tracing::warn!("{warning}"));
        match store.and_then(|store| store.prune_daily(now, self.keep)) {
            Ok(Some(pruned)) => tracing::debug!(?pruned, "old records were forgotten"),
            Ok(None) => {}
            Err(e) => tracing::warn!("old records could not be forgotten: {e}"),
        }
    }

    fn owner(&self) -> Owner {
        let here = || Owner { pid: std::process::id(), started: (self.clock)() };
        Owner::this_process().unwrap_or_else(here)
    }
}
