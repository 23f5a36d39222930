use std::fmt;

use serde::{Deserialize, Serialize};

/// The identity of a snapshot: its UUID as the hypervisor writes it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub struct SnapshotId(pub String);

/// One snapshot in a [`SnapshotTree`].
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Snapshot {
    /// Its identity.
    pub id: SnapshotId,
    /// Its name; not unique.
    pub name: String,
    /// Its description, possibly of several lines, empty when there is none.
    pub description: String,
    /// The place of its parent in the tree's list; `None` for the root.
    pub parent: Option<usize>,
}

/// The snapshots of one VM, parents before children.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "Sent")]
pub struct SnapshotTree {
    nodes: Vec<Snapshot>,
    current: Option<usize>,
}

/// A tree as it arrives, before it is checked.
#[derive(Deserialize)]
struct Sent {
    nodes: Vec<Snapshot>,
    current: Option<usize>,
}

impl From<Sent> for SnapshotTree {
    fn from(Sent { nodes, current }: Sent) -> Self {
        Self::new(nodes, current)
    }
}

impl fmt::Display for SnapshotId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl SnapshotTree {
    /// Builds a tree; a parent that does not stand before its child, and a current place that
    /// does not exist, are dropped.
    pub fn new(mut nodes: Vec<Snapshot>, current: Option<usize>) -> Self {
        for (place, node) in nodes.iter_mut().enumerate() {
            node.parent = node.parent.filter(|parent| *parent < place);
        }
        let current = current.filter(|place| *place < nodes.len());
        Self { nodes, current }
    }

    /// Returns every snapshot, parents before children.
    pub fn nodes(&self) -> &[Snapshot] {
        &self.nodes
    }

    /// Returns the snapshot on which the VM's present state stands.
    pub fn current(&self) -> Option<&Snapshot> {
        self.current.and_then(|place| self.nodes.get(place))
    }

    /// Returns whether there is no snapshot.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Returns how many ancestors the snapshot at a place has.
    pub fn depth(&self, place: usize) -> usize {
        let parent_of = |p: &usize| self.nodes.get(*p).and_then(|node| node.parent);
        std::iter::successors(parent_of(&place), parent_of).count()
    }

    /// Returns how many snapshots stand directly on the one at a place.
    pub fn children(&self, place: usize) -> usize {
        self.nodes.iter().filter(|node| node.parent == Some(place)).count()
    }

    /// Returns the snapshots that a name or UUID means: none, one, or several of one name.
    pub fn find(&self, name_or_id: &str) -> Vec<&Snapshot> {
        let by_id = self.nodes.iter().find(|n| n.id.0.eq_ignore_ascii_case(name_or_id));
        match by_id {
            Some(node) => vec![node],
            None => self.nodes.iter().filter(|n| n.name == name_or_id).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Snapshot, SnapshotId, SnapshotTree};

    fn node(id: &str, name: &str, parent: Option<usize>) -> Snapshot {
        let description = String::new();
        Snapshot { id: SnapshotId(id.into()), name: name.into(), description, parent }
    }

    #[test]
    fn a_tree_finds_by_identity_first_and_tells_doubles() {
        let nodes = vec![node("1", "a", None), node("2", "b", Some(0)), node("3", "b", Some(1))];
        let tree = SnapshotTree::new(nodes, Some(2));
        assert_eq!(tree.find("b").len(), 2);
        assert_eq!(tree.find("2").len(), 1);
        assert_eq!(tree.depth(2), 2);
        assert_eq!(tree.children(1), 1);
        assert_eq!(tree.current().unwrap().id.0, "3");
    }

    #[test]
    fn a_parent_that_comes_later_cannot_make_a_circle() {
        let tree =
            SnapshotTree::new(vec![node("1", "a", Some(1)), node("2", "b", Some(0))], Some(9));
        assert_eq!(tree.depth(1), 1);
        assert!(tree.current().is_none());
    }
}
