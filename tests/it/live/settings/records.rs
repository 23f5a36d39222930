//! `security.audit_logging` and `logging.keep_records_days`: what is recorded, and for how long.

use std::time::{Duration, SystemTime};

use vm_cli::model::{Priority, TaskId, TaskState, VmTaskType};
use vm_cli::store::{Owner, Store, TaskFilter, TaskRecord};

use crate::live::world::World;

const DAY: Duration = Duration::from_hours(24);

#[test]
fn changes_are_recorded_and_kept_as_configured() {
    let Some(mut world) = World::new("settings: records") else { return };
    let home = world.home.path().to_path_buf();
    let three_days_ago = SystemTime::now() - 3 * DAY;
    let old = TaskRecord {
        id: TaskId::from_random(1),
        number: 1,
        task_type: VmTaskType::Start,
        vm: None,
        priority: Priority::High,
        state: TaskState::Done,
        queued_at: three_days_ago,
        started_at: Some(three_days_ago),
        ended_at: Some(three_days_ago),
        attempts: 1,
        waited: Duration::ZERO,
        first_error: None,
        result: None,
        owner: Owner { pid: 1, started: three_days_ago },
        failed: Vec::new(),
    };
    for (days, kept) in [(2, 0), (4, 1)] {
        let state = home.join(format!("state-{days}"));
        let open = || Store::open(&state.join("store.sqlite"), SystemTime::now()).unwrap().store;
        open().tasks().record(&old).unwrap();
        world.home.set("VM_CLI_HOME", state.display().to_string());
        world.home.set("VM_CLI_LOGGING_KEEP_RECORDS_DAYS", days.to_string());
        world.home.error(3, &["start", "nobody"]);
        let all = open().tasks().list(&TaskFilter::default()).unwrap();
        let left = all.iter().filter(|task| task.id == old.id).count();
        assert_eq!(left, kept, "kept for {days} days");
    }
    let recorded = |world: &World| world.home.json(&["audit"])["items"].as_array().unwrap().len();
    assert_eq!(recorded(&world), 1);
    world.home.set("VM_CLI_SECURITY_AUDIT_LOGGING", "false");
    world.home.error(3, &["start", "nobody"]);
    assert_eq!(recorded(&world), 1, "it is switched off");
}
