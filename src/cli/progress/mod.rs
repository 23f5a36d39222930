//! What runs, for the person who waits: moving lines on a terminal, plain ones elsewhere.

mod lines;
mod spinners;
mod tracker;

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::console::Console;
use crate::request::Event;
use lines::Lines;
use spinners::Spinners;
use tracker::{Patience, Step, Tracker};

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    /// By moving lines.
    Spinners,
    /// By plain lines.
    Lines,
    /// Not at all.
    None,
}

/// Progress that is being shown.
#[derive(Debug)]
pub(crate) struct Shown {
    end: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Shown {
    /// Ends it, when everything that happened so far was shown.
    pub(crate) async fn end(self) {
        drop(self.end);
        drop(self.task.await);
    }
}

/// Begins to show progress.
pub(crate) fn show(
    how: Progress,
    console: &Arc<Console>,
    events: mpsc::UnboundedReceiver<Event>,
) -> Option<Shown> {
    let (end, ended) = oneshot::channel();
    let task = match how {
        Progress::None => return None,
        Progress::Lines => {
            let view = Lines::new(Arc::clone(console));
            tokio::spawn(follow(events, ended, Tracker::new(Patience::LINES), view))
        }
        Progress::Spinners => {
            let view = Spinners::new(Arc::clone(console));
            tokio::spawn(follow(events, ended, Tracker::new(Patience::SPINNERS), view))
        }
    };
    Some(Shown { end, task })
}

/// Shows steps.
trait View {
    fn step(&mut self, step: Step);
}

async fn follow(
    mut events: mpsc::UnboundedReceiver<Event>,
    mut ended: oneshot::Receiver<()>,
    mut tracker: Tracker,
    mut view: impl View,
) {
    loop {
        let due = tracker.due().map(tokio::time::Instant::from_std);
        let steps = tokio::select! {
            biased;
            event = events.recv() => match event {
                Some(event) => tracker.observe(&event, Instant::now()),
                None => return,
            },
            () = sleep_until(due) => tracker.tick(Instant::now()),
            _ = &mut ended => return,
        };
        for step in steps {
            view.step(step);
        }
    }
}

async fn sleep_until(due: Option<tokio::time::Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}
