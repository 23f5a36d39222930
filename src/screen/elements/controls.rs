//! Buttons and fields: a surface of its own with one line of text, or none, on another surface.

use super::scene::{Scene, Text};
use crate::screen::area::{Area, ratio};
use crate::screen::paint::{Colour, distance, saturation};
use crate::screen::reading::{ElementKind, Enabled, Focused};
use crate::screen::surfaces::Surface;
use crate::screen::wcag::contrast;

/// A button or a field.
#[derive(Debug, Clone)]
pub(super) struct Control {
    pub(super) kind: ElementKind,
    pub(super) area: Area,
    /// The places of its texts.
    pub(super) texts: Vec<usize>,
    pub(super) focused: Focused,
    pub(super) confidence: f64,
}

/// An address bar may go from side to side of a screen.
const WIDEST: i32 = 2400;

/// Finds the buttons and fields of a screen.
pub(super) fn find(scene: &Scene<'_>) -> Vec<Control> {
    let mut found: Vec<Control> = Vec::new();
    for (number, surface) in scene.surfaces.iter() {
        let Some(control) = control(scene, number, surface) else { continue };
        match found.iter_mut().find(|it| it.area.overlap(control.area) > 0.5) {
            Some(known) if known.confidence < control.confidence => *known = control,
            Some(_) => {}
            None => found.push(control),
        }
    }
    found
}

fn control(scene: &Scene<'_>, number: u32, surface: &Surface) -> Option<Control> {
    let area = surface.area;
    let (width, height) = (area.width(), area.height());
    let is_sized =
        (12..=64).contains(&height) && (24..=WIDEST).contains(&width) && width * 10 >= height * 11;
    if !is_sized || !surface.is_slab {
        return None;
    }
    let (outer_number, outer) = scene.around(area.grown(1, 1))?;
    if outer_number == number || !outer.area.grown(1, 1).holds(area) {
        return None;
    }
    let (bordered, border) = scene.border(area);
    let is_bordered = bordered > 0.7;
    let stands_out = distance(surface.colour, outer.colour) > 6;
    if !is_bordered && (!stands_out || width > 900) {
        return None;
    }
    let is_lighter = contrast(surface.colour, [0; 3]) > contrast(outer.colour, [0; 3]);
    let texts: Vec<(usize, &Text)> =
        scene.texts.iter().enumerate().filter(|(_, it)| it.paper == number).collect();
    let is_focused = is_bordered
        && saturation(border) > 90
        && distance(border, surface.colour) > 40
        && saturation(surface.colour) < 60;
    let focused = if is_focused { Focused::Yes } else { Focused::No };
    let outline = if is_bordered { area.grown(1, 1) } else { area };
    let places = texts.iter().map(|(index, _)| *index).collect();
    let made =
        |kind, confidence| Control { kind, area: outline, texts: places, focused, confidence };
    match texts.as_slice() {
        [] => {
            let has_pictures = scene.pictures.iter().any(|it| area.holds(*it));
            let is_field = width >= 60
                && width >= height * 5 / 2
                && (16..=48).contains(&height)
                && (is_bordered || !has_pictures);
            (is_field && (is_bordered || width < 700))
                .then(|| made(ElementKind::Field, if is_bordered { 0.8 } else { 0.6 }))
        }
        [(_, text)] => {
            // A button's icon and its caption are centred together.
            let pictures = scene.pictures.iter().filter(|it| area.holds(**it));
            let content = pictures.fold(text.area, |content, it| content.with(*it));
            let is_centred = |it: Area| (it.centre().0 - area.centre().0).abs() <= 3 + width / 20;
            let is_centred = is_centred(text.area) || is_centred(content);
            let is_short = text.said.chars().count() <= 32;
            let lead = text.area.left - area.left;
            if is_centred && is_short && width < 420 && lead >= 3 {
                // A field that its content fills looks the same.
                Some(made(ElementKind::Button, if lead >= 6 { 0.95 } else { 0.7 }))
            } else if lead < 20
                && height <= 48
                && (is_bordered || width < 400 || width < 700 && is_lighter)
                && width >= 40
            {
                Some(made(ElementKind::Field, if is_bordered { 0.9 } else { 0.5 }))
            } else {
                None
            }
        }
        [(_, one), (_, other)] => {
            let is_level = |it: &Text| (it.area.centre().1 - area.centre().1).abs() < height / 4;
            let one_row = is_level(one) && is_level(other);
            (one_row && is_bordered && height <= 48).then(|| made(ElementKind::Field, 0.5))
        }
        // Many words beside each other are a bar of menus or tabs.
        [_, _, _, ..] => None,
    }
}

/// Tells by the text's colour whether something takes input: what does not is greyed out.
pub(super) fn enabled(text: &Text, usual: f64) -> Enabled {
    let is_grey = |colour: Colour| saturation(colour) < 70;
    let own = contrast(text.ink, text.paper_colour);
    let is_pale = own < usual * 0.5
        && own < 4.6
        && (is_grey(text.paper_colour) || own < 2.2)
        && is_grey(text.ink);
    if is_pale { Enabled::No } else { Enabled::Yes }
}

/// Returns the contrast that most texts of a screen have.
pub(super) fn usual_contrast(texts: &[Text]) -> f64 {
    let mut all: Vec<f64> = texts.iter().map(|it| contrast(it.ink, it.paper_colour)).collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(21.0)
}

/// Returns the text that names a field: to its left, or above it.
pub(super) fn label_of<'a>(scene: &'a Scene<'_>, field: Area, taken: &[usize]) -> Option<&'a Text> {
    let free = || {
        scene.texts.iter().enumerate().filter(|(index, _)| !taken.contains(index)).map(|(_, it)| it)
    };
    let beside = free().filter(|it| {
        let gap = field.left - it.area.right;
        (0..=320).contains(&gap)
            && (it.area.centre().1 - field.centre().1).abs() * 2 <= field.height()
    });
    let above = free().filter(|it| {
        let gap = field.top - it.area.bottom;
        (0..=20).contains(&gap) && (it.area.left - field.left).abs() <= 12
    });
    let own = beside.min_by_key(|it| field.left - it.area.right);
    own.or_else(|| above.max_by_key(|it| it.area.bottom))
}

/// Returns which share of an area another covers.
pub(super) fn covered(area: Area, by: Area) -> f64 {
    ratio(area.shared(by).size(), area.size())
}
