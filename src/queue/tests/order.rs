use std::future::ready;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use super::{SECOND, nap, spec, start, web};
use crate::model::Priority::{self, Critical, High, Low, Medium};
use crate::queue::{Attempt, Lane, Queue, Repeat, TaskSpec};
use crate::request::{EventKind, Events};

#[tokio::test(start_paused = true)]
async fn tasks_of_one_vm_run_one_after_another_and_others_beside_them() {
    let queue = start(8);
    let begun = Instant::now();
    let other = Lane::Vm("db".to_owned());
    tokio::join!(
        nap(&queue, web()),
        nap(&queue, web()),
        nap(&queue, other),
        nap(&queue, Lane::Registry),
        nap(&queue, Lane::Free),
        nap(&queue, Lane::Free),
    );
    assert_eq!(begun.elapsed(), 2 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn no_more_tasks_run_than_there_are_slots() {
    let queue = start(2);
    let begun = Instant::now();
    let free = || nap(&queue, Lane::Free);
    tokio::join!(free(), free(), free());
    assert_eq!(begun.elapsed(), 2 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn the_urgent_go_first() {
    let queue = start(1);
    let order = Arc::new(Mutex::new(Vec::new()));
    let submit = async |priority: Priority| {
        let order = order.clone();
        let spec = TaskSpec { priority, ..spec(Lane::Free, Repeat::Never) };
        let note = move |_| {
            order.lock().unwrap().push(priority);
            ready(Ok(()))
        };
        queue.run(spec, note).await.unwrap();
    };
    tokio::join!(submit(Low), submit(Medium), submit(High), submit(Critical));
    assert_eq!(*order.lock().unwrap(), [Critical, High, Medium, Low]);
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
        EventKind::Queued { priority: Medium },
        EventKind::Started { attempt: 1, waited: zero },
        EventKind::Progress { message: "waiting for SSH".to_owned() },
        EventKind::Finished { attempts: 1, took: zero, error: None },
    ];
    assert_eq!(kinds, expected);
}
