use vm_cli::error::ErrorKind;
use vm_cli::hypervisor::{CloneContent, CloneOrder, Refit};
use vm_cli::model::{VmId, VmRef};

use super::bench::{Bench, forward};
use super::free_port;

/// A copy has what its original has, under an identity of its own; refitted, ports of its own.
pub(super) async fn check(bench: &Bench) {
    let Some(cloning) = bench.driver.cloning() else { return };
    let vm = bench.make(71, &bench.wanted("original")).await;
    let name = "base".parse().unwrap();
    bench.done("take", || bench.snapshots().take(&vm, &name, "")).await;
    let original = bench.inspect(&vm).await;
    let base = original.snapshots.nodes()[0].id.clone();
    let order = |number, name: &str, content| CloneOrder {
        source: vm.clone(),
        id: VmId::from_random(number),
        name: name.parse().unwrap(),
        folder: bench.options.folder.clone(),
        groups: original.groups.clone(),
        content,
    };
    let full = order(72, "full copy", CloneContent::Full(None));
    let linked = order(73, "linked copy", CloneContent::Linked(base));
    for order in [&full, &linked] {
        bench.done("clone", || cloning.clone_vm(order)).await;
        let copy = bench.inspect(&VmRef::from(order.id)).await;
        assert_eq!((copy.name.as_str(), copy.id), (order.name.as_str(), order.id));
        assert_eq!((copy.memory, copy.cpus, &copy.os), (original.memory, 1, &original.os));
        assert_eq!(copy.groups, original.groups);
        assert_ne!(copy.adapters[0].mac, original.adapters[0].mac, "a MAC of its own");
        assert!(copy.snapshots.is_empty());
    }
    assert_eq!(cloning.dependants(&vm).await, ["linked copy"]);
    let rule = forward("ssh", free_port(), 22);
    let refit = Refit { forwards: vec![rule.clone()], ..Refit::default() };
    let copy = VmRef::from(full.id);
    bench.done("refit", || cloning.refit(&copy, &refit)).await;
    assert_eq!(bench.inspect(&copy).await.forwards().collect::<Vec<_>>(), [&rule]);
    let twin = CloneOrder { id: VmId::from_random(74), ..full.clone() };
    let taken = [ErrorKind::AlreadyExists];
    bench.refused("clone to a name that is taken", &taken, || cloning.clone_vm(&twin)).await;
    bench.done("undo what was never made", || cloning.undo_clone(&twin)).await;
    bench.inspect(&copy).await;
    bench.done("undo", || cloning.undo_clone(&linked)).await;
    bench.done("undo twice", || cloning.undo_clone(&linked)).await;
    assert!(cloning.dependants(&vm).await.is_empty());
    bench.delete(&copy).await;
    bench.delete(&vm).await;
}
