use proptest::prelude::*;

use super::{read, write};
use crate::error::ErrorKind;
use crate::hypervisor::simulated::fault::{Fault, Operation};
use crate::hypervisor::simulated::machine::Machine;
use crate::hypervisor::simulated::moment::{Moment, Pace};
use crate::hypervisor::simulated::power::{Power, SavedFile, Session};
use crate::hypervisor::simulated::world::World;
use crate::model::{
    ExecutionEngine, Firmware, Forward, Gibibytes, GraphicsController, Mebibytes, Nic,
    ProcessPriority, Protocol, RemoteDisplay, StopMode, Switch, VmConfiguration, VmId,
};

fn configuration(name: &str, memory: u64, forwards: Vec<Forward>) -> VmConfiguration {
    VmConfiguration {
        name: name.parse().unwrap(),
        os_type: "Windows11_64".into(),
        memory: Mebibytes(memory),
        video_memory: Mebibytes(128),
        cpus: 2,
        disk: Some(Gibibytes(50)),
        disk_image: None,
        discs: vec!["/iso/setup disc.iso".into()],
        firmware: Firmware::Efi,
        tpm: Switch::Off,
        secure_boot: Switch::Off,
        graphics: GraphicsController::VboxSvga,
        accelerate_3d: Switch::On,
        execution_engine: ExecutionEngine::Interpreter,
        hardware_acceleration: Switch::Off,
        nested_virtualization: Switch::On,
        nic: Nic::NatNetwork("lab net".into()),
        forwards,
        remote_display: Some(RemoteDisplay { address: "127.0.0.1".parse().unwrap(), port: 5900 }),
        groups: vec!["/lab".into(), "/ci/win".into()],
        description: "two\nlines, \"quoted\"".into(),
        balloon: Mebibytes(0),
        process_priority: ProcessPriority::Low,
        folder: None,
        snapshots_folder: Some("/snapshots".into()),
    }
}

fn forwards() -> impl Strategy<Value = Vec<Forward>> {
    let forward = ("[a-z]{1,8}", any::<bool>(), any::<u16>(), any::<u16>()).prop_map(
        |(name, tcp, host_port, guest_port)| Forward {
            name,
            protocol: if tcp { Protocol::Tcp } else { Protocol::Udp },
            host_address: tcp.then(|| "127.0.0.1".parse().unwrap()),
            host_port,
            guest_port,
        },
    );
    prop::collection::vec(forward, 0..4)
}

fn power() -> impl Strategy<Value = Power> {
    let session = (any::<u64>(), any::<u64>(), any::<Option<u64>>(), any::<Option<u64>>());
    prop_oneof![
        any::<u64>().prop_map(|since| Power::Off { since }),
        any::<u64>().prop_map(|since| Power::Aborted { since }),
        any::<u64>().prop_map(|since| Power::Stuck { since }),
        any::<(u64, u64, bool)>().prop_map(|(since, uptime, damaged)| {
            let file = if damaged { SavedFile::Damaged } else { SavedFile::Whole };
            Power::Saved { since, uptime, file }
        }),
        session.prop_map(|(since, ran_before, running_since, button)| {
            Power::On(Session { since, ran_before, running_since, button })
        }),
    ]
}

proptest! {
    #[test]
    fn what_is_written_reads_back(
        id in any::<u128>(),
        name in "[a-zA-Z0-9äö✓][a-zA-Z0-9 ._äö✓-]{0,30}[a-z]",
        memory in any::<u64>(),
        forwards in forwards(),
        power in power(),
        snapshots in prop::collection::vec("[a-z ✓]{0,5}[a-z]", 0..5),
    ) {
        let now = Moment { ms: 5, pace: Pace::default() };
        let settings = configuration(&name, memory, forwards);
        let mut machine = Machine::new(VmId::from_random(id), settings, now);
        machine.power = power;
        for snapshot in snapshots {
            machine.take_snapshot(&snapshot.parse().unwrap(), "why\nso", now);
        }
        let fault = Fault::next(2, Operation::SnapshotTake, ErrorKind::Locked).done();
        let faults = vec![fault.by_chance(0.25, 9)];
        let world = World { machines: vec![machine], faults };
        prop_assert_eq!(read(&write(&world).unwrap()).unwrap(), world);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        drop(read(&bytes));
    }

    /// Cuts and changes a good file anywhere: an error or a world, and a world can be lived in.
    #[test]
    fn a_damaged_file_is_refused_or_can_be_lived_in(cut in 0usize..2000, byte in any::<u8>()) {
        let now = Moment { ms: u64::MAX, pace: Pace::default() };
        let mut machine = Machine::new(VmId::from_random(1), configuration("web", 1, vec![]), now);
        machine.start(now).unwrap();
        machine.stop(StopMode::Acpi, now).unwrap();
        machine.take_snapshot(&"s".parse().unwrap(), "", now);
        let mut text = write(&World { machines: vec![machine], faults: vec![] }).unwrap();
        let place = cut % text.len();
        text[place] = byte;
        for text in [&text[..], &text[..place]] {
            if let Ok(mut world) = read(text) {
                world.settle(now);
                for machine in &world.machines {
                    drop(machine.describe(now));
                }
            }
        }
    }
}

#[test]
fn a_newer_file_is_told_from_a_damaged_one() {
    let newer = read(br#"{"version": 2, "planets": []}"#).unwrap_err().to_string();
    assert!(newer.contains("version 2"), "{newer}");
    let damaged = read(br#"{"version": 1, "planets": []}"#).unwrap_err().to_string();
    assert!(damaged.contains("damaged"), "{damaged}");
}

#[test]
fn a_fault_typed_by_hand_needs_three_words() {
    let text = br#"{"version": 1, "faults":
        [{"operation": "start", "kind": "vm_locked", "times": 2}]}"#;
    let expected = Fault::next(2, Operation::Start, ErrorKind::Locked);
    assert_eq!(read(text).unwrap().faults, [expected]);
    let wrong = br#"{"version": 1, "faults": [{"operation": "explode", "kind": "vm_locked"}]}"#;
    assert!(read(wrong).unwrap_err().to_string().contains("snapshot-take"));
}
