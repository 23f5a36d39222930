use proptest::prelude::*;

use super::vm_info;
use crate::model::Phase;
use crate::model::VmState;

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!(
            "../../../../tests/fixtures/virtualbox/7.2/showvminfo-",
            $name,
            ".stdout"
        ))
    };
}

const FULL: &str = fixture!("full");
const RUNNING: &str = fixture!("running");

#[test]
fn a_vm_with_everything_is_read_whole() {
    let vm = vm_info(FULL).unwrap();
    assert_eq!((vm.name.as_str(), vm.cpus, vm.memory.0), ("full", 2, 4096));
    assert_eq!(vm.id.to_string(), "7d1f0c5e-0000-4000-8000-000000000010");
    assert_eq!(vm.state, VmState::PoweredOff);
    assert_eq!(vm.state_since.as_deref(), Some("2026-11-23T01:22:22Z"));
    assert_eq!((vm.os.as_str(), vm.firmware.as_str()), ("Windows 11 (64-bit)", "efi"));
    assert_eq!(vm.graphics, "vboxvga");
    assert_eq!(vm.groups, ["/lab/win", "/ci"]);
    assert_eq!(
        vm.description,
        "First line, \"quoted\" and a back\\slash\nVMState=\"running\"\n\nlast line"
    );
    let kinds: Vec<_> = vm.adapters.iter().map(|a| (a.slot, a.attachment.as_str())).collect();
    assert_eq!(kinds, [(1, "nat"), (2, "intnet"), (3, "natnetwork"), (4, "null")]);
    assert_eq!(vm.adapters[0].mac, "0800274E0650");
    let forwards: Vec<_> = vm.forwards().map(ToString::to_string).collect();
    assert_eq!(forwards, ["rdp 127.0.0.1:3390 -> 3389", "ssh 127.0.0.1:2222 -> 22"]);
    let disks: Vec<_> = vm.disks.iter().map(|d| (d.slot.as_str(), d.medium.as_str())).collect();
    assert_eq!(
        disks,
        [
            ("SATA-0-0", "/home/tester/vms/full/full disk.vdi"),
            ("SATA-1-0", "/home/tester/iso/guest.iso"),
            ("SATA-2-0", "emptydrive"),
        ]
    );
    assert_eq!(vm.remote_display_port, None, "a range is no port");
    assert_eq!(vm.settings_file.unwrap().to_str(), Some("/home/tester/vms/lab/win/full/full.vbox"));
    assert!(vm.snapshots.is_empty());
}

#[test]
fn a_running_guest_tells_of_its_additions() {
    let vm = vm_info(RUNNING).unwrap();
    assert_eq!(vm.state, VmState::Running);
    assert_eq!(vm.guest_additions.run_level, 2);
    assert_eq!(vm.guest_additions.version.as_deref(), Some("6.0.0 r127566"));
    assert_eq!(vm.disks.len(), 1, "places without a medium are none");
    assert!(vm.groups.is_empty(), "the root group is none");
}

#[test]
fn each_recorded_state_is_told() {
    for (text, state) in [
        (fixture!("paused"), VmState::Paused),
        (fixture!("saved"), VmState::Saved),
        (fixture!("aborted"), VmState::Aborted),
        (fixture!("aborted-saved"), VmState::AbortedSaved),
        (fixture!("poweroff"), VmState::PoweredOff),
        (fixture!("restored-online"), VmState::Saved),
    ] {
        assert_eq!(vm_info(text).unwrap().state, state);
    }
}

#[test]
fn a_snapshot_that_imitates_other_pairs_changes_nothing() {
    let vm = vm_info(fixture!("snapshots")).unwrap();
    assert_eq!(vm.state, VmState::PoweredOff);
    assert_eq!(vm.snapshots.nodes().len(), 16);
}

#[test]
fn awkward_names_are_read() {
    assert_eq!(vm_info(fixture!("quoted")).unwrap().name, "a \"quoted\" name");
    assert_eq!(vm_info(fixture!("backslash")).unwrap().name, "back\\slash");
    assert_eq!(vm_info(fixture!("unicode")).unwrap().name, "Übung ☃ 日本");
}

#[test]
fn an_inaccessible_vm_has_that_state() {
    let text = "name=\"<inaccessible>\"\nUUID=\"7d1f0c5e-0000-4000-8000-000000000007\"\n";
    let vm = vm_info(text).unwrap();
    assert_eq!(vm.state, VmState::Inaccessible);
    assert_eq!(vm.state.phase(), Phase::Broken);
}

#[test]
fn an_answer_without_a_state_is_none() {
    assert_eq!(vm_info("").unwrap_err(), "names no VM");
    assert_eq!(vm_info("name=\"x\"\n").unwrap_err(), "names no UUID");
    let cut = FULL.split("VMState=").next().unwrap();
    assert_eq!(vm_info(cut).unwrap_err(), "tells no state of `full`");
}

#[test]
fn the_line_ends_of_windows_make_no_difference() {
    assert_eq!(vm_info(&FULL.replace('\n', "\r\n")).unwrap().disks, vm_info(FULL).unwrap().disks);
}

#[test]
fn the_port_of_a_live_remote_display_is_the_true_one() {
    let live =
        RUNNING.replace("vrde=\"off\"", "vrde=\"on\"\nvrdeport=3391\nvrdeports=\"3390-3392\"");
    assert_eq!(vm_info(&live).unwrap().remote_display_port, Some(3391));
    let off = FULL.replace("5001-5005", "5001");
    assert_eq!(vm_info(&off).unwrap().remote_display_port, Some(5001));
}

#[test]
fn a_rule_with_commas_and_quotes_in_its_name_is_read() {
    let odd = RUNNING.replace("\"ssh,tcp,127.0.0.1", "\"a,\"b,udp,");
    let forwards: Vec<_> = vm_info(&odd).unwrap().forwards().cloned().collect();
    assert_eq!(forwards[0].name, "a,\"b");
    assert_eq!(forwards[0].host_address, None);
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(name=|UUID=|VMState=|nic1=|Forwarding\\(0\\)=|SnapshotName=|\"|,|\n|\\PC)*") {
        let _unused = vm_info(&text);
    }

    #[test]
    fn no_cut_makes_it_panic(at in 0usize..4000, drop in 0usize..200) {
        let kept: String = FULL.chars().take(at).chain(FULL.chars().skip(at + drop)).collect();
        let _unused = vm_info(&kept);
    }
}
