use std::net::Ipv4Addr;
use std::path::Path;
use std::path::PathBuf;

use super::at;
use super::scratch;
use crate::model::VmId;
use crate::store::KnownVm;
use crate::store::LastScreen;
use crate::store::LeaseKind;
use crate::store::LeaseRequest;
use crate::store::Owner;
use crate::store::PortChoice;
use crate::store::VmPhase;

fn web(phase: VmPhase, since: u64) -> KnownVm {
    KnownVm {
        id: VmId::from_random(1),
        name: "web".into(),
        folder: Some(PathBuf::from("/vms/web")),
        phase,
        phase_since: at(since),
        created_at: Some(at(1)),
        group: None,
        owner: Owner::this_process(),
    }
}

#[test]
fn a_vm_goes_from_creating_to_made_to_deleting_to_forgotten() {
    let it = scratch();
    let vms = it.store.vms();
    let id = VmId::from_random(1);
    vms.begin_create(id, "web", Some(Path::new("/vms/web")), at(1)).unwrap();
    assert_eq!(vms.list_unfinished().unwrap(), [web(VmPhase::Creating, 1)]);
    vms.finish_create(id, at(2)).unwrap();
    assert_eq!(vms.list_unfinished().unwrap(), []);
    assert_eq!(vms.list().unwrap(), [web(VmPhase::Made, 2)]);
    vms.begin_delete(id, "web", at(3)).unwrap();
    assert_eq!(vms.list_unfinished().unwrap(), [web(VmPhase::Deleting, 3)]);
    vms.forget(id).unwrap();
    assert_eq!(vms.list().unwrap(), []);
}

#[test]
fn a_vm_made_elsewhere_is_known_only_while_it_is_deleted() {
    let it = scratch();
    let id = VmId::from_random(5);
    it.store.vms().begin_delete(id, "theirs", at(1)).unwrap();
    let known = it.store.vms().list_unfinished().unwrap();
    assert_eq!(known[0].created_at, None);
    it.store.vms().cancel_delete(id, at(2)).unwrap();
    assert_eq!(it.store.vms().list().unwrap(), []);
}

#[test]
fn a_delete_that_failed_leaves_the_vm_as_made() {
    let it = scratch();
    let id = VmId::from_random(1);
    it.store.vms().begin_create(id, "web", Some(Path::new("/vms/web")), at(1)).unwrap();
    it.store.vms().finish_create(id, at(2)).unwrap();
    it.store.vms().begin_delete(id, "web", at(3)).unwrap();
    it.store.vms().cancel_delete(id, at(4)).unwrap();
    assert_eq!(it.store.vms().list().unwrap(), [web(VmPhase::Made, 4)]);
}

#[test]
fn a_delete_that_failed_leaves_a_half_made_vm_half_made() {
    let it = scratch();
    let id = VmId::from_random(1);
    it.store.vms().begin_create(id, "web", Some(Path::new("/vms/web")), at(1)).unwrap();
    it.store.vms().begin_delete(id, "web", at(3)).unwrap();
    it.store.vms().cancel_delete(id, at(4)).unwrap();
    assert_eq!(it.store.vms().list_unfinished().unwrap(), [web(VmPhase::Creating, 3)]);
}

#[test]
fn a_forgotten_vm_leaves_no_lease_and_no_picture() {
    let it = scratch();
    for number in [1, 2] {
        let vm = VmId::from_random(number);
        let wanted = LeaseRequest {
            kind: LeaseKind::Ssh,
            address: Ipv4Addr::LOCALHOST.into(),
            port: PortChoice::FirstOf(2222..=2232),
            vm,
            rule: "ssh".into(),
        };
        it.store.leases().claim(&wanted, at(0), |_| false).unwrap();
        let hash = "00".into();
        let screen = LastScreen { vm, hash, file: None, picture: None, at: at(0) };
        it.store.screens().put(&screen).unwrap();
    }
    it.store.vms().forget(VmId::from_random(1)).unwrap();
    let left: Vec<_> = it.store.leases().list().unwrap().into_iter().map(|it| it.port).collect();
    assert_eq!(left, [2223]);
    assert_eq!(it.store.screens().last(VmId::from_random(1)).unwrap(), None);
    assert!(it.store.screens().last(VmId::from_random(2)).unwrap().is_some());
}
