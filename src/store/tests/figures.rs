use std::time::Duration;
use std::time::UNIX_EPOCH;

use super::at;
use super::ended;
use super::scratch;
use super::task;
use crate::model::TaskState;
use crate::model::VmTaskType;
use crate::request::TaskFigures;
use crate::store::TaskRecord;
use crate::store::TypeFigures;

#[test]
fn an_empty_store_has_no_figures() {
    let it = scratch();
    assert_eq!(it.store.figures(UNIX_EPOCH).unwrap(), TaskFigures::default());
    assert_eq!(it.store.times_by_type(UNIX_EPOCH).unwrap(), []);
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
        task(5, at(1)),
        earlier,
    ];
    it.store.tasks().record_all(&tasks).unwrap();
    let expected = TaskFigures {
        done: 1,
        failed: 2,
        canceled: 1,
        open: 1,
        retries: 3,
        vms_created: 1,
        mean_time: Some(Duration::from_secs(5)),
    };
    assert_eq!(it.store.figures(at(0)).unwrap(), expected);
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
    let of = |task_type, done, p50, p95| TypeFigures {
        task_type,
        done,
        p50: seconds(p50),
        p95: seconds(p95),
    };
    let expected = [of(custom, 1, 7, 7), of(VmTaskType::Start, 100, 50, 95)];
    assert_eq!(it.store.times_by_type(UNIX_EPOCH).unwrap(), expected);
}
