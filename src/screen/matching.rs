//! Finds an element by what it says.

use strsim::normalized_levenshtein;

use crate::error::{Error, ErrorKind};

use super::reading::{Element, ElementKind, Reading};

/// An element that fits what is looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Match<'a> {
    /// Its place among the elements.
    pub place: usize,
    /// The element.
    pub element: &'a Element,
    /// How well its text fits, 0.0 to 1.0.
    pub fit: f64,
}

/// Texts that fit less are not meant.
const LEAST: f64 = 0.8;

/// Returns the elements that say something, the best first; nothing if none does.
pub fn seek<'a>(reading: &'a Reading, text: &str, kind: Option<ElementKind>) -> Vec<Match<'a>> {
    let mut found = ranked(reading, text, kind);
    found.retain(|it| it.fit >= LEAST);
    found
}

/// Returns the texts that come nearest to what was looked for, the best first.
pub fn nearest(reading: &Reading, text: &str, kind: Option<ElementKind>) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    for it in ranked(reading, text, kind) {
        let told = format!("{} `{}`", it.element.kind.as_str(), name(it.element));
        if !name(it.element).is_empty() && !said.contains(&told) {
            said.push(told);
        }
    }
    said.truncate(3);
    said
}

/// Says that nothing on a screen says what was looked for, and what comes nearest.
pub fn missing(reading: &Reading, text: &str, kind: Option<ElementKind>) -> Error {
    let what = kind.map_or("text", ElementKind::as_str);
    let error =
        Error::new(ErrorKind::NotFound, format!("there is no {what} `{text}` on the screen"));
    let near = nearest(reading, text, kind);
    if near.is_empty() {
        return error.hint("`vm-cli analyze` tells what there is");
    }
    error.hint(format!("the nearest: {}", near.join(", ")))
}

/// Returns what names an element: its label, else what is written in it.
fn name(element: &Element) -> &str {
    element.label.as_deref().unwrap_or(&element.text)
}

fn ranked<'a>(reading: &'a Reading, text: &str, kind: Option<ElementKind>) -> Vec<Match<'a>> {
    let wanted = plain(text);
    let all = reading.elements.iter().enumerate();
    let mut found: Vec<Match<'a>> = all
        .filter(|(_, it)| kind.is_none_or(|kind| it.kind == kind))
        .map(|(place, element)| {
            let texts = [Some(element.text.as_str()), element.label.as_deref()];
            let fits = texts.into_iter().flatten().map(|it| fit(&plain(it), &wanted));
            Match { place, element, fit: fits.fold(0.0, f64::max) }
        })
        .collect();
    // Of two that fit alike the one that can be clicked is meant.
    let key = |it: &Match<'_>| (it.fit * 1000.0, it.element.kind.is_clickable());
    found.sort_by(|a, b| key(b).0.total_cmp(&key(a).0).then(key(b).1.cmp(&key(a).1)));
    found
}

/// Returns how well a text fits what is looked for.
fn fit(text: &str, wanted: &str) -> f64 {
    if text.is_empty() || wanted.is_empty() {
        return 0.0;
    }
    if text == wanted {
        return 1.0;
    }
    let alike = normalized_levenshtein(text, wanted);
    let padded = format!(" {text} ");
    if padded.contains(&format!(" {wanted} ")) {
        return alike.max(0.95);
    }
    // Part of a longer text may have been misread here and there.
    let words: Vec<&str> = text.split(' ').collect();
    let part = words
        .windows(wanted.split(' ').count())
        .map(|part| normalized_levenshtein(&part.join(" "), wanted) * 0.95)
        .fold(0.0, f64::max);
    alike.max(part)
}

/// Returns a text in small letters, without what surrounds it.
fn plain(text: &str) -> String {
    let text = text.replace('…', "...").to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").trim_end_matches(['.', ':', ' ']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{nearest, seek};
    use crate::model::{Rect, Size};
    use crate::screen::{Element, ElementKind, Reading, ScreenState, StateGuess};

    fn reading(texts: &[(ElementKind, &str)]) -> Reading {
        let area = Rect { x: 0, y: 0, width: 10, height: 10 };
        let element = |(kind, text): &(ElementKind, &str)| Element {
            text: (*text).to_owned(),
            ..Element::sample(*kind, area)
        };
        Reading {
            size: Size { width: 100, height: 100 },
            state: StateGuess { state: ScreenState::Unknown, confidence: 0.0, evidence: vec![] },
            lines: Vec::new(),
            elements: texts.iter().map(element).collect(),
        }
    }

    #[test]
    fn the_best_fit_is_first_and_a_misread_letter_does_no_harm() {
        let screen = reading(&[
            (ElementKind::Text, "Install Windows on this machine"),
            (ElementKind::Text, "Install"),
            (ElementKind::Button, "lnstall..."),
            (ElementKind::Button, "Install"),
            (ElementKind::Button, "Cancel"),
        ]);
        let found: Vec<usize> = seek(&screen, "install", None).iter().map(|it| it.place).collect();
        assert_eq!(found, [3, 1, 0, 2]);
        let buttons = seek(&screen, "install", Some(ElementKind::Button));
        assert_eq!(buttons.len(), 2);
        assert!(seek(&screen, "Uninstall everything", None).is_empty());
    }

    #[test]
    fn what_comes_nearest_is_told() {
        let screen = reading(&[(ElementKind::Button, "Cancel"), (ElementKind::Button, "Finish")]);
        assert_eq!(nearest(&screen, "Finished!", None).first().unwrap(), "button `Finish`");
    }
}
