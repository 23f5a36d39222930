//! What the machine is doing, told from its words and from the kinds of things on its screen.

mod sight;
mod words;

use self::sight::{by_sight, shows_little};
use self::words::{CLUES, CONSOLE_CLUES, Clue, WAYS_ON};
use super::analyse::{ScreenKind, analyse};
use super::area::Area;
use super::reading::{Element, ElementKind, Line, ScreenState, StateGuess};
use crate::model::Frame;

/// A screen that asks who logs in has no more elements.
const MOST_OF_A_LOGIN: usize = 16;

/// Guesses what the machine is doing.
pub(super) fn guess(frame: &Frame, lines: &[Line], elements: &[Element]) -> StateGuess {
    let picture = analyse(frame);
    if picture.kind == ScreenKind::Blank && lines.is_empty() {
        let evidence = vec!["the screen has one colour".to_owned()];
        return StateGuess { state: ScreenState::Blank, confidence: picture.confidence, evidence };
    }
    let rows = rows(lines);
    if picture.kind == ScreenKind::TextConsole {
        return by_last_words(&rows).unwrap_or_else(|| StateGuess {
            state: ScreenState::TextConsole,
            confidence: picture.confidence,
            evidence: vec!["text in a grid of cells".to_owned()],
        });
    }
    let said = CLUES.iter().find_map(|clue| {
        let guess = said(clue, &rows)?;
        is_plausible(guess.state, elements).then_some(guess)
    });
    said.or_else(|| by_sight(lines, elements)).unwrap_or_else(|| by_elements(elements))
}

/// Returns what a clue says if any of its words is read.
fn said((state, confidence, words): &Clue, rows: &[String]) -> Option<StateGuess> {
    let is_said = |word: &&&str| rows.iter().any(|text| text.contains(**word));
    let evidence: Vec<String> =
        words.iter().filter(is_said).map(|it| format!("it says `{}`", it.trim())).collect();
    let guess = StateGuess { state: *state, confidence: *confidence, evidence };
    (!guess.evidence.is_empty()).then_some(guess)
}

/// Tells a text screen by the last of its rows that gives a state away: those above are of what ran
/// before. A crash is the end, whatever is told after it.
fn by_last_words(rows: &[String]) -> Option<StateGuess> {
    let clues = || CONSOLE_CLUES.iter().chain(&CLUES);
    let crashes = clues().filter(|it| it.0 == ScreenState::Crash);
    if let Some(crash) = crashes.into_iter().find_map(|it| said(it, rows)) {
        return Some(crash);
    }
    let is_of_consoles = |it: &&Clue| match it.0 {
        ScreenState::BootLoader | ScreenState::Firmware => true,
        ScreenState::Installer | ScreenState::Login | ScreenState::TextConsole => {
            CONSOLE_CLUES.contains(it)
        }
        ScreenState::Blank
        | ScreenState::Desktop
        | ScreenState::Crash
        | ScreenState::ScreenSaver
        | ScreenState::Unknown => false,
    };
    let clue_of = |row: &String| {
        // "Last login: ..." greets who has logged in.
        let clues =
            || clues().filter(is_of_consoles).filter_map(|it| said(it, std::slice::from_ref(row)));
        clues().find(|it| it.state == ScreenState::TextConsole).or_else(|| clues().next())
    };
    rows.iter().rev().find_map(clue_of)
}

/// Windows on a desktop speak of many things; a login without a field is talk too.
fn is_plausible(state: ScreenState, elements: &[Element]) -> bool {
    match state {
        ScreenState::Crash | ScreenState::BootLoader | ScreenState::Firmware => {
            windows(elements) == 0 && has(elements, ElementKind::Field) == 0
        }
        ScreenState::Login => asks_for_a_name(elements),
        ScreenState::Installer => installs(elements),
        ScreenState::ScreenSaver => shows_little(elements),
        ScreenState::Blank
        | ScreenState::TextConsole
        | ScreenState::Desktop
        | ScreenState::Unknown => true,
    }
}

