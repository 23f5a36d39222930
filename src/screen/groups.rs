//! How elements stand together: rows, columns, forms.

use super::reading::{Element, ElementKind};
use crate::model::Rect;

/// Elements that belong together, in one window or beside all windows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// How they stand.
    pub kind: GroupKind,
    /// Their places among the elements, as they are read.
    pub members: Vec<usize>,
}

/// The kinds of group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GroupKind {
    /// Fields and choices below each other: something to fill in.
    Form,
    /// Elements of one kind beside each other: buttons, tools, menus.
    Row,
    /// Elements of one kind below each other: a list, a menu that is open.
    Column,
}

impl GroupKind {
    /// Returns its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Row => "row",
            Self::Column => "column",
        }
    }
}

/// Fields and buttons are apart by at most so many of their heights, in a row and in a column.
const APART: (u32, u32) = (4, 3);

/// Tells whether the second element continues what the first one began.
type Follows = fn(&Element, &Element) -> bool;

/// Returns the groups on a screen; an element is in one of them at most. Forms are looked for first,
/// then rows, then columns.
pub fn groups(elements: &[Element]) -> Vec<Group> {
    let mut free: Vec<usize> =
        (0..elements.len()).filter(|it| elements.get(*it).is_some_and(is_grouped)).collect();
    let mut groups = Vec::new();
    let ways: [(GroupKind, usize, Follows); 3] = [
        (GroupKind::Form, 2, in_form),
        (GroupKind::Row, 2, in_row),
        (GroupKind::Column, 3, in_column),
    ];
    for (kind, least, follows) in ways {
        for members in chains(elements, &free, follows) {
            if members.len() >= least {
                free.retain(|it| !members.contains(it));
                groups.push(Group { kind, members });
            }
        }
    }
    groups.sort_by_key(|it| it.members.first().copied());
    groups
}

/// Links each element with those that follow it.
fn chains(elements: &[Element], free: &[usize], follows: Follows) -> Vec<Vec<usize>> {
    let mut left: Vec<usize> = free.to_vec();
    let mut chains = Vec::new();
    while !left.is_empty() {
        let mut chain = vec![left.remove(0)];
        let mut next = 0;
        while let Some(own) = chain.get(next).and_then(|it| elements.get(*it)) {
            let near = |it: &usize| {
                elements.get(*it).is_some_and(|other| {
                    own.parent == other.parent && (follows(own, other) || follows(other, own))
                })
            };
            chain.extend(left.iter().copied().filter(near));
            left.retain(|it| !chain.contains(it));
            next += 1;
        }
        chain.sort_unstable();
        chains.push(chain);
    }
    chains
}

fn is_grouped(element: &Element) -> bool {
    match element.kind {
        ElementKind::Window | ElementKind::Dialog | ElementKind::TitleBar | ElementKind::Text => {
            false
        }
        ElementKind::Menu
        | ElementKind::Button
        | ElementKind::Field
        | ElementKind::CheckBox
        | ElementKind::RadioButton
        | ElementKind::Link
        | ElementKind::Icon => true,
    }
}

fn is_input(element: &Element) -> bool {
    matches!(element.kind, ElementKind::Field | ElementKind::CheckBox | ElementKind::RadioButton)
}

/// Returns whether both are to be filled in and the second begins below the first, at its left edge.
fn in_form(one: &Element, other: &Element) -> bool {
    let (a, b) = (one.area, other.area);
    is_input(one)
        && is_input(other)
        && is_below(a, b, APART.1)
        && a.x.abs_diff(b.x) <= a.height.max(b.height)
}

fn in_row(one: &Element, other: &Element) -> bool {
    let (a, b) = (one.area, other.area);
    let gap = b.x.checked_sub(a.x.saturating_add(a.width));
    one.kind == other.kind
        && a.centre().y.abs_diff(b.centre().y) * 3 <= a.height.min(b.height)
        && gap.is_some_and(|it| it <= a.height.max(b.height).saturating_mul(APART.0))
}

fn in_column(one: &Element, other: &Element) -> bool {
    let (a, b) = (one.area, other.area);
    let is_aligned = a.x.abs_diff(b.x) <= 4 || a.centre().x.abs_diff(b.centre().x) <= 4;
    one.kind == other.kind && is_aligned && is_below(a, b, APART.1)
}

/// Returns whether the second begins below the first, by at most so many of their heights.
fn is_below(a: Rect, b: Rect, heights: u32) -> bool {
    let gap = b.y.checked_sub(a.y.saturating_add(a.height));
    gap.is_some_and(|it| it <= a.height.max(b.height).saturating_mul(heights))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{GroupKind, groups};
    use crate::model::Rect;
    use crate::screen::{Element, ElementKind};

    fn element(kind: ElementKind, x: u32, y: u32, width: u32, parent: Option<usize>) -> Element {
        Element { parent, ..Element::sample(kind, Rect { x, y, width, height: 24 }) }
    }

    #[test]
    fn an_installer_has_a_form_and_a_row_of_buttons() {
        let elements = [
            element(ElementKind::Dialog, 0, 0, 600, None),
            element(ElementKind::Field, 20, 40, 300, Some(0)),
            element(ElementKind::Button, 340, 40, 80, Some(0)),
            element(ElementKind::CheckBox, 20, 90, 14, Some(0)),
            element(ElementKind::CheckBox, 20, 130, 14, Some(0)),
            element(ElementKind::Button, 300, 400, 80, Some(0)),
            element(ElementKind::Button, 400, 400, 80, Some(0)),
            // It is beside the buttons, and in no window.
            element(ElementKind::Button, 500, 400, 80, None),
        ];
        let found: Vec<_> = groups(&elements).into_iter().map(|it| (it.kind, it.members)).collect();
        assert_eq!(found, [(GroupKind::Form, vec![1, 3, 4]), (GroupKind::Row, vec![5, 6])]);
    }

    #[test]
    fn icons_below_each_other_are_a_column_and_two_are_none() {
        let icons = |count| -> Vec<Element> {
            (0..count).map(|it| element(ElementKind::Icon, 10, it * 60, 24, None)).collect()
        };
        assert_eq!(groups(&icons(4))[0].kind, GroupKind::Column);
        assert!(groups(&icons(2)).is_empty());
    }

    proptest! {
        #[test]
        fn an_element_is_in_one_group_at_most_and_groups_are_of_one_window(
            places in prop::collection::vec((0u32..400, 0u32..300, 0usize..11, 0usize..3), 0..20),
        ) {
            let made = |(x, y, kind, parent): &(u32, u32, usize, usize)| {
                element(ElementKind::ALL[*kind], *x, *y, 40, parent.checked_sub(1))
            };
            let elements: Vec<Element> = places.iter().map(made).collect();
            let found = groups(&elements);
            let mut members: Vec<usize> = found.iter().flat_map(|it| it.members.clone()).collect();
            let count = members.len();
            members.sort_unstable();
            members.dedup();
            prop_assert_eq!(members.len(), count);
            for group in &found {
                prop_assert!(group.members.len() >= 2 && group.members.is_sorted());
                let parents: Vec<_> = group.members.iter().map(|it| elements[*it].parent).collect();
                prop_assert!(parents.iter().all(|it| *it == parents[0]));
            }
        }
    }
}
