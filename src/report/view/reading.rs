use std::path::PathBuf;

use crate::report::Document;
use crate::report::document::Body;
use crate::report::dto::{FindingItem, FoundItem, SeenItem};
use crate::report::human;
use crate::screen::{
    Checked, Element, ElementKind, Enabled, Finding, Focused, Group, Line, Match, Reading, groups,
};

/// What was read from a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// The name of the file or VM.
    pub name: String,
    /// What was read.
    pub reading: Reading,
    /// The picture with numbered boxes.
    pub file: Option<PathBuf>,
}

/// An element that was looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The name of the file or VM.
    pub name: String,
    /// Its number on the screen, from 1.
    pub id: usize,
    /// The element.
    pub element: Element,
    /// How well its text fits, 0.0 to 1.0.
    pub fit: f64,
}

impl Found {
    /// Takes over a match in the picture of this name.
    pub fn new(name: &str, found: &Match<'_>) -> Self {
        let (element, fit) = (found.element.clone(), found.fit);
        Self { name: name.to_owned(), id: found.place + 1, element, fit }
    }
}

impl Document {
    /// Builds the document of what is on a screen: an outline for people.
    pub fn seen(seen: &Seen) -> Self {
        let tree = tree(&seen.name, &seen.reading);
        let written = seen.file.as_ref().map(|file| format!("wrote {}", file.display()));
        let lines = tree.iter().cloned().chain(written).collect();
        let names = seen.reading.lines.iter().map(Line::text).collect();
        Self::items(&[SeenItem::from(seen)], Body::Lines(lines), names).with_tree(tree)
    }

    /// Builds the document of a screen's text alone.
    pub fn seen_text(seen: &Seen) -> Self {
        let lines: Vec<String> = seen.reading.lines.iter().map(Line::text).collect();
        Self::items(&[SeenItem::from(seen)], Body::Lines(lines.clone()), lines)
    }

    /// Builds the document of what testers may want to look at.
    pub fn findings(findings: &[Finding]) -> Self {
        let items: Vec<FindingItem> = findings.iter().map(FindingItem::from).collect();
        let told = |it: &Finding| {
            let centre = it.area.centre();
            let (kind, at) = (it.kind.as_str(), format!("{},{}", centre.x, centre.y));
            format!("{kind}: {} at {at}: {}", it.what, it.evidence)
        };
        let lines: Vec<String> = findings.iter().map(told).collect();
        Self::items(&items, Body::Lines(lines), findings.iter().map(|it| it.what.clone()).collect())
    }

    /// Builds the document of elements that were looked for.
    pub fn found(found: &[Found]) -> Self {
        let items: Vec<FoundItem> = found.iter().map(FoundItem::from).collect();
        let lines = found.iter().map(|it| described(it.id, &it.element)).collect();
        let place = |it: &Found| {
            let centre = it.element.area.centre();
            format!("{} {}", centre.x, centre.y)
        };
        Self::items(&items, Body::Lines(lines), found.iter().map(place).collect())
    }
}

/// Tells of the machine's state, and below it of every element within what it is in.
pub(super) fn tree(name: &str, reading: &Reading) -> Vec<String> {
    let state = &reading.state;
    let sure = format!("{} sure", human::percent(state.confidence));
    let why: Vec<&str> =
        [sure.as_str()].into_iter().chain(state.evidence.iter().map(String::as_str)).collect();
    let mut lines = vec![format!("{name}: {} ({})", state.state.as_str(), why.join("; "))];
    let groups = groups(&reading.elements);
    outline(&reading.elements, &groups, None, 1, &mut lines);
    lines
}

/// Writes the elements within one of them, those within these deeper, those of a group under its name.
fn outline(
    elements: &[Element],
    groups: &[Group],
    parent: Option<usize>,
    depth: usize,
    lines: &mut Vec<String>,
) {
    // A window cannot be within itself, however damaged the list is.
    if depth > 8 {
        return;
    }
    for (place, element) in elements.iter().enumerate().filter(|(_, it)| it.parent == parent) {
        match groups.iter().find(|it| it.members.contains(&place)) {
            Some(group) if group.members.first() == Some(&place) => {
                lines.push(format!("{}{}", "  ".repeat(depth), group.kind.as_str()));
                for member in &group.members {
                    let Some(element) = elements.get(*member) else { continue };
                    let line = described(member + 1, element);
                    lines.push(format!("{}{line}", "  ".repeat(depth + 1)));
                }
            }
            // It was told with the first of its group.
            Some(_) => {}
            None => {
                lines.push(format!("{}{}", "  ".repeat(depth), described(place + 1, element)));
            }
        }
        if matches!(element.kind, ElementKind::Window | ElementKind::Dialog) {
            outline(elements, groups, Some(place), depth + 1, lines);
        }
    }
}

/// Tells of an element in one line: `[7] button "Install" at 640,380 (disabled)`.
pub(super) fn described(id: usize, element: &Element) -> String {
    let label = element.label.as_ref().map(|it| format!("\"{it}\":"));
    let is_said = !element.text.is_empty() || element.kind == ElementKind::Field;
    let text = is_said.then(|| format!("\"{}\"", element.text));
    let centre = element.area.centre();
    let states = [
        element.checked.map(|it| if it == Checked::On { "on" } else { "off" }),
        (element.enabled == Enabled::No).then_some("disabled"),
        (element.focused == Focused::Yes).then_some("focused"),
    ];
    let states: Vec<&str> = states.into_iter().flatten().collect();
    let states = (!states.is_empty()).then(|| format!("({})", states.join(", ")));
    let parts = [
        Some(format!("[{id}] {}", element.kind.as_str())),
        label,
        text,
        Some(format!("at {},{}", centre.x, centre.y)),
        states,
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(" ")
}
