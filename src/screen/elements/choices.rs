//! Check boxes and radio buttons: a small ring with a label to its right.

use super::scene::{Scene, Text};
use crate::screen::area::{Area, ratio, signed};
use crate::screen::paint::{Colour, distance, saturation};
use crate::screen::reading::{Checked, ElementKind};

/// A check box or radio button.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub(super) kind: ElementKind,
    pub(super) area: Area,
    pub(super) checked: Checked,
    /// The place of its label among the texts.
    pub(super) label: usize,
}

/// Colours farther apart than this are told apart.
const VISIBLE: u8 = 14;

/// Finds the choices of a screen.
pub(super) fn find(scene: &Scene<'_>) -> Vec<Choice> {
    let mut candidates: Vec<Area> = scene
        .ink
        .iter()
        .map(|it| it.area)
        .chain(scene.surfaces.iter().map(|(_, it)| it.area))
        .chain(scene.pictures.iter().copied())
        .filter(|it| is_small_and_square(*it))
        .collect();
    // The ring lies around what it encloses.
    candidates.sort_by_key(|it| std::cmp::Reverse(it.size()));
    let mut found: Vec<Choice> = Vec::new();
    for area in candidates {
        if found.iter().any(|it| it.area.grown(2, 2).shared(area).size() > 0) {
            continue;
        }
        let Some(label) = label_of(scene, area).filter(|it| !is_caption(scene, *it, area)) else {
            continue;
        };
        let Some(kind) = shape(scene, area) else { continue };
        found.push(Choice { kind, area, checked: checked(scene, area), label });
    }
    found
}

fn is_small_and_square(area: Area) -> bool {
    let (width, height) = (area.width(), area.height());
    (9..=24).contains(&width) && (9..=24).contains(&height) && (width - height).abs() <= 2
}

/// Returns the place of the text to the right.
fn label_of(scene: &Scene<'_>, area: Area) -> Option<usize> {
    let is_label = |text: &Text| {
        let gap = text.area.left - area.right;
        (1..=16).contains(&gap)
            && (text.area.centre().1 - area.centre().1).abs() <= 5
            && text.area.height() <= area.height() * 2
    };
    let labels = scene.texts.iter().enumerate().filter(|(_, it)| is_label(it));
    labels.min_by_key(|(_, it)| it.area.left).map(|(index, _)| index)
}

/// Returns whether a text and what is to its left fill a button: its caption and its icon.
fn is_caption(scene: &Scene<'_>, label: usize, area: Area) -> bool {
    let Some(text) = scene.texts.get(label) else { return false };
    scene.surfaces.get(text.paper).is_some_and(|it| {
        let content = text.area.with(area);
        let lead = area.left - it.area.left;
        it.is_slab
            && it.area.holds(content)
            && it.area.height() <= 48
            && (it.area.right - content.right - lead).abs() <= 4 + lead / 4
    })
}

/// Tells a square ring from a round one, and both from other small pictures.
fn shape(scene: &Scene<'_>, area: Area) -> Option<ElementKind> {
    let (_, paper) = scene.around(area)?;
    let differs = |x: i32, y: i32| distance(scene.colour(x, y), paper.colour) > VISIBLE;
    let (left, top, right, bottom) = (area.left, area.top, area.right - 1, area.bottom - 1);
    // Along the middle half of every edge lies the ring, be it square or round.
    let inset = area.width() / 3;
    let across = left + inset..=right - inset;
    let down = top + inset..=bottom - inset;
    let is_ring = across.clone().all(|x| differs(x, top) || differs(x, top + 1))
        && across.clone().all(|x| differs(x, bottom) || differs(x, bottom - 1))
        && down.clone().all(|y| differs(left, y) || differs(left + 1, y))
        && down.clone().all(|y| differs(right, y) || differs(right - 1, y));
    if !is_ring {
        return None;
    }
    // A circle leaves a fifth of its square free, round corners less than a tenth.
    let free = outside(scene, area, paper.colour);
    if free > 0.105 { Some(ElementKind::RadioButton) } else { Some(ElementKind::CheckBox) }
}

/// Returns which share of an area lies outside the shape in it, seen from the left and the right.
fn outside(scene: &Scene<'_>, area: Area, paper: Colour) -> f64 {
    let is_paper = |x: i32, y: i32| distance(scene.colour(x, y), paper) <= VISIBLE;
    let half = area.width() / 2;
    let free: i32 = (area.top..area.bottom)
        .map(|y| {
            let left = (0..half).take_while(|it| is_paper(area.left + it, y)).count();
            let right = (0..half).take_while(|it| is_paper(area.right - 1 - it, y)).count();
            signed(left + right)
        })
        .sum();
    ratio(free.into(), area.size())
}

/// Returns whether there is a mark inside, or a fill that stands out.
fn checked(scene: &Scene<'_>, area: Area) -> Checked {
    let inset = area.width() / 4 + 1;
    let inner = area.grown(-inset, -inset);
    let pixels = || {
        let rows = inner.top..inner.bottom;
        rows.flat_map(|y| (inner.left..inner.right).map(move |x| (x, y)))
    };
    let darkest = pixels().map(|(x, y)| scene.colour(x, y)).min_by_key(|it| brightness(*it));
    let brightest = pixels().map(|(x, y)| scene.colour(x, y)).max_by_key(|it| brightness(*it));
    let (Some(darkest), Some(brightest)) = (darkest, brightest) else { return Checked::Off };
    let is_marked = distance(darkest, brightest) > 40;
    let is_filled = saturation(darkest) > 90;
    if is_marked || is_filled { Checked::On } else { Checked::Off }
}

fn brightness(colour: Colour) -> u16 {
    colour.iter().map(|it| u16::from(*it)).sum()
}
