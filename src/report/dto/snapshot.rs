use serde::Serialize;

use crate::model::{Snapshot, SnapshotTree};

#[derive(Debug, Serialize)]
pub(crate) struct SnapshotItem {
    vm: String,
    name: String,
    id: String,
    description: String,
    /// The parent's id.
    parent: Option<String>,
    /// Whether the VM's present state stands on it.
    current: bool,
}

impl SnapshotItem {
    /// Parents stand before their children.
    pub(crate) fn all(vm: &str, tree: &SnapshotTree) -> Vec<Self> {
        let current = tree.current().map(|snapshot| &snapshot.id);
        let id_of = |place: usize| tree.nodes().get(place).map(|node| node.id.to_string());
        let item = |node: &Snapshot| Self {
            vm: vm.to_owned(),
            name: node.name.clone(),
            id: node.id.to_string(),
            description: node.description.clone(),
            parent: node.parent.and_then(id_of),
            current: Some(&node.id) == current,
        };
        tree.nodes().iter().map(item).collect()
    }
}
