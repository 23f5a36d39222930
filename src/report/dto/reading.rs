use serde::Serialize;

use super::path;
use crate::model::Rect;
use crate::report::view::{Found, Seen};
use crate::screen::{
    Checked, Element, Enabled, Finding, Focused, Group, Line, Reading, Word, groups,
};

/// All that was read from one picture.
#[derive(Debug, Serialize)]
pub(crate) struct SeenItem {
    name: String,
    width: u32,
    height: u32,
    #[serde(flatten)]
    reading: ReadingShape,
    file: Option<String>,
}

/// What was read.
#[derive(Debug, Serialize)]
pub(super) struct ReadingShape {
    state: StateShape,
    text: Vec<String>,
    lines: Vec<LineShape>,
    elements: Vec<ElementShape>,
    groups: Vec<GroupShape>,
}

/// Elements that stand together, by their ids.
#[derive(Debug, Serialize)]
struct GroupShape {
    kind: &'static str,
    elements: Vec<usize>,
}

#[derive(Debug, Serialize)]
struct StateShape {
    kind: &'static str,
    confidence: f64,
    evidence: Vec<String>,
}

#[derive(Debug, Serialize)]
struct LineShape {
    text: String,
    #[serde(rename = "box")]
    area: BoxShape,
    confidence: f64,
    ink: String,
    paper: String,
    words: Vec<WordShape>,
}

#[derive(Debug, Serialize)]
struct WordShape {
    text: String,
    #[serde(rename = "box")]
    area: BoxShape,
}

#[derive(Debug, Serialize)]
pub(super) struct ElementShape {
    id: usize,
    kind: &'static str,
    text: String,
    label: Option<String>,
    #[serde(rename = "box")]
    area: BoxShape,
    center: PlaceShape,
    clickable: bool,
    checked: Option<bool>,
    enabled: bool,
    focused: bool,
    confidence: f64,
    parent: Option<usize>,
}

#[derive(Debug, Serialize)]
struct BoxShape {
    x: u32,
    y: u32,
    width: u32,
    height: u32,
}

#[derive(Debug, Serialize)]
struct PlaceShape {
    x: u32,
    y: u32,
}

/// One element that was looked for.
#[derive(Debug, Serialize)]
pub(crate) struct FoundItem {
    name: String,
    fit: f64,
    #[serde(flatten)]
    element: ElementShape,
}

/// Something that testers may want to look at.
#[derive(Debug, Serialize)]
pub(crate) struct FindingItem {
    kind: &'static str,
    what: String,
    #[serde(rename = "box")]
    area: BoxShape,
    evidence: String,
}

impl From<&Finding> for FindingItem {
    fn from(finding: &Finding) -> Self {
        Self {
            kind: finding.kind.as_str(),
            what: finding.what.clone(),
            area: finding.area.into(),
            evidence: finding.evidence.clone(),
        }
    }
}

impl From<&Seen> for SeenItem {
    fn from(seen: &Seen) -> Self {
        Self {
            name: seen.name.clone(),
            width: seen.reading.size.width,
            height: seen.reading.size.height,
            reading: ReadingShape::from(&seen.reading),
            file: seen.file.as_deref().map(path),
        }
    }
}

impl From<&Reading> for ReadingShape {
    fn from(reading: &Reading) -> Self {
        Self {
            state: StateShape {
                kind: reading.state.state.as_str(),
                confidence: thousandths(reading.state.confidence),
                evidence: reading.state.evidence.clone(),
            },
            text: reading.lines.iter().map(Line::text).collect(),
            lines: reading.lines.iter().map(LineShape::from).collect(),
            elements: (1..).zip(&reading.elements).map(|(id, it)| shape(id, it)).collect(),
            groups: groups(&reading.elements).iter().map(GroupShape::from).collect(),
        }
    }
}

impl From<&Group> for GroupShape {
    fn from(group: &Group) -> Self {
        let ids = group.members.iter().map(|it| it + 1);
        Self { kind: group.kind.as_str(), elements: ids.collect() }
    }
}

impl From<&Line> for LineShape {
    fn from(line: &Line) -> Self {
        let word = |it: &Word| WordShape { text: it.text.clone(), area: it.area.into() };
        let hex = |[red, green, blue]: [u8; 3]| format!("#{red:02x}{green:02x}{blue:02x}");
        Self {
            text: line.text(),
            area: line.area.into(),
            confidence: thousandths(line.confidence),
            ink: hex(line.colours.ink),
            paper: hex(line.colours.paper),
            words: line.words.iter().map(word).collect(),
        }
    }
}

impl From<Rect> for BoxShape {
    fn from(Rect { x, y, width, height }: Rect) -> Self {
        Self { x, y, width, height }
    }
}

impl From<&Found> for FoundItem {
    fn from(found: &Found) -> Self {
        Self {
            name: found.name.clone(),
            fit: thousandths(found.fit),
            element: shape(found.id, &found.element),
        }
    }
}

pub(super) fn shape(id: usize, element: &Element) -> ElementShape {
    let centre = element.area.centre();
    ElementShape {
        id,
        kind: element.kind.as_str(),
        text: element.text.clone(),
        label: element.label.clone(),
        area: element.area.into(),
        center: PlaceShape { x: centre.x, y: centre.y },
        clickable: element.kind.is_clickable(),
        checked: element.checked.map(|it| it == Checked::On),
        enabled: element.enabled == Enabled::Yes,
        focused: element.focused == Focused::Yes,
        confidence: thousandths(element.confidence),
        parent: element.parent.map(|it| it + 1),
    }
}

fn thousandths(share: f64) -> f64 {
    (share * 1000.0).round() / 1000.0
}
