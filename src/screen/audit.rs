//! Advice for those who test interfaces: what is hard to read, to hit or to understand.

use super::reading::{Element, ElementKind, Enabled, Line, Reading};
use super::wcag::contrast;
use crate::model::Rect;

/// Something that testers may want to look at.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What kind of thing it is.
    pub kind: FindingKind,
    /// Where it is.
    pub area: Rect,
    /// What it is about: a text or an element's name.
    pub what: String,
    /// The figures that say so.
    pub evidence: String,
}

/// The kinds of finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FindingKind {
    /// Text that stands out too little from what is behind it.
    Contrast,
    /// Something to click that is too small to hit.
    Target,
    /// A text that ends in an ellipsis where its room ends.
    Truncated,
    /// Controls that nearly stand on one line.
    Misaligned,
    /// Controls that lie over each other.
    Overlap,
}

impl FindingKind {
    /// Returns its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Contrast => "contrast",
            Self::Target => "target-size",
            Self::Truncated => "truncated",
            Self::Misaligned => "misaligned",
            Self::Overlap => "overlap",
        }
    }
}

/// WCAG 2.2 (1.4.3, level AA) asks for this of text, and for less of large text.
const CONTRAST: f64 = 4.5;
const CONTRAST_OF_LARGE: f64 = 3.0;

/// From this height of its ink on a text is large.
const LARGE: u32 = 18;

/// WCAG 2.2 (2.5.8, level AA) asks for targets of this size.
const TARGET: u32 = 24;

/// Returns what testers may want to look at, from the top down.
pub fn audit(reading: &Reading) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    found.extend(reading.lines.iter().filter_map(|it| pale(it, reading)));
    found.extend(reading.elements.iter().filter_map(small));
    found.extend(reading.elements.iter().filter_map(truncated));
    let controls: Vec<&Element> = reading.elements.iter().filter(|it| is_control(it)).collect();
    for (index, one) in controls.iter().enumerate() {
        for other in controls.iter().skip(index + 1) {
            found.extend(overlap(one, other));
            found.extend(misaligned(one, other));
        }
    }
    found.sort_by_key(|it| (it.area.y, it.area.x));
    found
}

fn is_control(element: &Element) -> bool {
    matches!(element.kind, ElementKind::Button | ElementKind::Field)
}

fn pale(line: &Line, reading: &Reading) -> Option<Finding> {
    let own = contrast(line.colours.ink, line.colours.paper);
    let wanted = if line.area.height >= LARGE { CONTRAST_OF_LARGE } else { CONTRAST };
    // What is greyed out may be pale (WCAG exempts it).
    let is_disabled = reading
        .elements
        .iter()
        .any(|it| it.enabled == Enabled::No && it.text.contains(&line.text()));
    (own < wanted && !is_disabled).then(|| Finding {
        kind: FindingKind::Contrast,
        area: line.area,
        what: line.text(),
        evidence: format!("contrast {own:.1}, {wanted} is wanted"),
    })
}

fn small(element: &Element) -> Option<Finding> {
    let Rect { width, height, .. } = element.area;
    // A link in a text, and a box with a label, are larger to hit than they look.
    let counts = matches!(element.kind, ElementKind::Button | ElementKind::Icon);
    (counts && width.min(height) < TARGET).then(|| Finding {
        kind: FindingKind::Target,
        area: element.area,
        what: format!("{} {}", element.kind.as_str(), element.text).trim_end().to_owned(),
        evidence: format!("{width}x{height}, {TARGET}x{TARGET} is wanted"),
    })
}

fn truncated(element: &Element) -> Option<Finding> {
    let text = element.text.trim_end();
    let cut = text.strip_suffix("...").or_else(|| text.strip_suffix('…'))?;
    // `Browse...` is whole: it says that more is asked for.
    let is_command = matches!(element.kind, ElementKind::Button | ElementKind::Menu);
    let is_whole = is_command || cut.split(' ').count() <= 2;
    (!is_whole).then(|| Finding {
        kind: FindingKind::Truncated,
        area: element.area,
        what: text.to_owned(),
        evidence: "it ends in an ellipsis".to_owned(),
    })
}

