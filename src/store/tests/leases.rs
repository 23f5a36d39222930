use std::net::IpAddr;
use std::net::Ipv4Addr;

use proptest::prelude::*;

use super::at;
use super::scratch;
use crate::error::ErrorKind;
use crate::model::VmId;
use crate::store::Lease;
use crate::store::LeaseKind;
use crate::store::LeaseRequest;
use crate::store::PortChoice;

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const EVERYWHERE: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

fn wanted(vm: u128, address: IpAddr, port: PortChoice) -> LeaseRequest {
    let vm = VmId::from_random(vm);
    LeaseRequest { kind: LeaseKind::Ssh, address, port, vm, rule: "ssh".into() }
}

fn ssh(vm: u128) -> LeaseRequest {
    wanted(vm, HERE, PortChoice::FirstOf(2222..=2224))
}

fn nobody(_: u16) -> bool {
    false
}

#[test]
fn each_vm_gets_the_first_port_that_neither_a_vm_nor_a_program_has() {
    let it = scratch();
    let leases = it.store.leases();
    assert_eq!(leases.claim(&ssh(1), at(1), nobody).unwrap(), 2222);
    assert_eq!(leases.claim(&ssh(2), at(2), |port| port == 2223).unwrap(), 2224);
    let all = leases.list().unwrap();
    let first = Lease {
        kind: LeaseKind::Ssh,
        address: HERE,
        port: 2222,
        vm: VmId::from_random(1),
        rule: "ssh".into(),
        since: at(1),
    };
    assert_eq!((all.len(), &all[0]), (2, &first));
}

#[test]
fn a_repeated_claim_keeps_its_port_until_another_program_has_it() {
    let it = scratch();
    let leases = it.store.leases();
    assert_eq!(leases.claim(&ssh(1), at(1), nobody).unwrap(), 2222);
    assert_eq!(leases.claim(&ssh(1), at(2), nobody).unwrap(), 2222);
    assert_eq!(leases.claim(&ssh(1), at(3), |port| port == 2222).unwrap(), 2223);
    assert_eq!(leases.list().unwrap().len(), 1);
}

#[test]
fn a_full_range_says_who_has_it_and_what_to_widen_and_takes_nothing_away() {
    let it = scratch();
    let leases = it.store.leases();
    leases.claim(&ssh(1), at(1), nobody).unwrap();
    leases.claim(&ssh(2), at(1), nobody).unwrap();
    let error = leases.claim(&ssh(3), at(1), |port| port == 2224).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::LimitExceeded);
    assert_eq!(
        error.message(),
        "no host port from 2222 to 2224 is free for ssh: VMs have 2 of them, other programs 1"
    );
    assert!(error.next_step().unwrap().contains("`networking.ssh_port_range`"));
    let before = leases.list().unwrap();
    leases.claim(&ssh(2), at(2), |_| true).unwrap_err();
    assert_eq!(leases.list().unwrap(), before);
}

#[test]
fn a_named_port_that_is_not_free_says_who_has_it() {
    let it = scratch();
    let leases = it.store.leases();
    leases.claim(&ssh(1), at(1), nobody).unwrap();
    let refused = leases.claim(&wanted(2, HERE, PortChoice::Exactly(2222)), at(1), nobody);
    let refused = refused.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::AlreadyExists);
    assert!(refused.message().contains(&VmId::from_random(1).to_string()), "{refused}");
    let taken = leases.claim(&wanted(2, HERE, PortChoice::Exactly(8022)), at(1), |_| true);
    assert!(taken.unwrap_err().message().contains("another program"));
}

#[test]
fn a_port_on_every_address_excludes_it_on_each_one() {
    let it = scratch();
    let leases = it.store.leases();
    let other = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    let exactly = |vm, address| wanted(vm, address, PortChoice::Exactly(2222));
    leases.claim(&exactly(1, HERE), at(1), nobody).unwrap();
    leases.claim(&exactly(2, other), at(1), nobody).unwrap();
    leases.claim(&exactly(3, EVERYWHERE), at(1), nobody).unwrap_err();
    leases.release_vm(VmId::from_random(1)).unwrap();
    leases.release(VmId::from_random(2), "ssh").unwrap();
    leases.claim(&exactly(3, EVERYWHERE), at(1), nobody).unwrap();
    leases.claim(&exactly(1, HERE), at(1), nobody).unwrap_err();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_port_is_ever_leased_twice(steps in prop::collection::vec((0_u128..6, any::<bool>()), 1..40)) {
        let it = scratch();
        for (vm, claims) in steps {
            if claims {
                // A full range is refused; that is as it should be.
                let _outcome = it.store.leases().claim(&ssh(vm), at(0), nobody);
            } else {
                it.store.leases().release_vm(VmId::from_random(vm)).unwrap();
            }
            let all = it.store.leases().list().unwrap();
            let mut ports: Vec<_> = all.iter().map(|lease| lease.port).collect();
            ports.dedup();
            prop_assert_eq!(ports.len(), all.len());
            prop_assert!(ports.iter().all(|port| (2222..=2224).contains(port)));
        }
    }
}
