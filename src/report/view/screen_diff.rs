use std::path::PathBuf;

use super::reading::described;
use crate::model::{Rect, Size};
use crate::report::Document;
use crate::report::cell::Cell;
use crate::report::document::Body;
use crate::report::dto::DiffItem;
use crate::report::human;
use crate::report::sheet::Sheet;
use crate::screen::{Checked, Difference, DifferenceKind, Element, Enabled, Focused};

/// How two pictures differ.
#[derive(Debug, Clone, PartialEq)]
pub struct ScreenDiff {
    /// The first one's name and size.
    pub before: (String, Size),
    /// The second one's name and size.
    pub after: (String, Size),
    /// The share of the pixels that differ; `None` if the sizes do.
    pub changed_share: Option<f64>,
    /// Boxes around what differs.
    pub regions: Vec<Rect>,
    /// What became of the elements; `None` if nobody asked.
    pub elements: Option<Vec<Difference>>,
    /// The second picture with the boxes drawn into it.
    pub file: Option<PathBuf>,
}

/// Percents are told with one digit.
const LEAST: f64 = 0.001;

impl ScreenDiff {
    /// Returns whether every pixel is the same.
    pub fn is_same(&self) -> bool {
        self.changed_share.is_some() && self.regions.is_empty()
    }
}

impl Document {
    /// Builds the document of how two pictures differ.
    pub fn screen_diff(diff: &ScreenDiff) -> Self {
        let size = |size: Size| format!("{}x{}", size.width, size.height);
        let changed = match diff.changed_share {
            None => format!("the sizes: {} and {}", size(diff.before.1), size(diff.after.1)),
            Some(_) if diff.is_same() => "nothing".to_owned(),
            Some(share) if share < LEAST => "less than 0.1 % of the pixels".to_owned(),
            Some(share) => format!("{} of the pixels", human::percent(share)),
        };
        let region =
            |it: &Rect| Cell::new(format!("{}x{} at {},{}", it.width, it.height, it.x, it.y));
        let sheet = Sheet::default()
            .row("differs", changed)
            .cells("where", diff.regions.iter().map(region))
            .cells("elements", diff.elements.iter().flatten().map(|it| Cell::new(told(it))))
            .row_if("file", diff.file.as_ref().map(|file| file.display().to_string()));
        Self::items(&[DiffItem::from(diff)], Body::Sheet(sheet), Vec::new())
    }
}

/// Tells what became of an element in one line: `changed: [3] checkbox "Shortcut" at 9,9 (on): off -> on`.
fn told(difference: &Difference) -> String {
    let kind = difference.kind.as_str();
    match (&difference.before, &difference.after) {
        (Some((_, old)), Some((id, new))) => {
            let how = match difference.kind {
                DifferenceKind::Moved => {
                    let at = old.area.centre();
                    format!("from {},{}", at.x, at.y)
                }
                DifferenceKind::Changed | DifferenceKind::Appeared | DifferenceKind::Vanished => {
                    changes(old, new).join(", ")
                }
            };
            format!("{kind}: {}: {how}", described(*id, new))
        }
        (Some((id, it)), None) | (None, Some((id, it))) => {
            format!("{kind}: {}", described(*id, it))
        }
        (None, None) => kind.to_owned(),
    }
}

/// Tells what is new about an element: `off -> on`.
fn changes(old: &Element, new: &Element) -> Vec<String> {
    let checked = |it: &Element| match it.checked {
        Some(Checked::On) => "on",
        Some(Checked::Off) => "off",
        None => "plain",
    };
    let enabled = |it: &Element| if it.enabled == Enabled::Yes { "enabled" } else { "disabled" };
    let focused = |it: &Element| if it.focused == Focused::Yes { "focused" } else { "not focused" };
    let states: [fn(&Element) -> &'static str; 3] = [checked, enabled, focused];
    let states = states.map(|state| (state(old), state(new)));
    let states = states.into_iter().filter(|(was, is)| was != is);
    let mut told: Vec<String> = states.map(|(was, is)| format!("{was} -> {is}")).collect();
    if old.text != new.text {
        told.insert(0, format!("\"{}\" -> \"{}\"", old.text, new.text));
    }
    told
}
