//! How the elements of two screens differ.

use super::reading::{Element, Reading};
use crate::model::Rect;

/// An element that is on one of two screens only, or is another on the second.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// What became of it.
    pub kind: DifferenceKind,
    /// Its id on the first screen, and what it was there.
    pub before: Option<(usize, Element)>,
    /// Its id on the second screen, and what it is there.
    pub after: Option<(usize, Element)>,
}

/// What may become of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DifferenceKind {
    /// It is on the second screen only.
    Appeared,
    /// It is on the first screen only.
    Vanished,
    /// It is elsewhere.
    Moved,
    /// It is where it was, and says something else or is in another state.
    Changed,
}

impl DifferenceKind {
    /// Returns its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Appeared => "appeared",
            Self::Vanished => "vanished",
            Self::Moved => "moved",
            Self::Changed => "changed",
        }
    }
}

/// So many pixels to a side are no move: the edges of one thing may be found a little apart.
const STILL: u32 = 2;

/// Returns what became of each element, in the order of the second screen; what vanished comes last.
pub fn differences(before: &Reading, after: &Reading) -> Vec<Difference> {
    let mut free: Vec<Option<&Element>> = before.elements.iter().map(Some).collect();
    let mut pairs: Vec<Option<(usize, &Element)>> = vec![None; after.elements.len()];
    // The surest first: the same at its place, then another there, then the same elsewhere.
    for is_one in [is_same_here, is_other_here, is_same_elsewhere] {
        for (pair, element) in pairs.iter_mut().zip(&after.elements) {
            if pair.is_some() {
                continue;
            }
            let candidates =
                free.iter().enumerate().filter_map(|(place, it)| Some((place, (*it)?)));
            let fitting = candidates.filter(|(_, it)| is_one(it, element));
            *pair = fitting.min_by_key(|(_, it)| distance(it.area, element.area));
            if let Some((place, _)) = pair
                && let Some(taken) = free.get_mut(*place)
            {
                *taken = None;
            }
        }
    }
    let told = (1..).zip(&after.elements).zip(pairs).filter_map(|((id, element), pair)| {
        let kind = match pair {
            None => DifferenceKind::Appeared,
            Some((_, old)) if is_changed(old, element) => DifferenceKind::Changed,
            Some((_, old)) if is_moved(old, element) => DifferenceKind::Moved,
            Some(_) => return None,
        };
        let before = pair.map(|(place, old)| (place + 1, old.clone()));
        Some(Difference { kind, before, after: Some((id, element.clone())) })
    });
    let vanished = (1..).zip(&free).filter_map(|(id, it)| {
        let before = Some((id, (*it)?.clone()));
        Some(Difference { kind: DifferenceKind::Vanished, before, after: None })
    });
    told.chain(vanished).collect()
}

fn is_same_here(old: &Element, new: &Element) -> bool {
    is_same(old, new) && shared(old.area, new.area) * 2 > size(old.area).max(size(new.area))
}

fn is_other_here(old: &Element, new: &Element) -> bool {
    old.kind == new.kind
        && shared(old.area, new.area) * 2 > size(old.area).min(size(new.area))
        && size(old.area).max(size(new.area)) < 4 * size(old.area).min(size(new.area))
}

/// Icons without a name are alike: of them nobody can say which one has moved.
fn is_same_elsewhere(old: &Element, new: &Element) -> bool {
    is_same(old, new) && !(new.text.is_empty() && new.label.is_none())
}

fn is_same(old: &Element, new: &Element) -> bool {
    old.kind == new.kind && old.text == new.text && old.label == new.label
}

fn is_changed(old: &Element, new: &Element) -> bool {
    old.text != new.text
        || old.checked != new.checked
        || old.enabled != new.enabled
        || old.focused != new.focused
}

fn is_moved(old: &Element, new: &Element) -> bool {
    let (a, b) = (old.area.centre(), new.area.centre());
    a.x.abs_diff(b.x) > STILL || a.y.abs_diff(b.y) > STILL
}

fn distance(a: Rect, b: Rect) -> u32 {
    let (a, b) = (a.centre(), b.centre());
    a.x.abs_diff(b.x).saturating_add(a.y.abs_diff(b.y))
}

fn size(area: Rect) -> u64 {
    u64::from(area.width) * u64::from(area.height)
}

