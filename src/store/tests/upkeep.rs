use std::time::Duration;

use super::at;
use super::ended;
use super::scratch;
use super::task;
use crate::model::TaskState;
use crate::model::VmId;
use crate::model::VmTaskType;
use crate::request::Series;
use crate::store::AuditFilter;
use crate::store::AuditRecord;
use crate::store::LastScreen;
use crate::store::LeaseKind;
use crate::store::LeaseRequest;
use crate::store::PortChoice;
use crate::store::Pruned;
use crate::store::Sample;
use crate::store::Store;
use crate::store::TaskFilter;

const HOUR: u64 = 3600;

#[test]
fn old_records_go_at_most_once_a_day_and_open_tasks_stay() {
    let it = scratch();
    let old = ended(1, VmTaskType::Start, TaskState::Done, 1);
    it.store.tasks().record_all(&[old, task(2, at(0))]).unwrap();
    it.store.samples().append(&[Sample { at: at(5), name: "cpu".into(), value: 1.0 }]).unwrap();
    let line = AuditRecord {
        at: at(3),
        actor: "kim".into(),
        origin: String::new(),
        action: "start".into(),
        vm: None,
        outcome: AuditRecord::OK.into(),
        detail: String::new(),
    };
    it.store.audit().append(&line).unwrap();
    let prune = |seconds| it.store.prune_daily(at(seconds), Duration::from_hours(1)).unwrap();
    assert_eq!(prune(1), Some(Pruned::default()), "nothing is old, but it was looked");
    assert_eq!(prune(23 * HOUR), None, "not again within a day");
    assert_eq!(prune(25 * HOUR), Some(Pruned { tasks: 1, audit: 1, samples: 1 }));
    assert_eq!(it.store.tasks().list(&TaskFilter::default()).unwrap(), [task(2, at(0))]);
    assert_eq!(it.store.audit().list(&AuditFilter::default()).unwrap(), []);
    assert_eq!(prune(0), Some(Pruned::default()), "a mark from the future counts for nothing");
}

#[test]
fn the_outcome_of_a_line_is_written_when_it_is_known() {
    let it = scratch();
    let begun = AuditRecord {
        at: at(3),
        actor: "kim".into(),
        origin: "desk, process 7".into(),
        action: "start".into(),
        vm: Some("web".into()),
        outcome: AuditRecord::BEGUN.into(),
        detail: "vm-cli start web".into(),
    };
    let line = it.store.audit().begin(&begun).unwrap();
    assert_eq!(
        it.store.audit().list(&AuditFilter::default()).unwrap(),
        std::slice::from_ref(&begun)
    );
    it.store.audit().end(line, "vm_locked").unwrap();
    let ended = AuditRecord { outcome: "vm_locked".into(), ..begun };
    assert_eq!(it.store.audit().list(&AuditFilter::default()).unwrap(), [ended]);
}

#[test]
fn a_series_knows_its_least_mean_most_and_last() {
    let it = scratch();
    let sample = |seconds, value| Sample { at: at(seconds), name: "cpu".into(), value };
    it.store.samples().append(&[sample(1, 9.0), sample(3, 2.0), sample(2, 4.0)]).unwrap();
    let expected = |samples, first, min, mean, max| Series {
        name: "cpu".into(),
        samples,
        first_at: at(first),
        last_at: at(3),
        last: 2.0,
        min,
        mean,
        max,
    };
    assert_eq!(it.store.samples().series(at(0)).unwrap(), [expected(3, 1, 2.0, 5.0, 9.0)]);
    assert_eq!(it.store.samples().series(at(2)).unwrap(), [expected(2, 2, 2.0, 3.0, 4.0)]);
}

#[test]
fn each_world_sees_its_own_vms_leases_and_screens() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vm-cli.db");
    let world = |name: &str| Store::open(&file, at(0)).unwrap().store.of_world(name);
    let (one, other) = (world("one"), world("other"));
    let vm = VmId::from_random(1);
    one.vms().begin_create(vm, "web", None, at(1)).unwrap();
    one.vms().note_group(vm, "/lab").unwrap();
    let wanted = LeaseRequest {
        kind: LeaseKind::Ssh,
        address: std::net::Ipv4Addr::LOCALHOST.into(),
        port: PortChoice::Exactly(2222),
        vm,
        rule: "ssh".into(),
    };
    one.leases().claim(&wanted, at(1), |_| false).unwrap();
    let screen = LastScreen { vm, hash: "aa".into(), file: None, picture: None, at: at(1) };
    one.screens().put(&screen).unwrap();
    let seen = |store: &Store| {
        (
            store.vms().list_unfinished().unwrap().len(),
            store.leases().list_here().unwrap().len(),
            store.screens().vms_here().unwrap().len(),
        )
    };
    assert_eq!((seen(&one), seen(&other), seen(&world(""))), ((1, 1, 1), (0, 0, 0), (1, 1, 1)));
    assert_eq!(one.vms().list().unwrap()[0].group.as_deref(), Some("/lab"));
    assert_eq!(other.leases().list().unwrap().len(), 1, "a port is taken in every world");
    one.screens().forget(vm).unwrap();
    assert_eq!(seen(&one), (1, 1, 0));
}
