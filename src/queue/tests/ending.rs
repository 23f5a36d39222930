use std::future::{pending, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use tokio::sync::Notify;

use super::{Flaky, heard, nap, spec, start, web};
use crate::error::{Error, ErrorKind};
use crate::queue::{Attempt, Job, Probe, Queue, Repeat};
use crate::request::{EventKind, Events};

/// Runs until it is dropped, and counts its attempts that live.
#[derive(Clone, Default)]
struct Endless {
    started: Arc<Notify>,
    living: Arc<AtomicU32>,
}

struct Life(Arc<AtomicU32>);

impl Endless {
    fn living(&self) -> u32 {
        self.living.load(Ordering::SeqCst)
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl Job for Endless {
    async fn run(&self, _: &Attempt) -> Result<(), Error> {
        self.living.fetch_add(1, Ordering::SeqCst);
        let _life = Life(self.living.clone());
        self.started.notify_one();
        pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_an_internal_error_and_leaks_neither_slot_nor_lane() {
    let queue = start(1);
    let work = |attempt: Attempt| async move {
        assert_ne!(attempt.number, 1, "of all things");
        Ok(())
    };
    let error = queue.run(spec(web(), Repeat::Safe), work).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Internal);
    assert!(error.message().contains("of all things"), "{error}");
    nap(&queue, web()).await;
}

#[tokio::test(start_paused = true)]
async fn a_waiting_task_that_is_canceled_never_begins() {
    let events = Events::default();
    let mut subscriber = events.subscribe();
    let queue = Queue::start(1, events, 7);
    let job = Arc::new(Flaky { failures: 0, kind: ErrorKind::Io, probe: Probe::Unknown });
    let cancel = async {
        let waiting = queue.submit(spec(web(), Repeat::Never), job).unwrap();
        assert!(queue.cancel(waiting.id).await);
        assert!(!queue.cancel(waiting.id).await, "it is gone");
        waiting.result.await.unwrap().unwrap_err()
    };
    let ((), error) = tokio::join!(nap(&queue, web()), cancel);
    assert_eq!(error.kind(), ErrorKind::Canceled);
    assert_eq!(error.message(), "`start` of `web` was canceled");
    let started = |kind: &&EventKind| matches!(kind, EventKind::Started { .. });
    assert_eq!(heard(&mut subscriber).iter().filter(started).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_is_canceled_between_two_attempts_tells_why_the_first_one_failed() {
    let events = Events::default();
    let mut subscriber = events.subscribe();
    let queue = Queue::start(1, events, 7);
    let job = Arc::new(Flaky { failures: 9, kind: ErrorKind::Locked, probe: Probe::Unknown });
    let task = queue.submit(spec(web(), Repeat::Safe), job).unwrap();
    while !matches!(subscriber.recv().await.unwrap().kind, EventKind::AttemptFailed { .. }) {}
    assert!(queue.cancel(task.id).await);
    let error = task.result.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Canceled);
    assert_eq!(error.causes(), ["failure 1"]);
    assert_eq!(error.attempts().len(), 1);
    queue.close().await;
}

#[tokio::test(start_paused = true)]
async fn a_running_task_that_is_canceled_is_dropped_before_its_lane_is_free() {
    let queue = start(4);
    let endless = Endless::default();
    let task = queue.submit(spec(web(), Repeat::Safe), Arc::new(endless.clone())).unwrap();
    endless.started.notified().await;
    assert_eq!(endless.living(), 1);
    let seen = endless.clone();
    let next = queue.run(spec(web(), Repeat::Safe), move |_| ready(Ok(seen.living())));
    let (was_there, next) = tokio::join!(queue.cancel(task.id), next);
    assert!(was_there);
    assert_eq!(task.result.await.unwrap().unwrap_err().kind(), ErrorKind::Canceled);
    assert_eq!(next.unwrap(), 0);
}

#[tokio::test(start_paused = true)]
async fn dropping_the_future_of_a_run_cancels_its_task() {
    let queue = start(1);
    let endless = Endless::default();
    let inside = endless.clone();
    let work = move |attempt: Attempt| {
        let inside = inside.clone();
        async move { inside.run(&attempt).await }
    };
    tokio::select! {
        _ = queue.run(spec(web(), Repeat::Never), work) => unreachable!("it never ends"),
        () = endless.started.notified() => {}
    }
    queue.close().await;
    assert_eq!(endless.living(), 0);
}

#[tokio::test(start_paused = true)]
async fn closing_waits_for_every_task_and_refuses_new_ones() {
    let queue = start(1);
    let job = Arc::new(Flaky { failures: 2, kind: ErrorKind::Locked, probe: Probe::Unknown });
    let admitted = queue.submit(spec(web(), Repeat::Safe), job.clone()).unwrap();
    let other = queue.clone();
    let late = async {
        tokio::task::yield_now().await;
        other.run(spec(web(), Repeat::Safe), |_| ready(Ok(()))).await.unwrap_err()
    };
    let ((), refused) = tokio::join!(queue.close(), late);
    assert_eq!(refused.kind(), ErrorKind::Canceled);
    admitted.result.await.unwrap().unwrap();
    let gone = other.submit(spec(web(), Repeat::Safe), job).unwrap_err();
    assert_eq!(gone.message(), "the task queue is closed");
    other.close().await;
}

#[tokio::test(start_paused = true)]
async fn dropping_all_handles_cancels_what_is_left() {
    let queue = start(1);
    let endless = Endless::default();
    let submit = || queue.submit(spec(web(), Repeat::Safe), Arc::new(endless.clone())).unwrap();
    let (running, waiting) = (submit(), submit());
    endless.started.notified().await;
    drop(queue);
    for result in [running.result, waiting.result] {
        assert_eq!(result.await.unwrap().unwrap_err().kind(), ErrorKind::Canceled);
    }
    assert_eq!(endless.living(), 0);
}
