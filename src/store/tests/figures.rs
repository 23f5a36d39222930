use std::time::Duration;
use std::time::UNIX_EPOCH;

use super::at;
use super::ended;
use super::scratch;
use super::task;
use crate::error::ErrorKind;
use crate::model::TaskState;
use crate::model::VmTaskType;
use crate::request::ErrorFigures;
use crate::request::TaskFigures;
use crate::request::TypeFigures;
use crate::store::TaskFailure;
use crate::store::TaskRecord;

#[test]
fn an_empty_store_has_no_figures() {
    let it = scratch();
    assert_eq!(it.store.figures(UNIX_EPOCH).unwrap(), TaskFigures::default());
    assert_eq!(it.store.figures_by_type(UNIX_EPOCH).unwrap(), []);
    assert_eq!(it.store.figures_by_error(UNIX_EPOCH).unwrap(), []);
}

#[test]
fn the_figures_count_every_state_and_the_retries() {
    let it = scratch();
    let retried = TaskRecord { attempts: 4, ..ended(3, VmTaskType::Start, TaskState::Failed, 8) };
    let earlier = TaskRecord { queued_at: at(0) - Duration::from_mins(1), ..task(9, at(0)) };
    let tasks = [
        ended(1, VmTaskType::Create, TaskState::Done, 2),
        ended(2, VmTaskType::Create, TaskState::Failed, 4),
        retried,
        ended(4, VmTaskType::Exec, TaskState::Canceled, 6),
        TaskRecord { attempts: 2, ..ended(6, VmTaskType::Recover, TaskState::Done, 5) },
        task(5, at(1)),
        earlier,
    ];
    it.store.tasks().record_all(&tasks).unwrap();
    let expected = TaskFigures {
        done: 2,
        failed: 2,
        canceled: 1,
        open: 1,
        retries: 4,
        retried: 2,
        recovered: 1,
        vms_created: 1,
        vms_recovered: 1,
        mean_time: Some(Duration::from_secs(5)),
    };
    assert_eq!(it.store.figures(at(0)).unwrap(), expected);
    assert_eq!((expected.completion_rate(), expected.error_rate()), (Some(0.4), Some(0.4)));
    assert_eq!(it.store.figures(UNIX_EPOCH).unwrap().open, 2);
}

#[test]
fn the_percentiles_are_the_nearest_ranks_of_each_type() {
    let it = scratch();
    let starts = (1..=100).map(|n| ended(u128::from(n), VmTaskType::Start, TaskState::Done, n));
    let failed = ended(200, VmTaskType::Start, TaskState::Failed, 1000);
    let custom = VmTaskType::Custom("backup".into());
    let backup = ended(300, custom.clone(), TaskState::Done, 7);
    let tasks: Vec<_> = starts.chain([failed, backup]).collect();
    it.store.tasks().record_all(&tasks).unwrap();
    let seconds = Duration::from_secs;
    let of = |task_type, done, failed, mean, p50, p95| TypeFigures {
        task_type,
        done,
        failed,
        mean: Some(Duration::from_millis(mean)),
        p50: Some(seconds(p50)),
        p95: Some(seconds(p95)),
    };
    let expected = [of(custom, 1, 0, 7000, 7, 7), of(VmTaskType::Start, 100, 1, 50_500, 50, 95)];
    assert_eq!(it.store.figures_by_type(UNIX_EPOCH).unwrap(), expected);
}

#[test]
fn failures_are_counted_by_code_the_most_frequent_first() {
    let it = scratch();
    let failed = |id, kind| TaskRecord {
        first_error: Some(TaskFailure::new(kind, "no")),
        ..ended(id, VmTaskType::Start, TaskState::Failed, 1)
    };
    let recovered = TaskRecord { state: TaskState::Done, ..failed(9, ErrorKind::NotReady) };
    let tasks = [
        failed(1, ErrorKind::DiskFull),
        failed(2, ErrorKind::Locked),
        failed(3, ErrorKind::Locked),
        recovered,
    ];
    it.store.tasks().record_all(&tasks).unwrap();
    let of = |code: &str, count| ErrorFigures { code: code.into(), count };
    let expected = [of("vm_locked", 2), of("disk_full", 1)];
    assert_eq!(it.store.figures_by_error(UNIX_EPOCH).unwrap(), expected);
}