fn overlap(one: &Element, other: &Element) -> Option<Finding> {
    let across = (one.area.x + one.area.width).min(other.area.x + other.area.width);
    let down = (one.area.y + one.area.height).min(other.area.y + other.area.height);
    let width = across.saturating_sub(one.area.x.max(other.area.x));
    let height = down.saturating_sub(one.area.y.max(other.area.y));
    (width > 2 && height > 2).then(|| Finding {
        kind: FindingKind::Overlap,
        area: one.area,
        what: format!("{} and {}", named(one), named(other)),
        evidence: format!("they share {width}x{height} pixels"),
    })
}

/// Two controls of a kind in one row whose tops differ by a few pixels were meant to be level.
fn misaligned(one: &Element, other: &Element) -> Option<Finding> {
    let off = one.area.y.abs_diff(other.area.y);
    let is_row = one.kind == other.kind
        && one.parent == other.parent
        && one.area.height.abs_diff(other.area.height) <= 1
        && off < one.area.height / 2;
    (is_row && (2..=6).contains(&off)).then(|| Finding {
        kind: FindingKind::Misaligned,
        area: other.area,
        what: format!("{} and {}", named(one), named(other)),
        evidence: format!("their tops differ by {off} pixels"),
    })
}

fn named(element: &Element) -> String {
    let name = element.label.as_deref().unwrap_or(&element.text);
    format!("{} `{name}`", element.kind.as_str())
}

#[cfg(test)]
mod tests {
    use super::{FindingKind, audit};
    use crate::model::{Rect, Size};
    use crate::screen::{
        Colouring, Element, ElementKind, Enabled, Line, Reading, ScreenState, StateGuess, Word,
    };

    fn element(kind: ElementKind, text: &str, area: Rect, enabled: Enabled) -> Element {
        Element { text: text.to_owned(), enabled, ..Element::sample(kind, area) }
    }

    fn line(text: &str, y: u32, ink: u8) -> Line {
        let area = Rect { x: 10, y, width: 80, height: 10 };
        Line {
            area,
            words: vec![Word { text: text.to_owned(), area }],
            confidence: 1.0,
            colours: Colouring { ink: [ink; 3], paper: [255; 3] },
        }
    }

    #[test]
    fn what_is_pale_small_cut_off_crooked_or_hidden_is_told_and_nothing_else() {
        let button = |text: &str, x, y| {
            let area = Rect { x, y, width: 80, height: 26 };
            element(ElementKind::Button, text, area, Enabled::Yes)
        };
        let at = |x, y, width, height| Rect { x, y, width, height };
        let reading = Reading {
            size: Size { width: 800, height: 600 },
            state: StateGuess { state: ScreenState::Desktop, confidence: 1.0, evidence: vec![] },
            lines: vec![line("dark", 20, 0), line("pale", 40, 200), line("greyed", 60, 200)],
            elements: vec![
                button("Back", 100, 500),
                button("Next", 200, 503),
                button("Finish", 230, 505),
                button("Browse...", 600, 100),
                element(ElementKind::Icon, "", at(5, 5, 16, 16), Enabled::Yes),
                element(ElementKind::Text, "greyed", at(10, 60, 80, 10), Enabled::No),
                element(
                    ElementKind::Text,
                    "A very long file na...",
                    at(9, 90, 80, 10),
                    Enabled::Yes,
                ),
            ],
        };
        let kinds: Vec<(FindingKind, String)> =
            audit(&reading).into_iter().map(|it| (it.kind, it.what)).collect();
        let expected = [
            (FindingKind::Target, "icon"),
            (FindingKind::Contrast, "pale"),
            (FindingKind::Truncated, "A very long file na..."),
            (FindingKind::Overlap, "button `Next` and button `Finish`"),
            (FindingKind::Misaligned, "button `Back` and button `Next`"),
            (FindingKind::Misaligned, "button `Back` and button `Finish`"),
            (FindingKind::Misaligned, "button `Next` and button `Finish`"),
        ];
        for (kind, what) in &expected {
            assert!(kinds.contains(&(*kind, (*what).to_owned())), "{what}: {kinds:?}");
        }
        assert_eq!(kinds.len(), expected.len(), "{kinds:?}");
    }
}
