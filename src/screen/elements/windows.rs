//! Windows and dialogs, their title bars and menus.

use super::scene::{Scene, Text};
use crate::screen::area::{Area, ratio, signed};
use crate::screen::surfaces::Surface;

/// A window or dialog.
#[derive(Debug, Clone)]
pub(super) struct Window {
    pub(super) area: Area,
    /// Its title bar and the place of the title among the texts.
    pub(super) title: Option<(Area, usize)>,
    /// Whether it is less than the whole screen.
    pub(super) is_part: bool,
}

/// Finds the windows of a screen, the smallest first.
pub(super) fn find(scene: &Scene<'_>) -> Vec<Window> {
    let screen = whole(scene);
    let frames = scene.ink.iter().map(|it| it.area);
    let bodies = scene.surfaces.iter().filter(|(_, it)| is_rectangle(it)).map(|(_, it)| it.area);
    let is_sized = |it: &Area| {
        let is_high = it.height() >= 60 || it.height() <= 48 && has_title(scene, *it);
        it.width() >= 160 && it.height() >= 14 && is_high
    };
    // A frame may be a shadow: what it surrounds is surer.
    let mut bodies: Vec<Area> = bodies.filter(is_sized).collect();
    let mut frames: Vec<Area> = frames.filter(is_sized).collect();
    bodies.sort_by_key(|it| std::cmp::Reverse(it.size()));
    frames.sort_by_key(|it| std::cmp::Reverse(it.size()));
    let candidates = bodies.into_iter().chain(frames);
    let mut windows: Vec<Window> = Vec::new();
    for area in candidates {
        let area = extended(scene, area);
        let is_known = windows.iter().any(|it| {
            let is_inner =
                it.area.grown(4, 4).holds(area) && (it.area.width() - area.width()).abs() < 12;
            it.area.overlap(area) > 0.7 || is_inner
        });
        if is_known || area.height() < 50 {
            continue;
        }
        if let Some(title) = title_of(scene, area) {
            let is_part = area.size() * 100 < screen.size() * 95;
            windows.push(Window { area, title: Some(title), is_part });
        }
    }
    windows.sort_by_key(|it| it.area.size());
    windows
}

fn has_title(scene: &Scene<'_>, bar: Area) -> bool {
    title_of(scene, bar)
        .is_some_and(|(_, title)| scene.texts.get(title).is_some_and(|it| bar.holds(it.area)))
}

fn whole(scene: &Scene<'_>) -> Area {
    Area::new(0, 0, scene.surfaces.at.width, scene.surfaces.at.height)
}

fn is_rectangle(surface: &Surface) -> bool {
    surface.is_slab || ratio(surface.pixels, surface.area.size()) > 0.6
}

/// Adds what lies right above and below and is as wide: a title bar, a tool bar, a body.
fn extended(scene: &Scene<'_>, mut area: Area) -> Area {
    loop {
        let next = scene.surfaces.iter().map(|(_, it)| it.area).find(|it| {
            let is_as_wide = (it.left - area.left).abs() <= 4 && (it.right - area.right).abs() <= 4;
            let is_bar_above = it.height() <= 60 && (it.bottom - area.top).abs() <= 4;
            let is_below = (it.top - area.bottom).abs() <= 4;
            is_as_wide && (is_bar_above || is_below) && !area.holds(*it)
        });
        match next {
            Some(next) => area = area.with(next),
            None => return area,
        }
    }
}

/// Finds the title: a text at the top, and something to close the window with at its right end.
fn title_of(scene: &Scene<'_>, window: Area) -> Option<(Area, usize)> {
    let top = Area::new(window.left, window.top, window.right, window.top + 48);
    let is_title =
        |text: &Text| top.holds(text.area) && text.area.left - window.left < window.width() / 2;
    let (index, text) = scene
        .texts
        .iter()
        .enumerate()
        .filter(|(_, it)| is_title(it))
        .min_by_key(|(_, it)| (it.area.top / 8, it.area.left))?;
    let middle = text.area.centre().1;
    let close = scene.pictures.iter().chain(scene.ink.iter().map(|it| &it.area)).any(|it| {
        let (width, height) = (it.width(), it.height());
        window.right - it.right <= 40
            && it.right <= window.right
            && it.left > text.area.right
            && (6..=24).contains(&width)
            && (6..=24).contains(&height)
            && (it.centre().1 - middle).abs() <= 6
    });
    // The bar is the surface behind the title, if that ends soon; else twice the way to its middle.
    let own = scene.surfaces.get(text.paper).map(|it| it.area);
    let is_bar = |it: Area| it.height() <= 60 && it.width() * 10 >= window.width() * 9;
    // Without one only a bar that holds nothing but a title is sure to be a window's.
    let is_alone =
        scene.texts_on(text.paper).count() == 1 && window.size() < whole(scene).size() / 10 * 8;
    let has_bar = own.is_some_and(|it| is_alone && is_bar(it) && window.height() > it.height() * 2);
    if !close && !has_bar {
        return None;
    }
    let bottom = match own {
        Some(area) if area.height() <= 60 => area.bottom,
        Some(_) | None => 2 * middle - window.top,
    };
    Some((Area::new(window.left, window.top, window.right, bottom), index))
}

/// Finds the menus: words in a row at the top of a window or of the screen, all alike.
pub(super) fn menus(scene: &Scene<'_>, windows: &[Window], taken: &[usize]) -> Vec<usize> {
    let mut menus = Vec::new();
    let screen = Window { area: whole(scene), title: None, is_part: false };
    for window in windows.iter().chain([&screen]) {
        let from = window.title.as_ref().map_or(window.area.top, |it| it.0.bottom - 2);
        let zone = Area::new(window.area.left, from, window.area.right, from + 56);
        let mut rows: Vec<Vec<(usize, &Text)>> = Vec::new();
        for (index, text) in scene.texts.iter().enumerate() {
            let is_word = text.said.split(' ').count() <= 2 && text.said.chars().count() <= 16;
            if taken.contains(&index)
                || menus.contains(&index)
                || !is_word
                || !zone.holds(text.area)
            {
                continue;
            }
            let row = rows.iter_mut().find(|row| {
                row.first().is_some_and(|it| {
                    it.1.area.rows_shared(text.area) * 2 > text.area.height()
                        && it.1.paper == text.paper
                })
            });
            match row {
                Some(row) => row.push((index, text)),
                None => rows.push(vec![(index, text)]),
            }
        }
        rows.retain(|row| is_menu_bar(row, window.area));
        menus.extend(rows.into_iter().take(1).flatten().map(|it| it.0));
    }
    menus
}

/// Returns whether words are spaced as menus are: evenly, from the left on.
fn is_menu_bar(row: &[(usize, &Text)], window: Area) -> bool {
    let mut areas: Vec<Area> = row.iter().map(|it| it.1.area).collect();
    areas.sort_by_key(|it| it.left);
    let gaps: Vec<i32> =
        areas.iter().zip(areas.iter().skip(1)).map(|(a, b)| a.gap_across(*b)).collect();
    let (Some(least), Some(most)) = (gaps.iter().min(), gaps.iter().max()) else { return false };
    let starts_left = areas.first().is_some_and(|it| it.left - window.left < 60);
    signed(areas.len()) >= 3 && starts_left && *least >= 8 && *most <= 40 && most - least <= 8
}
