use vm_cli::error::ErrorKind;
use vm_cli::model::{SnapshotId, SnapshotTree, VmRef, VmState};

use super::bench::Bench;

const NESTED: &str = "nächste ✓ \"two\"";

/// Snapshots make a tree, bring a VM back, and go without taking others with them.
pub(super) async fn check(bench: &Bench) {
    let vm = bench.make(50, &bench.wanted("tree")).await;
    missing(bench, &vm).await;
    grown(bench, &vm).await;
    missing(bench, &vm).await;
    live(bench, &vm).await;
    restored(bench, &vm).await;
    pruned(bench, &vm).await;
    // With its snapshots.
    bench.delete(&vm).await;
}

async fn missing(bench: &Bench, vm: &VmRef) {
    let snapshots = bench.snapshots();
    let nobody = SnapshotId("7d1f0c5e-ffff-4000-8000-000000000000".to_owned());
    let kinds = [ErrorKind::SnapshotNotFound];
    bench.refused("restore no snapshot", &kinds, || snapshots.restore(vm, &nobody)).await;
    bench.refused("delete no snapshot", &kinds, || snapshots.delete(vm, &nobody)).await;
}

/// Three snapshots, each on the one before, two of one name.
async fn grown(bench: &Bench, vm: &VmRef) {
    take(bench, vm, "base", "the first\nof three").await;
    take(bench, vm, NESTED, "").await;
    let tree = take(bench, vm, "base", "").await;
    assert_eq!(outline(&tree), [("base", 0), (NESTED, 1), ("base", 2)]);
    assert_eq!(tree.nodes()[0].description, "the first\nof three");
    assert_eq!(tree.find("base").len(), 2, "a name may be there twice");
    assert_eq!(tree.find(&tree.nodes()[1].id.0), [&tree.nodes()[1]]);
    assert_eq!(tree.current(), tree.nodes().last());
}

/// A snapshot of a running VM keeps it running, and its memory.
async fn live(bench: &Bench, vm: &VmRef) {
    bench.start(vm).await;
    take(bench, vm, "live", "").await;
    let tree = bench.until(vm, VmState::Running).await.snapshots;
    let live = id(&tree, "live", 0);
    let kinds = [ErrorKind::InvalidState];
    bench.refused("restore while live", &kinds, || bench.snapshots().restore(vm, &live)).await;
    bench.power_off(vm).await;
    restore(bench, vm, &live, VmState::Saved).await;
    bench.start(vm).await;
    bench.power_off(vm).await;
}

/// The VM goes back to its root and grows a second branch from there.
async fn restored(bench: &Bench, vm: &VmRef) {
    let tree = bench.inspect(vm).await.snapshots;
    let root = id(&tree, "base", 0);
    restore(bench, vm, &root, VmState::PoweredOff).await;
    let tree = take(bench, vm, "branch", "").await;
    let mut branches = outline(&tree);
    branches.sort_unstable();
    let expected = [("base", 0), ("base", 2), ("branch", 1), ("live", 3), (NESTED, 1)];
    assert_eq!(branches, expected);
    assert_eq!(tree.current().map(|it| it.name.as_str()), Some("branch"));
}

/// One with two children stays, one with one child hands it up, a leaf just goes.
async fn pruned(bench: &Bench, vm: &VmRef) {
    let snapshots = bench.snapshots();
    let tree = bench.inspect(vm).await.snapshots;
    let root = id(&tree, "base", 0);
    let kinds = [ErrorKind::InvalidState];
    bench.refused("delete a fork", &kinds, || snapshots.delete(vm, &root)).await;
    for (name, place) in [(NESTED, 0), ("branch", 0)] {
        let gone = id(&tree, name, place);
        bench.done("delete a snapshot", || snapshots.delete(vm, &gone)).await;
    }
    let found = bench.until(vm, VmState::PoweredOff).await;
    assert_eq!(outline(&found.snapshots), [("base", 0), ("base", 1), ("live", 2)]);
    assert_eq!(found.snapshots.current().map(|it| &it.id), Some(&root));
}

/// Takes a snapshot and returns the tree with it.
async fn take(bench: &Bench, vm: &VmRef, name: &str, text: &str) -> SnapshotTree {
    let before = bench.inspect(vm).await.snapshots.nodes().len();
    let name = name.parse().unwrap();
    bench.done("take a snapshot", || bench.snapshots().take(vm, &name, text)).await;
    let tree = bench.inspect(vm).await.snapshots;
    assert_eq!(tree.nodes().len(), before + 1);
    assert_eq!(tree.current().map(|it| it.name.as_str()), Some(name.as_str()));
    tree
}

/// Puts the VM back to a snapshot, and checks where it is then.
async fn restore(bench: &Bench, vm: &VmRef, snapshot: &SnapshotId, state: VmState) {
    bench.done("restore a snapshot", || bench.snapshots().restore(vm, snapshot)).await;
    let found = bench.until(vm, state).await;
    assert_eq!(found.snapshots.current().map(|it| &it.id), Some(snapshot));
}

/// Returns the identity of the nth snapshot of a name.
fn id(tree: &SnapshotTree, name: &str, place: usize) -> SnapshotId {
    tree.find(name)[place].id.clone()
}

/// Returns names and depths, parents before children.
fn outline(tree: &SnapshotTree) -> Vec<(&str, usize)> {
    let nodes = tree.nodes().iter().enumerate();
    nodes.map(|(place, node)| (node.name.as_str(), tree.depth(place))).collect()
}
