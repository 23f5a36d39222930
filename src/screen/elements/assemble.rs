//! Puts the elements of all kinds together, each thing once.

use super::choices::{self, Choice};
use super::controls::{self, covered, enabled};
use super::icons;
use super::links;
use super::scene::{Scene, Text};
use super::windows::{self, Window};
use crate::screen::area::Area;
use crate::screen::reading::{Element, ElementKind, Enabled, Focused};

/// Finds the elements of a screen, in reading order.
pub(crate) fn find(scene: &Scene<'_>) -> Vec<Element> {
    let usual = controls::usual_contrast(&scene.texts);
    let mut taken: Vec<usize> = Vec::new();
    let mut found: Vec<(Area, Element)> = Vec::new();
    let text_of = |places: &[usize]| {
        let texts: Vec<&str> = places
            .iter()
            .filter_map(|it| scene.texts.get(*it))
            .map(|it| it.said.as_str())
            .collect();
        texts.join(" ")
    };
    let enabled_by = |places: &[usize]| {
        let text = places.first().and_then(|it| scene.texts.get(*it));
        text.map_or(Enabled::Yes, |it| enabled(it, usual))
    };

    let windows = windows::find(scene);
    for window in &windows {
        if let Some((bar, title)) = &window.title {
            taken.push(*title);
            let text = text_of(&[*title]);
            found.push((*bar, element(ElementKind::TitleBar, *bar, text, 0.9)));
        }
    }
    for choice in without_icons(scene, choices::find(scene)) {
        taken.push(choice.label);
        let mut it = element(choice.kind, choice.area, text_of(&[choice.label]), 0.9);
        it.checked = Some(choice.checked);
        it.enabled = enabled_by(&[choice.label]);
        found.push((choice.area, it));
    }
    let controls = controls::find(scene);
    let controls: Vec<_> = controls
        .into_iter()
        .filter(|it| !found.iter().any(|(area, _)| covered(it.area, *area) > 0.5))
        .collect();
    taken.extend(controls.iter().flat_map(|it| it.texts.iter().copied()));
    for control in &controls {
        let mut it =
            element(control.kind, control.area, text_of(&control.texts), control.confidence);
        it.focused = control.focused;
        it.enabled = enabled_by(&control.texts);
        if control.kind == ElementKind::Field {
            let label = controls::label_of(scene, control.area, &taken);
            it.label = label.map(|it| it.said.trim_end_matches([':', ' ']).to_owned());
            if control.texts.is_empty() && label.is_some_and(|it| enabled(it, usual) == Enabled::No)
            {
                it.enabled = Enabled::No;
            }
        }
        found.push((control.area, it));
    }
    let menus = windows::menus(scene, &windows, &taken);
    for (index, text) in scene.texts.iter().enumerate().filter(|(index, _)| !taken.contains(index))
    {
        found.push(plain(scene, text, menus.contains(&index), usual));
    }
    let others: Vec<Area> = found
        .iter()
        .filter(|(_, it)| it.kind != ElementKind::TitleBar)
        .map(|(area, _)| *area)
        .collect();
    for area in icons::find(scene, &others) {
        found.push((area, element(ElementKind::Icon, area, String::new(), 0.7)));
    }
    for window in windows.iter().filter(|it| it.is_part) {
        found.push((window.area, window_element(window, &found, &text_of)));
    }
    finish(found)
}

/// Drops those that stand in a column of icons: the list of a folder has clocks and globes too.
fn without_icons(scene: &Scene<'_>, choices: Vec<Choice>) -> Vec<Choice> {
    let areas: Vec<Area> = choices.iter().map(|it| it.area).collect();
    let icons: Vec<Area> = icons::find(scene, &areas);
    let is_icon = |it: &Choice| {
        let near = |icon: &&Area| {
            (icon.centre().0 - it.area.centre().0).abs() <= 3
                && (icon.centre().1 - it.area.centre().1).abs() < it.area.height() * 5
                && icon.width() < 28
        };
        icons.iter().filter(near).count() >= 2
    };
    choices.into_iter().filter(|it| !is_icon(it)).collect()
}

/// A text that is in no control.
fn plain(scene: &Scene<'_>, text: &Text, is_menu: bool, usual: f64) -> (Area, Element) {
    let (kind, area, confidence) = if is_menu {
        (ElementKind::Menu, text.area.grown(8, 4), 0.8)
    } else if links::is_link(scene, text, usual_height(&scene.texts)) {
        (ElementKind::Link, text.area, 0.8)
    } else {
        (ElementKind::Text, text.area, 0.9)
    };
    let mut it = element(kind, area, text.said.clone(), confidence);
    it.enabled = enabled(text, usual);
    (area, it)
}

fn usual_height(texts: &[Text]) -> i32 {
    let mut heights: Vec<i32> = texts.iter().map(links::letter_height).collect();
    heights.sort_unstable();
    heights.get(heights.len() / 2).copied().unwrap_or_default()
}

/// A window that has buttons but no menu, and is not most of the screen, asks something.
fn window_element(
    window: &Window,
    found: &[(Area, Element)],
    text_of: &impl Fn(&[usize]) -> String,
) -> Element {
    let has = |kind: ElementKind| {
        found.iter().any(|(area, it)| it.kind == kind && window.area.holds(*area))
    };
    let asks = has(ElementKind::Button) && !has(ElementKind::Menu);
    let kind = if asks { ElementKind::Dialog } else { ElementKind::Window };
    let title = window.title.as_ref().map(|(_, title)| text_of(&[*title])).unwrap_or_default();
    element(kind, window.area, title, 0.8)
}

fn element(kind: ElementKind, area: Area, text: String, confidence: f64) -> Element {
    Element {
        kind,
        area: area.rect(),
        text,
        label: None,
        checked: None,
        enabled: Enabled::Yes,
        focused: Focused::No,
        confidence,
        parent: None,
    }
}

/// Sorts elements as they are read, what is in a window after it, and tells each the innermost window
/// around it.
fn finish(mut found: Vec<(Area, Element)>) -> Vec<Element> {
    found.sort_by_key(|(area, _)| (area.top / 10, area.left));
    let is_window = |it: &Element| matches!(it.kind, ElementKind::Window | ElementKind::Dialog);
    let windows: Vec<(usize, Area)> = found
        .iter()
        .enumerate()
        .filter(|(_, (_, it))| is_window(it))
        .map(|(index, (area, _))| (index, *area))
        .collect();
    let around = |own: usize, area: Area| {
        let outer = windows.iter().filter(|(other, window)| *other != own && window.holds(area));
        outer.min_by_key(|(_, window)| window.size()).map(|(other, _)| *other)
    };
    let parents: Vec<Option<usize>> =
        found.iter().enumerate().map(|(index, (area, _))| around(index, *area)).collect();
    let mut order = Vec::with_capacity(found.len());
    follow(None, &parents, &mut order);
    let mut sorted = Vec::with_capacity(found.len());
    for place in &order {
        let Some((_, element)) = found.get(*place) else { continue };
        let parent = parents.get(*place).copied().flatten();
        let parent = parent.and_then(|it| order.iter().position(|other| *other == it));
        sorted.push(Element { parent, ..element.clone() });
    }
    sorted
}

/// Lists what is in a window, and after each window what is in it.
fn follow(window: Option<usize>, parents: &[Option<usize>], order: &mut Vec<usize>) {
    for (place, _) in parents.iter().enumerate().filter(|(_, it)| **it == window) {
        // Two windows of one area would be in each other.
        if !order.contains(&place) {
            order.push(place);
            follow(Some(place), parents, order);
        }
    }
}
