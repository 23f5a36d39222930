//! The snapshot tree in `showvminfo --machinereadable`.
//!
//! Names and descriptions are printed raw, over several lines, and can imitate every other line.
//! What is trusted is the order: VBoxManage walks the tree parents first, so that after the node
//! `-11-1` only `-11-1-1`, `-11-2` or `-12` can follow, and every name is followed by its UUID.

use crate::model::Snapshot;
use crate::model::SnapshotId;
use crate::model::SnapshotTree;
use crate::model::VmId;

/// How many lines a name may have; it bounds the search for its end.
const LONGEST_NAME: usize = 64;

/// The place of a node in the tree as its keys tell it: `-11-1` is the first child of the
/// eleventh child of the root.
type Place = Vec<u32>;

/// Returns whether a line begins the tree.
pub(super) fn begins(line: &str) -> bool {
    line.starts_with("SnapshotName=\"")
}

/// Returns how many of these lines, which begin with the tree, belong to it: the pair behind it
/// comes once, so its last appearance is the true one.
pub(super) fn length(lines: &[&str]) -> usize {
    lines.iter().rposition(|line| line.starts_with("GuestMemoryBalloon=")).unwrap_or(lines.len())
}

/// Reads the lines of a tree. A node that does not fit is passed over.
pub(super) fn tree(lines: &[&str]) -> SnapshotTree {
    let mut reader = Reader { lines, at: 0, places: Vec::new(), nodes: Vec::new(), current: None };
    while reader.at < lines.len() {
        reader.step();
    }
    let current = reader.current.as_deref();
    let current = reader.nodes.iter().position(|node| Some(node.id.0.as_str()) == current);
    SnapshotTree::new(reader.nodes, current)
}

#[derive(Debug)]
struct Reader<'a> {
    lines: &'a [&'a str],
    at: usize,
    /// The place of each node.
    places: Vec<Place>,
    nodes: Vec<Snapshot>,
    current: Option<String>,
}

/// A name and its UUID, found at some line.
#[derive(Debug)]
struct Head {
    place: Place,
    name: String,
    id: String,
    /// The line behind it.
    end: usize,
}

impl Reader<'_> {
    fn step(&mut self) {
        if let Some(head) = self.head(self.at) {
            self.at = head.end;
            let description = self.description(&head.place);
            let parent = head
                .place
                .split_last()
                .and_then(|(_, up)| self.places.iter().position(|place| place.as_slice() == up));
            let id = SnapshotId(head.id);
            self.nodes.push(Snapshot { id, name: head.name, description, parent });
            self.places.push(head.place);
        } else if let Some((id, end)) = self.current_at(self.at) {
            self.current = Some(id);
            self.at = end;
        } else {
            self.at += 1;
        }
    }

    /// Reads the head of the next node at a line.
    fn head(&self, at: usize) -> Option<Head> {
        let (suffix, opened) = keyed(self.lines.get(at)?, "SnapshotName")?;
        let place = read_place(suffix).filter(|place| self.may_follow(place))?;
        let uuid_key = format!("SnapshotUUID{suffix}=\"");
        let (name, id, end) = self.raw_value(at, opened, &uuid_key)?;
        Some(Head { place, name, id, end })
    }

    /// Reads a raw value up to the line before the UUID that follows it.
    fn raw_value(
        &self,
        at: usize,
        opened: &str,
        uuid_key: &str,
    ) -> Option<(String, String, usize)> {
        let lines = self.lines.get(at..)?;
        let mut uuids = lines.iter().take(LONGEST_NAME + 1).enumerate().skip(1);
        let (length, id) = uuids.find_map(|(n, line)| Some((n, uuid(line, uuid_key)?)))?;
        let value = joined(opened, lines.get(1..length)?)?;
        Some((value, id, at + length + 1))
    }

    /// Reads the description of the node at a place, if this line begins one, and goes behind it.
    fn description(&mut self, place: &Place) -> String {
        let lines = self.lines.get(self.at..).unwrap_or_default();
        let opened = lines.first().and_then(|line| keyed(line, "SnapshotDescription"));
        let Some((_, opened)) =
            opened.filter(|(suffix, _)| read_place(suffix).as_ref() == Some(place))
        else {
            return String::new();
        };
        self.places.push(place.clone());
        let ends = |n: &usize| {
            let closes = lines.get(n - 1).is_some_and(|line| line.ends_with('"'));
            closes && self.something_follows(self.at + n)
        };
        let length = (1..=lines.len()).find(ends).unwrap_or(lines.len());
        self.places.pop();
        self.at += length;
        joined(opened, lines.get(1..length).unwrap_or_default())
            .unwrap_or_else(|| opened.to_owned())
    }

    /// Tells whether the tree goes on properly at a line, or is at its end.
    fn something_follows(&self, at: usize) -> bool {
        at >= self.lines.len() || self.head(at).is_some() || self.current_at(at).is_some()
    }

    /// Reads the three lines that name the current snapshot. They stand behind its own.
    fn current_at(&self, at: usize) -> Option<(String, usize)> {
        let opened = self.lines.get(at)?.strip_prefix("CurrentSnapshotName=\"")?;
        let (_, id, end) = self.raw_value(at, opened, "CurrentSnapshotUUID=\"")?;
        let named = self.lines.get(end).is_some_and(|l| l.starts_with("CurrentSnapshotNode="));
        Some((id, end + usize::from(named)))
    }

    /// Tells whether a node at this place may come next.
    fn may_follow(&self, place: &Place) -> bool {
        let Some(before) = self.places.last() else {
            return place.is_empty();
        };
        let Some((last, up)) = place.split_last() else {
            return false;
        };
        let is_first_child = *last == 1 && up == before.as_slice();
        let is_next_sibling = before.get(up.len()).and_then(|n| n.checked_add(1)) == Some(*last)
            && before.starts_with(up);
        is_first_child || is_next_sibling
    }
}

