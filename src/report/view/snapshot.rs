use crate::model::SnapshotTree;
use crate::report::Document;
use crate::report::cell::Cell;
use crate::report::document::Body;
use crate::report::dto::SnapshotItem;
use crate::report::paint::Tone;
use crate::report::table::{Column, Table};

pub(super) fn list(vm: &str, tree: &SnapshotTree) -> Document {
    let columns = vec![
        Column::left("name", "SNAPSHOT"),
        Column::left("id", "ID").if_room(),
        Column::left("description", "DESCRIPTION"),
    ];
    let row = |(line, place): (Cell, usize)| {
        let node = tree.nodes().get(place);
        let id = node.map(|node| node.id.to_string()).unwrap_or_default();
        let description = node.and_then(|node| node.description.lines().next()).unwrap_or_default();
        vec![line, Cell::new(id), Cell::new(description)]
    };
    let rows = branches(tree).into_iter().map(row).collect();
    let names = tree.nodes().iter().map(|node| node.name.clone()).collect();
    Document::items(&SnapshotItem::all(vm, tree), Body::Table(Table { columns, rows }), names)
}

/// Draws the tree, one line a snapshot, each with its place; the current one is marked.
pub(super) fn branches(tree: &SnapshotTree) -> Vec<(Cell, usize)> {
    let mut lines = Vec::new();
    let mut open: Vec<(usize, String, Stem)> =
        children(tree, None).into_iter().rev().map(|p| (p, String::new(), Stem::Root)).collect();
    while let Some((place, lead, stem)) = open.pop() {
        let Some(node) = tree.nodes().get(place) else { continue };
        let current = tree.current().is_some_and(|current| current.id == node.id);
        let (mark, tone) = if current { ("  (current)", Tone::Good) } else { ("", Tone::Normal) };
        let (twig, below) = stem.drawn();
        lines.push((Cell::toned(tone, format!("{lead}{twig}{}{mark}", node.name)), place));
        let below = format!("{lead}{below}");
        let inner = children(tree, Some(place));
        for (number, child) in inner.iter().rev().enumerate() {
            let stem = if number == 0 { Stem::Last } else { Stem::Inner };
            open.push((*child, below.clone(), stem));
        }
    }
    lines
}

/// How a snapshot hangs on its parent.
#[derive(Debug, Clone, Copy)]
enum Stem {
    Root,
    Inner,
    Last,
}

impl Stem {
    /// Returns what stands before the snapshot, and what before all under it.
    fn drawn(self) -> (&'static str, &'static str) {
        match self {
            Self::Root => ("", ""),
            Self::Inner => ("├─ ", "│  "),
            Self::Last => ("└─ ", "   "),
        }
    }
}

fn children(tree: &SnapshotTree, parent: Option<usize>) -> Vec<usize> {
    let nodes = tree.nodes().iter().enumerate();
    nodes.filter(|(_, node)| node.parent == parent).map(|(place, _)| place).collect()
}
