use std::future::{pending, ready};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, sleep};

use crate::error::{Error, ErrorKind};
use crate::model::{Priority, VmTaskType};
use crate::queue::{Attempt, Job, Lane, Probe, Queue, Repeat, TaskSpec};
use crate::request::{Event, EventKind, Events};
use crate::retry::RetryPolicy;

const SECOND: Duration = Duration::from_secs(1);

fn spec(lane: Lane, repeat: Repeat) -> TaskSpec {
    TaskSpec {
        task_type: VmTaskType::Start,
        vm: Some("web".to_owned()),
        lane,
        priority: Priority::Medium,
        repeat,
        retry: RetryPolicy::default(),
        deadline: None,
    }
}

fn web() -> Lane {
    Lane::Vm("web".to_owned())
}

fn locked() -> Error {
    Error::new(ErrorKind::Locked, "`web` is locked")
}

/// Fails so often, then does its work; is probed with a fixed answer.
struct Flaky {
    failures: u32,
    kind: ErrorKind,
    probe: Probe,
}

#[async_trait]
impl Job for Flaky {
    async fn run(&self, attempt: &Attempt) -> Result<(), Error> {
        if attempt.number <= self.failures {
            return Err(Error::new(self.kind, format!("failure {}", attempt.number)));
        }
        Ok(())
    }

    async fn probe(&self) -> Probe {
        self.probe
    }
}

async fn run_flaky(queue: &Queue, repeat: Repeat, job: Flaky) -> Result<(), Error> {
    let submitted = queue.submit(spec(web(), repeat), Arc::new(job)).unwrap();
    submitted.result.await.unwrap()
}

fn heard(events: &mut mpsc::UnboundedReceiver<Event>) -> Vec<EventKind> {
    std::iter::from_fn(|| events.try_recv().ok()).map(|event| event.kind).collect()
}

#[tokio::test(start_paused = true)]
async fn a_transient_failure_is_tried_again_after_exactly_the_announced_waits() {
    let events = Events::default();
    let mut subscriber = events.subscribe();
    let queue = Queue::start(1, events, 7);
    let begun = Instant::now();
    let job = Flaky { failures: 3, kind: ErrorKind::Locked, probe: Probe::Unknown };
    run_flaky(&queue, Repeat::Safe, job).await.unwrap();
    let took = begun.elapsed();

    let kinds = heard(&mut subscriber);
    let waits: Vec<Duration> = (kinds.iter())
        .filter_map(|kind| match kind {
            EventKind::AttemptFailed { next_in, .. } => Some(*next_in),
            EventKind::Queued { .. }
            | EventKind::Started { .. }
            | EventKind::Progress { .. }
            | EventKind::Finished { .. } => None,
        })
        .collect();
    assert_eq!(waits.len(), 3);
    for (wait, longest) in waits.iter().zip([200, 400, 800]) {
        assert!(*wait <= Duration::from_millis(longest), "{waits:?}");
    }
    // tokio's clock moves in whole milliseconds.
    let announced: Duration = waits.iter().sum();
    assert!(took >= announced && took < announced + Duration::from_millis(4), "{took:?}");
    let finished = EventKind::Finished { attempts: 4, took, error: None };
    assert_eq!(kinds.last(), Some(&finished));
    assert_eq!(kinds.first(), Some(&EventKind::Queued { priority: Priority::Medium }));
    assert_eq!(kinds[1], EventKind::Started { attempt: 1, waited: Duration::ZERO });
}

#[tokio::test(start_paused = true)]
async fn after_the_last_attempt_the_first_failure_is_returned_with_all_of_them() {
    let queue = Queue::start(1, Events::default(), 7);
    let job = Flaky { failures: 99, kind: ErrorKind::Locked, probe: Probe::Unknown };
    let error = run_flaky(&queue, Repeat::Safe, job).await.unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Locked, "failure 1"));
    let messages: Vec<_> = error.attempts().iter().map(|it| it.message.clone()).collect();
    assert_eq!(messages, (1..=8).map(|n| format!("failure {n}")).collect::<Vec<_>>());
    assert!(error.attempts()[6].waited.is_some() && error.attempts()[7].waited.is_none());
    assert_eq!(error.vm(), Some("web"));
}

