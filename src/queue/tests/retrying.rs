use std::future::{pending, ready};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{Flaky, SECOND, heard, nap, run_flaky, spec, start, web};
use crate::error::{Error, ErrorKind};
use crate::model::Priority;
use crate::queue::{Attempt, Probe, Queue, Repeat, TaskSpec};
use crate::request::{EventKind, Events};

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
            | EventKind::Told { .. }
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
    let queue = start(1);
    let job = Flaky { failures: 99, kind: ErrorKind::Locked, probe: Probe::Unknown };
    let error = run_flaky(&queue, Repeat::Safe, job).await.unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Locked, "failure 1"));
    let messages: Vec<_> = error.attempts().iter().map(|it| it.message.clone()).collect();
    assert_eq!(messages, (1..=8).map(|n| format!("failure {n}")).collect::<Vec<_>>());
    assert!(error.attempts()[6].waited.is_some() && error.attempts()[7].waited.is_none());
    assert_eq!(error.vm(), Some("web"));
}

#[tokio::test(start_paused = true)]
async fn what_was_waited_out_already_is_not_tried_again() {
    let queue = start(1);
    let begun = Instant::now();
    let given_up = |_| ready(Err::<(), _>(Error::new(ErrorKind::Locked, "held").given_up()));
    let error = queue.run(spec(web(), Repeat::Safe), given_up).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts().len()), (ErrorKind::Locked, 0));
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_permanent_failure_is_returned_at_once() {
    let queue = start(1);
    let begun = Instant::now();
    let job = Flaky { failures: 1, kind: ErrorKind::VmNotFound, probe: Probe::Unknown };
    let error = run_flaky(&queue, Repeat::Safe, job).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts().len()), (ErrorKind::VmNotFound, 0));
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn an_unknown_outcome_is_settled_by_the_probe() {
    let queue = start(1);
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
    let queue = start(1);
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
    let queue = start(1);
    let begun = Instant::now();
    let spec = TaskSpec { deadline: Some(30 * SECOND), ..spec(web(), Repeat::Safe) };
    let work = |attempt: Attempt| async move {
        if attempt.number == 1 {
            sleep(29 * SECOND).await;
            return Err::<(), _>(Error::new(ErrorKind::Locked, "`web` is locked"));
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
    let queue = start(1);
    let hurried = TaskSpec { deadline: Some(SECOND / 2), ..spec(web(), Repeat::Never) };
    let hurried = queue.run(hurried, |_| ready(Ok(())));
    let ((), hurried) = tokio::join!(nap(&queue, web()), hurried);
    hurried.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_task_whose_deadline_passed_while_others_had_its_lane_is_not_begun_again() {
    let events = Events::default();
    let (mut failures, mut subscriber) = (events.subscribe(), events.subscribe());
    let queue = Queue::start(1, events, 7);
    let hurried = TaskSpec { deadline: Some(SECOND), ..spec(web(), Repeat::Safe) };
    let fails = |_| ready(Err::<(), _>(Error::new(ErrorKind::Locked, "`web` is locked")));
    let emergency = TaskSpec { priority: Priority::Critical, ..spec(web(), Repeat::Never) };
    let long = |_| async {
        sleep(2 * SECOND).await;
        Ok(())
    };
    let emergency = async {
        while !matches!(failures.recv().await.unwrap().kind, EventKind::AttemptFailed { .. }) {}
        queue.run(emergency, long).await
    };
    let (error, emergency) = tokio::join!(queue.run(hurried, fails), emergency);
    emergency.unwrap();
    let error = error.unwrap_err();
    assert_eq!((error.kind(), error.attempts().len()), (ErrorKind::Locked, 1));
    let started = |kind: &&EventKind| matches!(kind, EventKind::Started { .. });
    assert_eq!(heard(&mut subscriber).iter().filter(started).count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_gets_further_may_fail_as_often_again() {
    let queue = start(1);
    // Each of three steps is refused seven times: one of them more would be one too many.
    let work = |attempt: Attempt| async move {
        if [8, 15, 22].contains(&attempt.number) {
            attempt.got_further();
        }
        match attempt.number {
            23.. => Ok(()),
            _ => Err(Error::new(ErrorKind::Locked, "held")),
        }
    };
    queue.run(spec(web(), Repeat::Safe), work).await.unwrap();
    let stuck = |attempt: Attempt| async move {
        if attempt.number == 3 {
            attempt.got_further();
        }
        Err::<(), _>(Error::new(ErrorKind::Locked, "held"))
    };
    let error = queue.run(spec(web(), Repeat::Safe), stuck).await.unwrap_err();
    assert_eq!(error.attempts().len(), 2 + 8);
}
