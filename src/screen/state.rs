//! What the machine is doing, told from its words and from the kinds of things on its screen.

use super::analyse::{ScreenKind, analyse};
use super::area::Area;
use super::reading::{Element, ElementKind, Line, ScreenState, StateGuess};
use crate::model::Frame;

/// What gives a state away: any of these texts, in small letters. The first that fits counts.
const WORDS: [(ScreenState, f64, &[&str]); 9] = [
    (
        ScreenState::Crash,
        0.97,
        &[
            "kernel panic",
            "pc ran into a problem",
            "device ran into a problem",
            "windows has been shut down to prevent damage",
            "*** stop: 0x",
            "unable to mount root fs",
            "guru meditation",
        ],
    ),
    (
        ScreenState::BootLoader,
        0.95,
        &[
            "gnu grub",
            "windows boot manager",
            "isolinux",
            "syslinux",
            "systemd-boot",
            "grub rescue>",
            "press any key to boot from",
            "choose an operating system to start",
        ],
    ),
    (
        ScreenState::Firmware,
        0.95,
        &[
            "no bootable medium",
            "no bootable device",
            "no bootable option",
            "uefi interactive shell",
            "bios setup utility",
            "boot maintenance manager",
            "press f12 to select boot device",
            "pxe-e",
            "ipxe",
            "seabios",
            "american megatrends",
        ],
    ),
    (
        ScreenState::Installer,
        0.9,
        &[
            "install now",
            "windows setup",
            "getting files ready for installation",
            "installing windows",
            "installation type",
            "where do you want to install",
            "setup wizard",
            "einrichtungsassistent",
            "assistant d'installation",
            "asistente de instalación",
            "destination folder",
            "license agreement",
            "choose components",
        ],
    ),
    (ScreenState::Login, 0.9, &["sign-in options", "other user", "press ctrl+alt+del to unlock"]),
    (ScreenState::Login, 0.85, &[" login:", "login:"]),
    (ScreenState::Installer, 0.7, &["installing", "ready to install", "setup will install"]),
    (ScreenState::Login, 0.6, &["sign in", "log in", "anmelden", "iniciar sesión", "se connecter"]),
    (ScreenState::ScreenSaver, 0.5, &["screen is locked", "bildschirm ist gesperrt"]),
];

/// Guesses what the machine is doing.
pub(super) fn guess(frame: &Frame, lines: &[Line], elements: &[Element]) -> StateGuess {
    let picture = analyse(frame);
    if picture.kind == ScreenKind::Blank && lines.is_empty() {
        let evidence = vec!["the screen has one colour".to_owned()];
        return StateGuess { state: ScreenState::Blank, confidence: picture.confidence, evidence };
    }
    let texts = rows(lines);
    for (state, confidence, words) in WORDS {
        let said = |word: &&str| texts.iter().any(|text| text.contains(*word));
        let evidence: Vec<String> = words
            .iter()
            .filter(|it| said(it))
            .map(|it| format!("it says `{}`", it.trim()))
            .collect();
        // Windows on a desktop speak of many things; a login without a field is talk too.
        let is_plausible = match state {
            ScreenState::Login => {
                asks_for_a_name(elements) || picture.kind == ScreenKind::TextConsole
            }
            ScreenState::Installer => installs(elements),
            ScreenState::Blank
            | ScreenState::Firmware
            | ScreenState::BootLoader
            | ScreenState::TextConsole
            | ScreenState::Desktop
            | ScreenState::Crash
            | ScreenState::ScreenSaver
            | ScreenState::Unknown => true,
        };
        if !evidence.is_empty() && is_plausible {
            return StateGuess { state, confidence, evidence };
        }
    }
    if picture.kind == ScreenKind::TextConsole {
        let evidence = vec!["text in a grid of cells".to_owned()];
        return StateGuess {
            state: ScreenState::TextConsole,
            confidence: picture.confidence,
            evidence,
        };
    }
    by_elements(elements)
}

fn by_elements(elements: &[Element]) -> StateGuess {
    let windows = has(elements, ElementKind::Window) + has(elements, ElementKind::Dialog);
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

/// Returns what the rows of a screen say, in small letters: wide spaces may have parted their words.
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
    rows.into_iter().map(|(_, text)| text).collect()
}

/// Returns whether buttons ask how to go on, in a dialog or on a screen with little else. Pages full of
/// links and desktops full of windows only speak of it.
fn installs(elements: &[Element]) -> bool {
    let (windows, dialogs) =
        (has(elements, ElementKind::Window), has(elements, ElementKind::Dialog));
    let is_page = has(elements, ElementKind::Link) >= 5;
    has(elements, ElementKind::Button) >= 1
        && (dialogs >= 1 || has(elements, ElementKind::Icon) < 8)
        && windows + dialogs <= 2
        && !is_page
}

fn asks_for_a_name(elements: &[Element]) -> bool {
    has(elements, ElementKind::Field) >= 1 && has(elements, ElementKind::Field) <= 3
}

fn has(elements: &[Element], kind: ElementKind) -> usize {
    elements.iter().filter(|it| it.kind == kind).count()
}

#[cfg(test)]
mod tests {
    use super::{by_elements, installs};
    use crate::model::Rect;
    use crate::screen::reading::{Element, ElementKind, ScreenState};

    fn screen(of: &[(ElementKind, usize)]) -> Vec<Element> {
        let area = Rect { x: 0, y: 0, width: 9, height: 9 };
        let element = |kind| Element::sample(kind, area);
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
}