fn shared(a: Rect, b: Rect) -> u64 {
    let along = |a: u32, a_size: u32, b: u32, b_size: u32| {
        let end = a.saturating_add(a_size).min(b.saturating_add(b_size));
        u64::from(end.saturating_sub(a.max(b)))
    };
    along(a.x, a.width, b.x, b.width) * along(a.y, a.height, b.y, b.height)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{DifferenceKind, differences};
    use crate::model::{Rect, Size};
    use crate::screen::{Checked, Element, ElementKind, Reading, ScreenState, StateGuess};

    fn element(kind: ElementKind, text: &str, x: u32, y: u32) -> Element {
        let area = Rect { x, y, width: 80, height: 24 };
        Element { text: text.to_owned(), ..Element::sample(kind, area) }
    }

    fn reading(elements: Vec<Element>) -> Reading {
        let state =
            StateGuess { state: ScreenState::Desktop, confidence: 1.0, evidence: Vec::new() };
        Reading { size: Size { width: 800, height: 600 }, state, lines: Vec::new(), elements }
    }

    fn told(before: Vec<Element>, after: Vec<Element>) -> Vec<(DifferenceKind, String)> {
        let found = differences(&reading(before), &reading(after));
        let text = |it: super::Difference| it.after.or(it.before).map(|(_, it)| it.text);
        found.into_iter().map(|it| (it.kind, text(it).unwrap())).collect()
    }

    #[test]
    fn what_appears_vanishes_moves_and_changes_is_told_once() {
        let ticked = |checked| Element {
            checked: Some(checked),
            ..element(ElementKind::CheckBox, "Shortcut", 10, 90)
        };
        let before = vec![
            element(ElementKind::Button, "Back", 10, 10),
            element(ElementKind::Button, "Next", 110, 10),
            ticked(Checked::Off),
            element(ElementKind::Text, "Ready", 10, 200),
            element(ElementKind::Text, "Copying 10 %", 10, 300),
        ];
        let after = vec![
            element(ElementKind::Button, "Back", 210, 10),
            element(ElementKind::Button, "Finish", 110, 10),
            ticked(Checked::On),
            element(ElementKind::Text, "Copying 90 %", 10, 300),
            element(ElementKind::Link, "Log", 300, 300),
        ];
        let expected = [
            (DifferenceKind::Moved, "Back"),
            (DifferenceKind::Changed, "Finish"),
            (DifferenceKind::Changed, "Shortcut"),
            (DifferenceKind::Changed, "Copying 90 %"),
            (DifferenceKind::Appeared, "Log"),
            (DifferenceKind::Vanished, "Ready"),
        ];
        assert_eq!(told(before, after), expected.map(|(kind, text)| (kind, text.to_owned())));
    }

    #[test]
    fn a_pixel_is_no_move_and_icons_without_a_name_do_not_move() {
        let icon = |x| vec![element(ElementKind::Icon, "", x, 10)];
        assert!(told(icon(10), icon(11)).is_empty());
        let kinds: Vec<_> = told(icon(10), icon(400)).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, [DifferenceKind::Appeared, DifferenceKind::Vanished]);
    }

    proptest! {
        #[test]
        fn every_element_is_in_one_difference_at_most_and_alike_screens_have_none(
            places in prop::collection::vec((0u32..700, 0u32..500, 0usize..11, "[ab]{0,2}"), 0..12),
            others in prop::collection::vec((0u32..700, 0u32..500, 0usize..11, "[ab]{0,2}"), 0..12),
        ) {
            let all = |list: &[(u32, u32, usize, String)]| -> Reading {
                let made = list.iter().map(|(x, y, kind, text)| {
                    element(ElementKind::ALL[*kind], text, *x, *y)
                });
                reading(made.collect())
            };
            let (before, after) = (all(&places), all(&others));
            prop_assert!(differences(&before, &before).is_empty());
            let found = differences(&before, &after);
            let mut ids: Vec<_> = found.iter().filter_map(|it| Some(it.before.as_ref()?.0)).collect();
            ids.sort_unstable();
            let count = ids.len();
            ids.dedup();
            prop_assert_eq!(ids.len(), count);
            prop_assert!(found.iter().all(|it| it.before.is_some() || it.after.is_some()));
        }
    }
}
