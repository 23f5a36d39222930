use vm_cli::error::ErrorKind;
use vm_cli::model::{Mebibytes, Nic, Vm, VmConfiguration, VmId, VmRef, VmState};

use super::bench::Bench;

/// A VM is what was wanted; a failed creation leaves nothing once it is undone.
pub(super) async fn check(bench: &Bench) {
    as_wanted(bench).await;
    a_name_is_taken_once(bench).await;
    undone_when_it_failed(bench).await;
}

async fn as_wanted(bench: &Bench) {
    let rich = bench.wanted("rich vm");
    let bare = VmConfiguration {
        cpus: 2,
        memory: Mebibytes(256),
        disk: None,
        discs: Vec::new(),
        firmware: bench.options.firmware,
        nic: Nic::None,
        forwards: Vec::new(),
        groups: Vec::new(),
        description: String::new(),
        ..bench.wanted("käse ✓ 'n' more")
    };
    for (number, wanted) in [(10, &rich), (11, &bare)] {
        let vm = bench.make(number, wanted).await;
        let found = bench.inspect(&vm).await;
        compare(&found, wanted);
        assert_eq!(VmRef::from(found.id), vm);
        let by_name = bench.inspect(&VmRef::from(&wanted.name)).await;
        assert_eq!(by_name.id, found.id);
    }
    let list = bench.done("list", || bench.driver.list()).await;
    for wanted in [&rich, &bare] {
        let listed = list.iter().find(|vm| vm.name == wanted.name.as_str()).expect("listed");
        assert_eq!(listed.state, VmState::PoweredOff);
        assert!(listed.cpus.is_none_or(|cpus| cpus == wanted.cpus));
        assert!(listed.memory.is_none_or(|memory| memory == wanted.memory));
        bench.delete(&VmRef::from(listed.id)).await;
    }
    assert_eq!(list.len(), 2);
}

/// Compares what was found with what was wanted, as far as hypervisors tell it.
fn compare(found: &Vm, wanted: &VmConfiguration) {
    assert_eq!(found.name, wanted.name.as_str());
    assert_eq!(found.state, VmState::PoweredOff);
    assert_eq!(found.cpus, wanted.cpus);
    assert_eq!(found.memory, wanted.memory);
    assert_eq!(found.description, wanted.description);
    assert_eq!(found.firmware.to_lowercase(), wanted.firmware.as_str());
    assert_eq!(found.graphics.to_lowercase(), wanted.graphics.as_str());
    assert_eq!(found.forwards().collect::<Vec<_>>(), wanted.forwards.iter().collect::<Vec<_>>());
    assert_eq!(found.adapters.len(), usize::from(wanted.nic != Nic::None));
    assert!(found.snapshots.is_empty());
    assert_eq!(found.guest_additions.run_level, 0);
    for group in &wanted.groups {
        assert!(found.groups.contains(group), "{:?}", found.groups);
    }
    let iso = wanted.discs.first().and_then(|iso| iso.file_name()).map(|it| it.to_string_lossy());
    let has = |end: &str| found.disks.iter().any(|disk| disk.medium.ends_with(end));
    assert!(iso.is_none_or(|iso| has(&iso)), "{:?}", found.disks);
    let has_disk = has(".vdi") || has(".qcow2");
    assert_eq!(has_disk, wanted.disk.is_some(), "{:?}", found.disks);
}

async fn a_name_is_taken_once(bench: &Bench) {
    let wanted = bench.wanted("twin");
    let vm = bench.make(20, &wanted).await;
    let second = VmId::from_random(21);
    let exists = [ErrorKind::AlreadyExists];
    bench.refused("create a twin", &exists, || bench.driver.create(second, &wanted)).await;
    bench.done("undo the twin", || bench.driver.undo_create(second, &wanted)).await;
    compare(&bench.inspect(&vm).await, &wanted);
    assert_eq!(bench.names().await, ["twin"], "undoing the second must spare the first");
    bench.delete(&vm).await;
}

async fn undone_when_it_failed(bench: &Bench) {
    let good = bench.wanted("phoenix");
    let missing = vec![std::env::temp_dir().join("there is no such disc.iso")];
    let bad = VmConfiguration { discs: missing, ..good.clone() };
    let id = VmId::from_random(30);
    let kinds =
        [ErrorKind::FileNotFound, ErrorKind::NotFound, ErrorKind::Usage, ErrorKind::ProgramFailed];
    match bench.try_to_make(id, &bad).await {
        Ok(()) => panic!("a VM was made with a disc that does not exist"),
        Err(error) => assert!(kinds.contains(&error.kind()), "{error:?}"),
    }
    for _ in 0..2 {
        bench.done("undo", || bench.driver.undo_create(id, &bad)).await;
    }
    assert_eq!(bench.names().await, Vec::<String>::new());
    let vm = bench.make(31, &good).await;
    bench.delete(&vm).await;
}
