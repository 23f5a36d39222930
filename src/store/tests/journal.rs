use std::time::Duration;

use serde_json::json;

use super::at;
use super::scratch;
use crate::error::ErrorKind;
use crate::model::Priority;
use crate::model::TaskId;
use crate::model::TaskState;
use crate::model::VmTaskType;
use crate::request::Event;
use crate::request::EventKind;
use crate::store::Journal;
use crate::store::Owner;
use crate::store::TaskFilter;

fn event(id: u128, kind: EventKind) -> Event {
    let task = TaskId::from_random(id);
    Event { task, task_type: VmTaskType::Start, vm: Some("web".into()), kind }
}

fn started(attempt: u32) -> EventKind {
    EventKind::Started { attempt, waited: Duration::from_millis(5) }
}

fn finished(attempts: u32, error: Option<ErrorKind>) -> EventKind {
    let error = error.map(|kind| (kind, "no room".to_owned()));
    EventKind::Finished { attempts, took: Duration::from_secs(3), error }
}

fn journal() -> Journal {
    Journal::new(Owner { pid: 42, started: at(0) })
}

#[test]
fn a_task_that_was_tried_again_is_remembered_with_its_first_error() {
    let mut journal = journal();
    let failed = EventKind::AttemptFailed {
        attempt: 1,
        error: ErrorKind::Locked,
        message: "`web` is locked".into(),
        next_in: Duration::from_millis(100),
    };
    let kinds = [
        EventKind::Queued { priority: Priority::High },
        started(1),
        failed,
        started(2),
        EventKind::Progress { message: "waiting".into() },
        EventKind::Told { result: json!("on") },
        finished(2, None),
    ];
    for (second, kind) in (0..).zip(kinds) {
        journal.feed(&event(1, kind), at(second));
    }
    let it = scratch();
    journal.flush(&it.store).unwrap();
    assert_eq!(journal.tasks(), []);

    let task = it.store.tasks().get(TaskId::from_random(1)).unwrap().unwrap();
    assert_eq!((task.priority, task.state, task.attempts), (Priority::High, TaskState::Done, 2));
    assert_eq!((task.queued_at, task.started_at, task.ended_at), (at(0), Some(at(1)), Some(at(6))));
    assert_eq!(task.waited, Duration::from_millis(5));
    assert_eq!(task.first_error.unwrap().message, "`web` is locked");
    assert_eq!((task.failed.len(), task.failed[0].number), (1, 1));
    assert_eq!(task.failed[0].waited, Duration::from_millis(100));
    assert_eq!(task.result, Some(json!("on")));
}

#[test]
fn how_a_task_ended_follows_from_its_error() {
    let mut journal = journal();
    journal.feed(&event(1, finished(1, Some(ErrorKind::Canceled))), at(0));
    journal.feed(&event(2, finished(1, Some(ErrorKind::DiskFull))), at(0));
    let [canceled, failed] = journal.tasks() else { panic!("two tasks") };
    assert_eq!(canceled.state, TaskState::Canceled);
    assert_eq!(failed.state, TaskState::Failed);
    assert_eq!(failed.first_error.as_ref().unwrap().message, "no room");
}

#[test]
fn open_tasks_stay_in_the_journal_and_are_written_again() {
    let it = scratch();
    let mut journal = journal();
    journal.feed(&event(1, EventKind::Queued { priority: Priority::Low }), at(0));
    journal.flush(&it.store).unwrap();
    journal.feed(&event(1, started(1)), at(1));
    journal.feed(&event(1, finished(1, None)), at(2));
    journal.flush(&it.store).unwrap();
    let all = it.store.tasks().list(&TaskFilter::default()).unwrap();
    assert_eq!((all.len(), all[0].state, all[0].priority), (1, TaskState::Done, Priority::Low));
}

#[test]
fn tasks_of_one_moment_keep_their_order() {
    let mut journal = journal();
    // Not in the order of their identities.
    for id in [5, 1, 9, 3] {
        journal.feed(&event(id, started(1)), at(0));
        journal.feed(&event(id, finished(1, None)), at(0));
    }
    let it = scratch();
    journal.flush(&it.store).unwrap();
    let listed = it.store.tasks().list(&TaskFilter::default()).unwrap();
    let ids: Vec<TaskId> = listed.into_iter().map(|task| task.id).collect();
    assert_eq!(ids, [3, 9, 1, 5].map(TaskId::from_random));
}
