//! The store under many processes at once.

use std::collections::BTreeSet;
use std::fs;
use std::net::Ipv4Addr;
use std::path::Path;
use std::time::Duration;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use vm_cli::model::Priority;
use vm_cli::model::TaskId;
use vm_cli::model::TaskState;
use vm_cli::model::VmId;
use vm_cli::model::VmTaskType;
use vm_cli::store::LeaseKind;
use vm_cli::store::LeaseRequest;
use vm_cli::store::Opened;
use vm_cli::store::Owner;
use vm_cli::store::PortChoice;
use vm_cli::store::Store;
use vm_cli::store::TaskFilter;
use vm_cli::store::TaskRecord;

use super::child;

const PROCESSES: usize = 50;

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_700_000_000)
}

fn open(folder: &Path) -> Opened {
    Store::open(&folder.join("vm-cli.db"), now()).unwrap()
}

/// What each process does with the store: one task, one lease, one VM.
fn work(store: &Store) {
    let number = u128::from(std::process::id());
    let owner = Owner { pid: std::process::id(), started: now() };
    let task = TaskRecord {
        id: TaskId::from_random(number),
        number: 1,
        task_type: VmTaskType::Create,
        vm: None,
        priority: Priority::Medium,
        state: TaskState::Done,
        queued_at: now(),
        started_at: Some(now()),
        ended_at: Some(now()),
        attempts: 1,
        waited: Duration::ZERO,
        first_error: None,
        result: None,
        owner,
        failed: Vec::new(),
    };
    store.tasks().record(&task).unwrap();
    let vm = VmId::from_random(number);
    let last = 3000 + u16::try_from(PROCESSES).unwrap() - 1;
    let wanted = LeaseRequest {
        kind: LeaseKind::Ssh,
        address: Ipv4Addr::LOCALHOST.into(),
        port: PortChoice::FirstOf(3000..=last),
        vm,
        rule: "ssh".into(),
    };
    store.leases().claim(&wanted, now(), |_| false).unwrap();
    store.vms().begin_create(vm, "web", None, now()).unwrap();
    store.vms().finish_create(vm, now()).unwrap();
}

fn check_everything_is_there(store: &Store) {
    assert_eq!(store.tasks().list(&TaskFilter::default()).unwrap().len(), PROCESSES);
    assert_eq!(store.figures(UNIX_EPOCH).unwrap().vms_created, 50);
    assert_eq!(store.vms().list().unwrap().len(), PROCESSES);
    let leases = store.leases().list().unwrap();
    let ports: BTreeSet<_> = leases.iter().map(|lease| lease.port).collect();
    assert_eq!((leases.len(), ports.len()), (PROCESSES, PROCESSES));
}

#[test]
fn fifty_processes_begin_a_store_at_once_and_lose_nothing() {
    if let Some(folder) = child::folder() {
        child::wait_for_end_of_input();
        let opened = open(&folder);
        assert_eq!(opened.warning, None);
        return work(&opened.store);
    }
    let folder = tempfile::tempdir().unwrap();
    let name = "store::fifty_processes_begin_a_store_at_once_and_lose_nothing";
    child::run_at_once(PROCESSES, name, folder.path());
    check_everything_is_there(&open(folder.path()).store);
}

/// Lets every process meet this store: all of them work, and one says that it was set aside.
fn check_set_aside_once(test: &str, make_unusable: impl FnOnce(&Path)) {
    if let Some(folder) = child::folder() {
        child::wait_for_end_of_input();
        let opened = open(&folder);
        if let Some(warning) = opened.warning {
            fs::write(folder.join(format!("warned-{}", std::process::id())), warning).unwrap();
        }
        return work(&opened.store);
    }
    let folder = tempfile::tempdir().unwrap();
    make_unusable(folder.path());
    child::run_at_once(PROCESSES, test, folder.path());
    let names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let warned = names.iter().filter(|name| name.starts_with("warned-")).count();
    let kept = names.iter().filter(|name| name.contains(".db.damaged-") && name.ends_with('Z'));
    assert_eq!((warned, kept.count()), (1, 1), "{names:?}");
    check_everything_is_there(&open(folder.path()).store);
}

#[test]
fn fifty_processes_meet_a_damaged_store_and_one_sets_it_aside() {
    let name = "store::fifty_processes_meet_a_damaged_store_and_one_sets_it_aside";
    check_set_aside_once(name, |folder| {
        fs::write(folder.join("vm-cli.db"), "rubbish ".repeat(2000)).unwrap();
    });
}

#[test]
fn fifty_processes_meet_a_newer_store_and_one_sets_it_aside() {
    let name = "store::fifty_processes_meet_a_newer_store_and_one_sets_it_aside";
    check_set_aside_once(name, |folder| {
        drop(open(folder));
        let newer = rusqlite::Connection::open(folder.join("vm-cli.db")).unwrap();
        newer.pragma_update(None, "user_version", 99).unwrap();
    });
}

#[test]
fn a_process_killed_in_the_middle_of_its_writes_leaves_a_sound_store() {
    if let Some(folder) = child::folder() {
        let store = open(&folder).store;
        println!("WRITING");
        for number in 0_u128.. {
            let vm = VmId::from_random(number);
            store.vms().begin_create(vm, "web", None, now()).unwrap();
            store.vms().forget(vm).unwrap();
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let name = "store::a_process_killed_in_the_middle_of_its_writes_leaves_a_sound_store";
    for _ in 0..3 {
        let mut writer = child::start(name, folder.path());
        child::wait_for_line(&mut writer, "WRITING");
        writer.kill().unwrap();
        writer.wait().unwrap();
        let opened = open(folder.path());
        assert_eq!(opened.warning, None);
        let unfinished = opened.store.vms().list_unfinished().unwrap();
        assert!(unfinished.len() <= 1, "{unfinished:?}");
        for vm in unfinished {
            opened.store.vms().forget(vm.id).unwrap();
        }
    }
}