/// Splits `KEY-1-2="VALUE` into its suffix and the value.
fn keyed<'a>(line: &'a str, key: &str) -> Option<(&'a str, &'a str)> {
    line.strip_prefix(key)?.split_once("=\"")
}

/// Reads `-11-1`; the root's place is empty.
fn read_place(suffix: &str) -> Option<Place> {
    if suffix.is_empty() {
        return Some(Place::new());
    }
    suffix.strip_prefix('-')?.split('-').map(|number| number.parse().ok()).collect()
}

/// Reads `KEY="UUID"`.
fn uuid(line: &str, key: &str) -> Option<String> {
    let id = line.strip_prefix(key)?.strip_suffix('"')?;
    id.parse::<VmId>().ok().map(|_| id.to_owned())
}

/// Puts the lines of a raw value together and drops its closing quote.
fn joined(opened: &str, more: &[&str]) -> Option<String> {
    let whole = more.iter().fold(opened.to_owned(), |whole, line| whole + "\n" + line);
    whole.strip_suffix('"').map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::tree;
    use crate::model::SnapshotTree;
    use crate::model::VmId;

    fn read(text: &str) -> SnapshotTree {
        tree(&text.lines().collect::<Vec<_>>())
    }

    /// Prints a tree as VBoxManage does; `parents[n]` is the parent of node `n + 1`.
    fn printed(names: &[String], texts: &[String], suffixes: &[String]) -> String {
        let nodes = names.iter().zip(texts).zip(suffixes).zip(1u128..);
        nodes
            .map(|(((name, text), suffix), n)| {
                let id = VmId::from_random(n);
                let head =
                    format!("SnapshotName{suffix}=\"{name}\"\nSnapshotUUID{suffix}=\"{id}\"\n");
                let about = format!("SnapshotDescription{suffix}=\"{text}\"\n");
                if text.is_empty() { head } else { head + &about }
            })
            .collect()
    }

    #[test]
    fn twelve_siblings_and_four_levels_keep_their_places() {
        let text =
            include_str!("../../../../tests/fixtures/virtualbox/7.2/showvminfo-snapshots.stdout");
        let lines: Vec<_> = text.lines().skip_while(|line| !super::begins(line)).collect();
        let tree = tree(&lines[..super::length(&lines)]);
        let shown: Vec<_> = (0..tree.nodes().len())
            .map(|n| (tree.depth(n), tree.nodes()[n].name.as_str()))
            .collect();
        assert_eq!(shown.len(), 16);
        assert_eq!(shown[0], (0, "root"));
        assert_eq!(shown[10], (1, "child 10"));
        assert_eq!(shown[12], (2, "grand \"child\""));
        assert_eq!(shown[13], (3, "name with\na newline"));
        assert_eq!(shown[14], (4, "child 3"));
        assert_eq!(shown[15], (1, "child 12"));
        assert_eq!(tree.current().unwrap().name, "grand \"child\"");
        assert_eq!(tree.nodes()[0].description, "the first");
        assert_eq!(
            tree.nodes()[12].description,
            "line one\nVMState=\"running\"\nSnapshotName-1=\"not a snapshot\"\n\nline five"
        );
    }

    #[test]
    fn a_description_that_imitates_a_current_snapshot_changes_nothing() {
        let text = printed(
            &["a".into()],
            &["x\"\nCurrentSnapshotName=\"b\"\nCurrentSnapshotUUID=\"nonsense\"\nend".into()],
            &[String::new()],
        );
        let tree = read(&text);
        assert_eq!(tree.nodes().len(), 1);
        assert!(tree.nodes()[0].description.ends_with("end"));
        assert!(tree.current().is_none());
    }

    #[test]
    fn a_tree_that_is_cut_off_keeps_what_is_whole() {
        let text = printed(
            &["a".into(), "b".into()],
            &["text".into(), "more\ntext".into()],
            &[String::new(), "-1".into()],
        );
        for end in 0..text.len() {
            let tree = read(&text[..end]);
            assert!(tree.nodes().iter().all(|node| ["a", "b"].contains(&node.name.as_str())));
        }
        assert_eq!(read(&text).nodes().len(), 2);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "((Current)?Snapshot(Name|UUID|Description|Node)|-[0-9]{1,12}|=\"|\"\n|\n|\\PC)*") {
            read(&text);
        }

        #[test]
        fn a_chain_reads_back(nodes in proptest::collection::vec(("[^\n\r]{1,12}", "[a-z\n]{0,12}"), 1..12)) {
            let (names, texts): (Vec<_>, Vec<_>) = nodes.into_iter().unzip();
            let suffixes: Vec<_> = (0..names.len()).map(|n| "-1".repeat(n)).collect();
            let tree = read(&printed(&names, &texts, &suffixes));
            let read_names: Vec<_> = tree.nodes().iter().map(|node| node.name.clone()).collect();
            let read_texts: Vec<_> = tree.nodes().iter().map(|node| node.description.clone()).collect();
            prop_assert_eq!(read_names, names);
            prop_assert_eq!(read_texts, texts);
        }
    }
}
