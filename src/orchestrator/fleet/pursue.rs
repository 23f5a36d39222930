//! The steps of a plan: VMs side by side, each begun when what it waits for is so.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, mpsc};
use tokio::task::{Id, JoinSet};

use crate::error::{Error, ErrorKind};
use crate::fleet::{Course, Done, Fleet, FleetOutcome, Member, Plan, PlannedVm};
use crate::orchestrator::VmOrchestrator;
use crate::orchestrator::open::slots;
use crate::request::{OnFailure, Pace};

/// What came of a VM, and how long that took.
type Ended = (Result<Done, Error>, Duration);

/// What the work on one VM is given.
struct Order {
    nth: usize,
    member: Member,
    planned: PlannedVm,
    told: mpsc::UnboundedSender<usize>,
    originals: Arc<HashMap<String, Mutex<()>>>,
}

impl VmOrchestrator {
    /// Takes the steps of a plan. Never fails as a whole: every VM has its own outcome, in the
    /// order of the plan, also one that was not begun.
    pub async fn pursue(&self, fleet: &Fleet, plan: &Plan, pace: Pace) -> Vec<FleetOutcome> {
        let width = pace.parallel.map_or_else(|| slots(self.settings()), NonZeroUsize::get);
        let originals = Arc::new(originals(plan));
        let (told, mut heard) = mpsc::unbounded_channel();
        let mut course = Course::new(plan);
        let mut running: JoinSet<(usize, Ended)> = JoinSet::new();
        let mut places: HashMap<Id, usize> = HashMap::new();
        let mut ended: HashMap<usize, Ended> = HashMap::new();
        let mut first_failed = None;
        loop {
            let stops = pace.on_failure == OnFailure::Stop && first_failed.is_some();
            while !stops
                && !*self.canceled.borrow()
                && running.len() < width
                && let Some(nth) = course.begin_next()
            {
                let Some(planned) = plan.vms.get(nth).cloned() else { continue };
                let Some(member) = fleet.members().get(planned.member).cloned() else { continue };
                let (told, originals) = (told.clone(), Arc::clone(&originals));
                let order = Order { nth, member, planned, told, originals };
                let this = self.clone();
                let task = running.spawn(async move { (order.nth, this.follow(order).await) });
                places.insert(task.id(), nth);
            }
            let joined = tokio::select! {
                // Steps before the end of what took them.
                biased;
                Some(nth) = heard.recv() => {
                    course.step_done(nth);
                    continue;
                }
                joined = running.join_next_with_id() => joined,
            };
            let (nth, end) = match joined {
                None => break,
                Some(Ok((_, (nth, end)))) => (nth, end),
                Some(Err(broke_off)) => {
                    let Some(nth) = places.get(&broke_off.id()).copied() else { continue };
                    let error = Error::new(ErrorKind::Internal, "the work on it broke off");
                    (nth, (Err(error.caused_by(broke_off)), Duration::ZERO))
                }
            };
            if end.0.is_ok() {
                course.ended(nth);
            } else {
                first_failed.get_or_insert(nth);
                course.failed(nth);
            }
            ended.insert(nth, end);
        }
        // A cancellation is nobody's failure.
        let first_failed = first_failed.filter(|_| !*self.canceled.borrow());
        let name = |nth: usize| plan.vms.get(nth).map(|vm| vm.vm.as_str());
        let outcome = |(nth, vm): (usize, &PlannedVm)| {
            let (result, took) = ended.remove(&nth).unwrap_or_else(|| {
                let culprit = first_failed.and(course.left_out_by(nth)).or(first_failed);
                (Err(not_begun(&vm.vm, culprit.and_then(name))), Duration::ZERO)
            });
            let result = result.map_err(|error| error.about(&vm.vm));
            let (entry, drift) = (vm.entry.clone(), vm.drift.clone());
            FleetOutcome { vm: vm.vm.clone(), entry, result, drift, took }
        };
        plan.vms.iter().enumerate().map(outcome).collect()
    }

    /// Takes the steps of one VM, one after another.
    async fn follow(&self, order: Order) -> Ended {
        let begun = Instant::now();
        let (state, forwards) = (order.planned.found.clone(), order.planned.forwards.clone());
        let mut done = Done { state, forwards, ..Done::default() };
        for step in &order.planned.steps {
            // Two copies at once would both take the snapshot that linked ones begin with.
            let original =
                step.copying().and_then(|copying| order.originals.get(copying.source.as_str()));
            let alone = match original {
                Some(original) => Some(original.lock().await),
                None => None,
            };
            let result = self.perform(&order.member, step, &mut done).await;
            drop(alone);
            if let Err(e) = result {
                return (Err(with_rest(e, &done)), begun.elapsed());
            }
            // Who listens is still there: it waits for the end of this.
            order.told.send(order.nth).ok();
        }
        (Ok(done), begun.elapsed())
    }
}

/// Returns the originals of which copies are made, by name.
fn originals(plan: &Plan) -> HashMap<String, Mutex<()>> {
    let copied = plan.steps().filter_map(|(_, step)| step.copying());
    copied.map(|copying| (copying.source.to_string(), Mutex::new(()))).collect()
}

/// Says what was done before a failure, and stays.
fn with_rest(error: Error, done: &Done) -> Error {
    if done.steps.is_empty() {
        return error;
    }
    let steps: Vec<String> = done.steps.iter().map(ToString::to_string).collect();
    error.or_hint(format!("what was done stays ({}); the same command goes on", steps.join(", ")))
}

fn not_begun(vm: &str, culprit: Option<&str>) -> Error {
    let why = culprit.map_or("canceled".to_owned(), |culprit| format!("`{culprit}` failed first"));
    Error::new(ErrorKind::Canceled, format!("`{vm}` was left out: {why}"))
}
