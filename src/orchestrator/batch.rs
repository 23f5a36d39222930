//! Several requests at once: begun in order, so many at a time, told in order.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::VmOrchestrator;
use super::open::slots;
use crate::error::{Error, ErrorKind};
use crate::guest::OutputSink;
use crate::request::{Batch, BatchOutcome, OnFailure, Pace, Request, Response, is_well};

/// Where guests' output goes when commands run in several of them.
pub trait BatchOutput: Send + Sync {
    /// Returns where the output of the request at this place goes.
    fn sink(&self, place: usize, vm: &str) -> Arc<dyn OutputSink>;

    /// Hears that the request at this place prints nothing more.
    fn ended(&self, _place: usize) {}
}

/// What came of the request at a place, and how long that took.
type Done = (usize, Result<Response, Error>, Duration);

impl VmOrchestrator {
    /// Does everything that is asked, several requests at a time. Never fails as a whole: every
    /// request has its own outcome, also one that was not begun.
    pub async fn handle_all(
        &self,
        requests: Vec<Request>,
        pace: Pace,
        output: Arc<dyn BatchOutput>,
    ) -> Batch {
        let names: Vec<String> = requests.iter().map(name).collect();
        let width = self.width(pace);
        let mut waiting = requests.into_iter().zip(&names).enumerate();
        let mut running: JoinSet<Done> = JoinSet::new();
        let mut done = HashMap::new();
        let mut first_failed = None;
        let mut begun = 0;
        loop {
            while running.len() < width
                && self.goes_on(pace, first_failed)
                && let Some((place, (request, name))) = waiting.next()
            {
                begun = place + 1;
                let (this, output) = (self.clone(), Arc::clone(&output));
                let sink = output.sink(place, name);
                running.spawn(async move {
                    let since = Instant::now();
                    let result = this.handle(request, sink).await;
                    output.ended(place);
                    (place, result, since.elapsed())
                });
            }
            match running.join_next().await {
                None => break,
                Some(Ok((nth, result, duration))) => {
                    if !is_well(&result) {
                        first_failed.get_or_insert(nth);
                    }
                    done.insert(nth, (result, duration));
                }
                // Its outcome is missing, and that is told below.
                Some(Err(_broke_off)) => {}
            }
        }
        let culprit = first_failed.filter(|_| pace.on_failure == OnFailure::Stop);
        let culprit = culprit.and_then(|place| names.get(place));
        let outcome = |(place, vm): (usize, String)| {
            let (result, took) = done.remove(&place).unwrap_or_else(|| {
                let error = if place < begun { broken_off(&vm) } else { not_begun(&vm, culprit) };
                (Err(error), Duration::ZERO)
            });
            let result = result.map_err(|error| error.about(&vm));
            BatchOutcome { vm, result, took }
        };
        Batch { outcomes: names.clone().into_iter().enumerate().map(outcome).collect() }
    }

    /// Returns how many requests may be under way at once. A rehearsal tells step by step.
    fn width(&self, pace: Pace) -> usize {
        if self.rehearses() {
            return 1;
        }
        pace.parallel.map_or_else(|| slots(self.settings()), NonZeroUsize::get)
    }

    fn goes_on(&self, pace: Pace, first_failed: Option<usize>) -> bool {
        let stopped = first_failed.is_some() && pace.on_failure == OnFailure::Stop;
        !stopped && !*self.canceled.borrow()
    }
}

/// Returns the name of the VM that a request is about.
fn name(request: &Request) -> String {
    if let Request::Create(asked) = request {
        return asked.name.to_string();
    }
    request.vm().map(|vm| vm.to_string()).unwrap_or_default()
}

fn not_begun(vm: &str, culprit: Option<&String>) -> Error {
    let why = match culprit {
        Some(culprit) => format!("`{culprit}` failed first"),
        None => "canceled".to_owned(),
    };
    Error::new(ErrorKind::Canceled, format!("`{vm}` was left out: {why}"))
}

fn broken_off(vm: &str) -> Error {
    Error::new(ErrorKind::Internal, format!("the work on `{vm}` broke off"))
}

#[cfg(test)]
#[path = "batch_tests.rs"]
mod tests;
