mod figures;
mod journal;
mod leases;
mod open;
mod tables;
mod tasks;
mod upkeep;
mod vms;
mod work;

use std::time::Duration;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use tempfile::TempDir;

use super::Owner;
use super::Store;
use super::TaskRecord;
use crate::model::Priority;
use crate::model::TaskId;
use crate::model::TaskState;
use crate::model::VmTaskType;

/// A store in a folder of its own.
struct Scratch {
    store: Store,
    _folder: TempDir,
}

fn scratch() -> Scratch {
    let folder = tempfile::tempdir().unwrap();
    let opened = Store::open(&folder.path().join("vm-cli.db"), at(0)).unwrap();
    assert_eq!(opened.warning, None);
    Scratch { store: opened.store, _folder: folder }
}

/// A moment, so many seconds after an arbitrary one.
fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_700_000_000 + seconds)
}

/// A task that was queued then, and waits.
fn task(id: u128, queued_at: SystemTime) -> TaskRecord {
    TaskRecord {
        id: TaskId::from_random(id),
        number: 0,
        task_type: VmTaskType::Start,
        vm: Some("web".into()),
        priority: Priority::Medium,
        state: TaskState::Queued,
        queued_at,
        started_at: None,
        ended_at: None,
        attempts: 0,
        waited: Duration::ZERO,
        first_error: None,
        result: None,
        owner: Owner { pid: 42, started: at(0) },
        failed: Vec::new(),
    }
}

/// A task that took so many seconds to end like this.
fn ended(id: u128, task_type: VmTaskType, state: TaskState, seconds: u64) -> TaskRecord {
    TaskRecord {
        task_type,
        state,
        started_at: Some(at(0)),
        ended_at: Some(at(seconds)),
        attempts: 1,
        ..task(id, at(0))
    }
}
