//! What the machine is doing, told by what is large on a screen that has little else.

use crate::screen::reading::{Element, ElementKind, Line, ScreenState, StateGuess};

/// A clock that stands on a screen by itself is at least so high: those of desktops are smaller.
const LARGE: u32 = 24;

/// Tells a screen by what is large on it: the sad face of Windows, a clock.
pub(super) fn by_sight(lines: &[Line], elements: &[Element]) -> Option<StateGuess> {
    if !shows_little(elements) {
        return None;
    }
    let is_sad =
        |it: &&Line| it.area.height >= 2 * LARGE && matches!(it.text().as_str(), ":(" | ": (");
    if lines.iter().any(|it| is_sad(&it)) {
        let evidence = vec!["a large `:(`".to_owned()];
        return Some(StateGuess { state: ScreenState::Crash, confidence: 0.9, evidence });
    }
    let clock = lines.iter().find(|it| it.area.height >= LARGE && is_time(&it.text()))?;
    let evidence = vec![format!("nothing but a large clock, `{}`", clock.text())];
    Some(StateGuess { state: ScreenState::ScreenSaver, confidence: 0.7, evidence })
}

/// Returns whether a text is a time of day: `9:41`, `21:05:33`, `9:41 PM`.
fn is_time(text: &str) -> bool {
    let digits =
        text.trim_end_matches(|it: char| it.is_alphabetic() || it.is_whitespace() || it == '.');
    let parts: Vec<&str> = digits.split(':').collect();
    let is_number =
        |it: &&str| (1..=2).contains(&it.len()) && it.bytes().all(|it| it.is_ascii_digit());
    (2..=3).contains(&parts.len()) && parts.iter().all(is_number) && text.len() <= 12
}

/// Returns whether there is nothing to work with.
pub(super) fn shows_little(elements: &[Element]) -> bool {
    let is_for_work = |it: &Element| match it.kind {
        // A coloured clock looks like a link.
        ElementKind::Text | ElementKind::Icon | ElementKind::Link => false,
        ElementKind::Window
        | ElementKind::Dialog
        | ElementKind::TitleBar
        | ElementKind::Menu
        | ElementKind::Button
        | ElementKind::Field
        | ElementKind::CheckBox
        | ElementKind::RadioButton => true,
    };
    elements.len() <= 8 && !elements.iter().any(is_for_work)
}

#[cfg(test)]
mod tests {
    use super::{by_sight, is_time};
    use crate::model::Rect;
    use crate::screen::reading::{Colouring, Element, ElementKind, Line, ScreenState, Word};

    const ANYWHERE: Rect = Rect { x: 0, y: 0, width: 9, height: 9 };

    #[test]
    fn a_large_clock_alone_is_a_screen_saver_and_a_large_sad_face_a_crash() {
        let line = |text: &str, height| {
            let area = Rect { x: 300, y: 300, width: 200, height };
            let words = vec![Word { text: text.to_owned(), area }];
            vec![Line { area, words, confidence: 1.0, colours: Colouring::default() }]
        };
        let alone = [Element::sample(ElementKind::Text, ANYWHERE)];
        let state = |text, height| by_sight(&line(text, height), &alone).map(|it| it.state);
        assert_eq!(state("21:05", 60), Some(ScreenState::ScreenSaver));
        assert_eq!(state("21:05", 12), None);
        assert_eq!(state(":(", 80), Some(ScreenState::Crash));
        let desktop = [Element::sample(ElementKind::Window, ANYWHERE)];
        assert_eq!(by_sight(&line("21:05", 60), &desktop), None);
    }

    #[test]
    fn times_of_day_are_told_from_other_numbers() {
        for time in ["9:41", "21:05:33", "9:41 PM", "9:41 p.m."] {
            assert!(is_time(time), "{time}");
        }
        for other in ["", "PM", ":(", "1:234", "16:9:4:3", "v1:2", "10.24"] {
            assert!(!is_time(other), "{other}");
        }
    }
}