#[tokio::test(start_paused = true)]
async fn a_permanent_failure_is_returned_at_once() {
    let queue = Queue::start(1, Events::default(), 7);
    let begun = Instant::now();
    let job = Flaky { failures: 1, kind: ErrorKind::VmNotFound, probe: Probe::Unknown };
    let error = run_flaky(&queue, Repeat::Safe, job).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts().len()), (ErrorKind::VmNotFound, 0));
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn an_unknown_outcome_is_settled_by_the_probe() {
    let queue = Queue::start(1, Events::default(), 7);
    let unknown = |probe| Flaky { failures: 1, kind: ErrorKind::OutcomeUnknown, probe };
    run_flaky(&queue, Repeat::Probe, unknown(Probe::Happened)).await.unwrap();
    run_flaky(&queue, Repeat::Probe, unknown(Probe::DidNotHappen)).await.unwrap();
    for (repeat, probe) in [(Repeat::Probe, Probe::Unknown), (Repeat::Safe, Probe::DidNotHappen)] {
        let error = run_flaky(&queue, repeat, unknown(probe)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
    }
}

#[tokio::test(start_paused = true)]
async fn a_late_attempt_is_dropped_and_says_for_how_long_it_was_tried() {
    let queue = Queue::start(1, Events::default(), 7);
    for (repeat, kind) in
        [(Repeat::Safe, ErrorKind::TimedOut), (Repeat::Never, ErrorKind::OutcomeUnknown)]
    {
        let begun = Instant::now();
        let spec = TaskSpec { deadline: Some(30 * SECOND), ..spec(web(), repeat) };
        let error = queue.run(spec, |_| pending::<Result<(), Error>>()).await.unwrap_err();
        assert_eq!(begun.elapsed(), 30 * SECOND);
        assert_eq!(error.kind(), kind);
        assert_eq!(error.message(), "`start` of `web` did not end within 30s");
        assert!(error.next_step().unwrap().contains("vm-cli status"));
    }
}

#[tokio::test(start_paused = true)]
async fn the_deadline_covers_all_attempts_and_keeps_the_first_failure_as_the_cause() {
    let queue = Queue::start(1, Events::default(), 7);
    let begun = Instant::now();
    let spec = TaskSpec { deadline: Some(30 * SECOND), ..spec(web(), Repeat::Safe) };
    let work = |attempt: Attempt| async move {
        if attempt.number == 1 {
            sleep(29 * SECOND).await;
            return Err::<(), _>(locked());
        }
        pending().await
    };
    let error = queue.run(spec, work).await.unwrap_err();
    assert_eq!(begun.elapsed(), 30 * SECOND);
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    assert_eq!(error.causes(), ["`web` is locked"]);
    assert_eq!(error.attempts().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_time_in_the_queue_does_not_count_towards_the_deadline() {
    let queue = Queue::start(1, Events::default(), 7);
    let long = queue.run(spec(web(), Repeat::Never), |_| async { Ok(sleep(60 * SECOND).await) });
    let short = TaskSpec { deadline: Some(SECOND), ..spec(web(), Repeat::Never) };
    let short = queue.run(short, |_| ready(Ok(())));
    let (long, short) = tokio::join!(long, short);
    assert!(long.is_ok() && short.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_an_internal_error_and_leaks_neither_slot_nor_lane() {
    let queue = Queue::start(1, Events::default(), 7);
    let work = |_| async { if true { panic!("of all things") } else { Ok(()) } };
    let error = queue.run(spec(web(), Repeat::Safe), work).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Internal);
    assert_eq!(error.message(), "a task panicked: of all things");
    let value = queue.run(spec(web(), Repeat::Safe), |_| ready(Ok(7))).await;
    assert_eq!(value.unwrap(), 7);
}

#[tokio::test(start_paused = true)]
async fn tasks_of_one_vm_run_one_after_another_and_others_beside_them() {
    let queue = Queue::start(8, Events::default(), 7);
    let nap = |lane| queue.run(spec(lane, Repeat::Never), |_| async { Ok(sleep(SECOND).await) });
    let begun = Instant::now();
    let other = Lane::Vm("db".to_owned());
    let (a, b, c, d, e) =
        tokio::join!(nap(web()), nap(web()), nap(other), nap(Lane::Free), nap(Lane::Free));
    assert!([a, b, c, d, e].iter().all(Result::is_ok));
    assert_eq!(begun.elapsed(), 2 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn no_more_tasks_run_than_there_are_slots() {
    let queue = Queue::start(2, Events::default(), 7);
    let nap = || queue.run(spec(Lane::Free, Repeat::Never), |_| async { Ok(sleep(SECOND).await) });
    let begun = Instant::now();
    let (a, b, c) = tokio::join!(nap(), nap(), nap());
    assert!([a, b, c].iter().all(Result::is_ok));
    assert_eq!(begun.elapsed(), 2 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn the_urgent_go_first() {
    let queue = Queue::start(1, Events::default(), 7);
    let order = Arc::new(Mutex::new(Vec::new()));
    let submit = |priority| {
        let order = order.clone();
        let spec = TaskSpec { priority, ..spec(Lane::Free, Repeat::Never) };
        queue.run(spec, move |_| {
            order.lock().unwrap().push(priority);
            ready(Ok(()))
        })
    };
    use Priority::{Critical, High, Low, Medium};
    let (a, b, c, d) = tokio::join!(submit(Low), submit(Medium), submit(High), submit(Critical));
    assert!([a, b, c, d].iter().all(Result::is_ok));
    assert_eq!(*order.lock().unwrap(), [Critical, High, Medium, Low]);
}

#[tokio::test(start_paused = true)]
async fn a_waiting_task_that_is_canceled_never_begins() {
    let events = Events::default();
    let queue = Queue::start(1, events.clone(), 7);
    let gate = Arc::new(Notify::new());
    let opened = gate.clone();
    let first = queue.clone();
    let first = tokio::spawn(async move {
        let work = move |_| {
            let gate = gate.clone();
            async move { Ok(gate.notified().await) }
        };
        first.run(spec(web(), Repeat::Never), work).await
    });
    tokio::task::yield_now().await;
    let never = Arc::new(Flaky { failures: 0, kind: ErrorKind::Io, probe: Probe::Unknown });
    let mut subscriber = events.subscribe();
    let waiting = queue.submit(spec(web(), Repeat::Never), never).unwrap();
    assert!(queue.cancel(waiting.id).await);
    assert!(!queue.cancel(waiting.id).await);
    let error = waiting.result.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Canceled);
    assert_eq!(error.message(), "`start` of `web` was canceled");
    opened.notify_one();
    first.await.unwrap().unwrap();
    let started = |kind: &EventKind| matches!(kind, EventKind::Started { .. });
    assert_eq!(heard(&mut subscriber).iter().filter(|kind| started(kind)).count(), 0);
}

/// Counts how many of its guards live: what a dropped attempt gives back.
#[derive(Clone, Default)]
struct Living(Arc<AtomicU32>);

impl Living {
    fn guard(&self) -> Self {
        self.0.fetch_add(1, Ordering::SeqCst);
        Self(self.0.clone())
    }

    fn count(&self) -> u32 {
        self.0.load(Ordering::SeqCst)
    }
}

struct Guard(Living);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::SeqCst);
    }
}

struct Endless {
    living: Living,
    started: Arc<Notify>,
}

#[async_trait]
impl Job for Endless {
    async fn run(&self, _: &Attempt) -> Result<(), Error> {
        let _guard = Guard(self.living.guard());
        self.started.notify_one();
        pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn a_running_task_that_is_canceled_is_dropped_before_its_lane_is_free() {
    let queue = Queue::start(4, Events::default(), 7);
    let (living, started) = (Living::default(), Arc::new(Notify::new()));
    let job = Arc::new(Endless { living: living.clone(), started: started.clone() });
    let endless = queue.submit(spec(web(), Repeat::Safe), job).unwrap();
    started.notified().await;
    assert_eq!(living.count(), 1);
    let seen = living.clone();
    let next = queue.run(spec(web(), Repeat::Safe), move |_| ready(Ok(seen.count())));
    let (was_there, next) = tokio::join!(queue.cancel(endless.id), next);
    assert!(was_there);
    assert_eq!(endless.result.await.unwrap().unwrap_err().kind(), ErrorKind::Canceled);
    assert_eq!(next.unwrap(), 0);
}

#[tokio::test(start_paused = true)]
async fn dropping_the_future_of_a_run_cancels_its_task() {
    let queue = Queue::start(1, Events::default(), 7);
    let (living, started) = (Living::default(), Arc::new(Notify::new()));
    let (inside, tell) = (living.clone(), started.clone());
    let work = move |_| {
        let (guard, tell) = (Guard(inside.guard()), tell.clone());
        async move {
            let _guard = guard;
            tell.notify_one();
            pending::<Result<(), Error>>().await
        }
    };
    tokio::select! {
        _ = queue.run(spec(web(), Repeat::Never), work) => unreachable!("it never ends"),
        () = started.notified() => {}
    }
    queue.close().await;
    assert_eq!(living.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn closing_waits_for_every_task_and_refuses_new_ones() {
    let queue = Queue::start(1, Events::default(), 7);
    let job = || Arc::new(Flaky { failures: 2, kind: ErrorKind::Locked, probe: Probe::Unknown });
    let admitted = queue.submit(spec(web(), Repeat::Safe), job()).unwrap();
    let other = queue.clone();
    let closing = tokio::spawn(queue.close());
    tokio::task::yield_now().await;
    let refused = other.run(spec(web(), Repeat::Safe), |_| ready(Ok(()))).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Canceled);
    closing.await.unwrap();
    admitted.result.await.unwrap().unwrap();
    let gone = other.submit(spec(web(), Repeat::Safe), job()).unwrap_err();
    assert_eq!(gone.message(), "the task queue is closed");
    other.close().await;
}

#[tokio::test(start_paused = true)]
async fn dropping_all_handles_cancels_what_is_left() {
    let queue = Queue::start(1, Events::default(), 7);
    let (living, started) = (Living::default(), Arc::new(Notify::new()));
    let job = || Arc::new(Endless { living: living.clone(), started: started.clone() });
    let running = queue.submit(spec(web(), Repeat::Safe), job()).unwrap();
    let waiting = queue.submit(spec(web(), Repeat::Safe), job()).unwrap();
    started.notified().await;
    drop(queue);
    for result in [running.result, waiting.result] {
        assert_eq!(result.await.unwrap().unwrap_err().kind(), ErrorKind::Canceled);
    }
    assert_eq!(living.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_a_task_tells_comes_between_its_start_and_its_end() {
    let events = Events::default();
    let mut subscriber = events.subscribe();
    let queue = Queue::start(1, events, 7);
    let work = |attempt: Attempt| async move {
        attempt.progress("waiting for SSH");
        Ok(attempt.task)
    };
    let task = queue.run(spec(web(), Repeat::Never), work).await.unwrap();
    let told = std::iter::from_fn(|| subscriber.try_recv().ok()).collect::<Vec<_>>();
    assert!(told.iter().all(|event| event.task == task && event.vm.as_deref() == Some("web")));
    let kinds: Vec<_> = told.into_iter().map(|event| event.kind).collect();
    let zero = Duration::ZERO;
    let expected = [
        EventKind::Queued { priority: Priority::Medium },
        EventKind::Started { attempt: 1, waited: zero },
        EventKind::Progress { message: "waiting for SSH".to_owned() },
        EventKind::Finished { attempts: 1, took: zero, error: None },
    ];
    assert_eq!(kinds, expected);
}
