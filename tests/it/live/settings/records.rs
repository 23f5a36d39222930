//! `security.audit_logging` and `logging.keep_records_days`: what is written down, and how long.

use crate::live::world::World;

/// Returns how many changes the audit trail tells of.
fn changes(world: &World) -> usize {
    world.home.json(&["audit"])["items"].as_array().map_or(0, Vec::len)
}

#[test]
fn changes_are_recorded_if_and_as_long_as_configured() {
    let Some(mut world) = World::new("settings: records") else { return };
    world.home.set("VM_CLI_SECURITY_AUDIT_LOGGING", "false");
    world.home.ok(&["create", "one", "--memory", "64", "--no-disk"]);
    assert_eq!(changes(&world), 0, "it is switched off");
    world.home.set("VM_CLI_SECURITY_AUDIT_LOGGING", "true");
    world.home.ok(&["create", "two", "--memory", "64", "--no-disk"]);
    assert_eq!(changes(&world), 1);

    age(&world);
    world.home.set("VM_CLI_LOGGING_KEEP_RECORDS_DAYS", "3");
    world.home.ok(&["delete", "two", "--yes"]);
    assert_eq!(changes(&world), 2, "of two days ago, and of now");
    age(&world);
    world.home.ok(&["delete", "one", "--yes"]);
    assert_eq!(changes(&world), 2, "the one of four days ago is forgotten");
}

/// Moves everything that is recorded two days back, the last clean-up too.
fn age(world: &World) {
    let sql = rusqlite::Connection::open(world.home.path().join("state/store.sqlite")).unwrap();
    sql.execute_batch(
        "UPDATE audit SET at = at - 172800000;
         DELETE FROM marks WHERE name = 'pruned';",
    )
    .unwrap();
}