fn by_elements(elements: &[Element]) -> StateGuess {
    let windows = windows(elements);
    let icons = has(elements, ElementKind::Icon);
    let texts = has(elements, ElementKind::Text);
    let (fields, buttons) = (has(elements, ElementKind::Field), has(elements, ElementKind::Button));
    let told = |count: usize, what: &str| {
        let ending = if count == 1 { "" } else { "s" };
        (count > 0).then(|| format!("{count} {what}{ending}"))
    };
    let mut evidence: Vec<String> = [
        told(windows, "window"),
        told(icons, "icon"),
        told(fields, "field"),
        told(buttons, "button"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let (state, confidence) =
        if windows == 0 && (1..=2).contains(&fields) && buttons <= 2 && elements.len() <= 14 {
            (ScreenState::Login, 0.6)
        } else if windows > 0 || icons >= 3 || fields + buttons >= 2 {
            (ScreenState::Desktop, 0.8)
        } else if texts >= 12 {
            // A program that fills the screen: an editor, a page.
            evidence.extend(told(texts, "text"));
            (ScreenState::Desktop, 0.6)
        } else {
            (ScreenState::Unknown, 0.3)
        };
    StateGuess { state, confidence, evidence }
}

/// Returns what the rows of a screen say, from the top, in small letters: wide spaces may have parted their words.
fn rows(lines: &[Line]) -> Vec<String> {
    let mut sorted: Vec<&Line> = lines.iter().collect();
    sorted.sort_by_key(|it| it.area.x);
    let mut rows: Vec<(&Line, String)> = Vec::new();
    for line in sorted {
        let own = line.text().to_lowercase();
        let goes_on = |before: &Line| {
            let (a, b) = (Area::from(before.area), Area::from(line.area));
            a.rows_shared(b) * 3 >= a.height().max(b.height()) * 2
                && a.gap_across(b) <= 2 * a.height()
        };
        match rows.iter_mut().rev().find(|(last, _)| goes_on(last)) {
            Some((last, text)) => {
                *last = line;
                *text = format!("{text} {own}");
            }
            None => rows.push((line, own)),
        }
    }
    rows.sort_by_key(|(last, _)| last.area.y);
    rows.into_iter().map(|(_, text)| text).collect()
}

/// Returns whether buttons ask how to go on, in a dialog or on a screen with little else. Pages full of
/// links and desktops full of windows only speak of it.
fn installs(elements: &[Element]) -> bool {
    let is_page = has(elements, ElementKind::Link) >= 5;
    let is_program = has(elements, ElementKind::Menu) >= 2;
    let leads_on = |it: &Element| {
        let said = it.text.to_lowercase();
        it.kind == ElementKind::Button && WAYS_ON.iter().any(|way| said.contains(way))
    };
    elements.iter().any(leads_on)
        && (has(elements, ElementKind::Dialog) >= 1 || has(elements, ElementKind::Icon) < 8)
        && windows(elements) <= 2
        && !is_page
        && !is_program
}

fn windows(elements: &[Element]) -> usize {
    has(elements, ElementKind::Window) + has(elements, ElementKind::Dialog)
}

/// Returns whether there is room for a name and a password, and for little else: settings ask for them
/// too.
fn asks_for_a_name(elements: &[Element]) -> bool {
    (1..=3).contains(&has(elements, ElementKind::Field)) && elements.len() <= MOST_OF_A_LOGIN
}

fn has(elements: &[Element], kind: ElementKind) -> usize {
    elements.iter().filter(|it| it.kind == kind).count()
}

#[cfg(test)]
mod tests {
    use super::{by_elements, by_last_words, installs, is_plausible};
    use crate::model::Rect;
    use crate::screen::reading::{Element, ElementKind, ScreenState};

    fn screen(of: &[(ElementKind, usize)]) -> Vec<Element> {
        let area = Rect { x: 0, y: 0, width: 9, height: 9 };
        let element = |kind| Element { text: "Next >".to_owned(), ..Element::sample(kind, area) };
        of.iter().flat_map(|(kind, count)| std::iter::repeat_n(element(*kind), *count)).collect()
    }

    #[test]
    fn an_installer_asks_and_what_only_speaks_of_one_does_not() {
        use ElementKind::{Button, Dialog, Link, Text, Window};
        assert!(installs(&screen(&[(Dialog, 1), (Button, 3), (Text, 4)])));
        assert!(!installs(&screen(&[(Dialog, 1), (Text, 4)])));
        assert!(!installs(&screen(&[(Button, 2), (Link, 16), (Text, 20)])));
        assert!(!installs(&screen(&[(Window, 2), (Dialog, 1), (Button, 3)])));
    }

    #[test]
    fn a_program_that_fills_the_screen_runs_on_a_desktop() {
        let editor = by_elements(&screen(&[(ElementKind::Menu, 4), (ElementKind::Text, 40)]));
        assert_eq!(
            (editor.state, editor.evidence),
            (ScreenState::Desktop, vec!["40 texts".into()])
        );
        let splash = by_elements(&screen(&[(ElementKind::Text, 2)]));
        assert_eq!(splash.state, ScreenState::Unknown);
    }

    fn state_of(rows: &[&str]) -> Option<ScreenState> {
        let rows: Vec<String> = rows.iter().map(|it| (*it).to_owned()).collect();
        by_last_words(&rows).map(|it| it.state)
    }

    #[test]
    fn the_last_words_on_a_text_screen_count_and_a_crash_always() {
        let booted = ["isolinux 6.04 etcd", "linux version 6.1.0", "[ 1.0] sda: sda1"];
        assert_eq!(state_of(&booted[..1]), Some(ScreenState::BootLoader));
        assert_eq!(state_of(&booted), Some(ScreenState::TextConsole));
        let prompt = ["linux version 6.1.0", "box login: "];
        assert_eq!(state_of(&prompt), Some(ScreenState::Login));
        let greeted = ["box login: root", "last login: mon mar 4 on tty1", "root@box:~#"];
        assert_eq!(state_of(&greeted), Some(ScreenState::TextConsole));
        let crashed = ["linux version 6.1.0", "kernel panic - not syncing", "reached target x"];
        assert_eq!(state_of(&crashed), Some(ScreenState::Crash));
        assert_eq!(state_of(&["c:\\>dir", "setup.exe installing"]), None);
    }

    #[test]
    fn windows_that_speak_of_a_crash_have_not_crashed() {
        let mail = screen(&[(ElementKind::Window, 1), (ElementKind::Button, 3)]);
        assert!(!is_plausible(ScreenState::Crash, &mail));
        assert!(is_plausible(ScreenState::Crash, &screen(&[(ElementKind::Text, 4)])));
    }
}
