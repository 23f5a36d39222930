use std::time::Duration;

use serde_json::json;

use super::at;
use super::ended;
use super::scratch;
use super::task;
use crate::error::ErrorKind;
use crate::model::Priority;
use crate::model::TaskId;
use crate::model::TaskState;
use crate::model::VmTaskType;
use crate::store::AttemptRecord;
use crate::store::Owner;
use crate::store::TaskFailure;
use crate::store::TaskFilter;
use crate::store::TaskRecord;

fn full() -> TaskRecord {
    let error = TaskFailure::new(ErrorKind::Locked, "`web` is locked");
    let attempt =
        |number| AttemptRecord { number, error: error.clone(), waited: Duration::from_millis(250) };
    TaskRecord {
        task_type: VmTaskType::Custom("backup".into()),
        priority: Priority::Critical,
        waited: Duration::from_millis(30),
        first_error: Some(error.clone()),
        result: Some(json!({"files": 3, "where": null})),
        attempts: 3,
        failed: vec![attempt(1), attempt(2)],
        ..ended(7, VmTaskType::Start, TaskState::Done, 9)
    }
}

#[test]
fn a_task_reads_back_as_it_was() {
    let it = scratch();
    it.store.tasks().record(&full()).unwrap();
    assert_eq!(it.store.tasks().get(full().id).unwrap(), Some(full()));
    assert_eq!(it.store.tasks().list(&TaskFilter::default()).unwrap(), [full()]);
    assert_eq!(it.store.tasks().get(TaskId::from_random(99)).unwrap(), None);
    let start = full().id.to_string()[..8].to_uppercase();
    assert_eq!(it.store.tasks().find(&start).unwrap(), [full()]);
    assert_eq!(it.store.tasks().find("no such").unwrap(), []);
}

#[test]
fn a_task_recorded_again_replaces_itself_with_its_attempts() {
    let it = scratch();
    it.store.tasks().record(&full()).unwrap();
    let mut again = full();
    again.failed.truncate(1);
    it.store.tasks().record(&again).unwrap();
    assert_eq!(it.store.tasks().list(&TaskFilter::default()).unwrap(), [again]);
}

#[test]
fn a_batch_is_written_whole_or_not_at_all() {
    let it = scratch();
    let mut twice_the_same_attempt = full();
    twice_the_same_attempt.failed[1].number = 1;
    let batch = [task(1, at(0)), twice_the_same_attempt];
    assert_eq!(it.store.tasks().record_all(&batch).unwrap_err().kind(), ErrorKind::Io);
    assert_eq!(it.store.tasks().list(&TaskFilter::default()).unwrap(), []);
}

#[test]
fn the_list_is_filtered_and_the_newest_come_first() {
    let it = scratch();
    let other = TaskRecord { vm: Some("db".into()), ..task(2, at(2)) };
    let done = TaskRecord { queued_at: at(3), ..ended(3, VmTaskType::Stop, TaskState::Done, 4) };
    it.store.tasks().record_all(&[task(1, at(1)), other, done]).unwrap();
    let ids = |filter: TaskFilter| {
        let found = it.store.tasks().list(&filter).unwrap();
        found.into_iter().map(|task| task.id).collect::<Vec<_>>()
    };
    let id = TaskId::from_random;
    let any = TaskFilter::default;
    assert_eq!(ids(any()), [id(3), id(2), id(1)]);
    assert_eq!(ids(TaskFilter { limit: Some(1), ..any() }), [id(3)]);
    assert_eq!(ids(TaskFilter { since: Some(at(2)), ..any() }), [id(3), id(2)]);
    assert_eq!(ids(TaskFilter { vm: Some("db".into()), ..any() }), [id(2)]);
    assert_eq!(ids(TaskFilter { state: Some(TaskState::Queued), ..any() }), [id(2), id(1)]);
}

#[test]
fn tasks_of_dead_processes_end_and_those_of_living_ones_go_on() {
    let it = scratch();
    let alive = Owner { pid: 1, started: at(0) };
    let running = TaskRecord { owner: alive, ..task(2, at(0)) };
    let finished = ended(3, VmTaskType::Stop, TaskState::Done, 1);
    it.store.tasks().record_all(&[task(1, at(0)), running.clone(), finished.clone()]).unwrap();
    let ended = it.store.tasks().end_abandoned(at(60), |owner| *owner == alive).unwrap();
    assert_eq!(ended, [task(1, at(0))]);
    assert_eq!(it.store.tasks().open().unwrap(), std::slice::from_ref(&running));
    let abandoned = it.store.tasks().get(TaskId::from_random(1)).unwrap().unwrap();
    assert_eq!((abandoned.state, abandoned.ended_at), (TaskState::Failed, Some(at(60))));
    assert_eq!(abandoned.first_error.unwrap().code, ErrorKind::OutcomeUnknown.code());
    assert_eq!(it.store.tasks().get(running.id).unwrap(), Some(running));
    assert_eq!(it.store.tasks().get(finished.id).unwrap(), Some(finished));
}

#[test]
fn pruning_forgets_what_ended_before_and_keeps_what_is_open() {
    let it = scratch();
    let old = ended(1, VmTaskType::Stop, TaskState::Failed, 10);
    let young = ended(2, VmTaskType::Stop, TaskState::Done, 20);
    it.store.tasks().record_all(&[old, young.clone(), task(3, at(0))]).unwrap();
    assert_eq!(it.store.tasks().count_ended(at(20)).unwrap(), 1);
    assert_eq!(it.store.tasks().prune(at(20)).unwrap(), 1);
    let left = it.store.tasks().list(&TaskFilter::default()).unwrap();
    assert_eq!(left.len(), 2);
    assert!(left.contains(&young));
}
