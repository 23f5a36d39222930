//! What was read from a screen: the words, the elements, the state of the machine.

use serde::{Deserialize, Serialize};

use crate::model::{Rect, Size};

/// Everything that a picture of a screen tells.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub struct Reading {
    /// The size of the picture.
    pub size: Size,
    /// What the machine is doing.
    pub state: StateGuess,
    /// The text, in reading order.
    pub lines: Vec<Line>,
    /// What a person would point at, in reading order; an element's id is its place here, from 1.
    pub elements: Vec<Element>,
}

/// How thoroughly a screen is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Quality {
    /// Fast: text is looked for by rules, and by the detector only where these are at a loss.
    #[default]
    Standard,
    /// The detector looks everywhere, and letters are shown wider: several times slower.
    Best,
}

/// Text in one line: words that belong together, such as a label or a sentence.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub struct Line {
    /// Where it is.
    pub area: Rect,
    /// Its words, from left to right; never none.
    pub words: Vec<Word>,
    /// How sure the text is, 0.0 to 1.0.
    pub confidence: f64,
    /// The colours of the letters and of what is behind them.
    pub colours: Colouring,
}

/// Text without spaces.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub struct Word {
    /// What it says.
    pub text: String,
    /// Where it is.
    pub area: Rect,
}

/// The colours of a text: red, green, blue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Colouring {
    /// The colour of the letters.
    pub ink: [u8; 3],
    /// The colour behind them.
    pub paper: [u8; 3],
}

impl Line {
    /// Returns the words with a space between each two.
    pub fn text(&self) -> String {
        let words: Vec<_> = self.words.iter().map(|it| it.text.as_str()).collect();
        words.join(" ")
    }
}

/// Something on the screen that a person would name or point at.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub struct Element {
    /// What it is.
    pub kind: ElementKind,
    /// Where it is; of a check box, the box without its label.
    pub area: Rect,
    /// What is written in it, or beside it: a button's caption, a check box's label, a field's
    /// content.
    pub text: String,
    /// What names a field.
    pub label: Option<String>,
    /// Whether a check box or radio button is on; `None` for other kinds.
    pub checked: Option<Checked>,
    /// Whether it takes input, as far as its colours tell.
    pub enabled: Enabled,
    /// Whether it visibly has the keyboard's attention.
    pub focused: Focused,
    /// How sure its kind is, 0.0 to 1.0.
    pub confidence: f64,
    /// The innermost window, dialog or menu around it: its place among the elements.
    pub parent: Option<usize>,
}

#[cfg(test)]
impl Element {
    /// Builds one of which nothing but its kind and its place matters.
    pub(in crate::screen) fn sample(kind: ElementKind, area: Rect) -> Self {
        Self {
            kind,
            area,
            text: String::new(),
            label: None,
            checked: None,
            enabled: Enabled::Yes,
            focused: Focused::No,
            confidence: 1.0,
            parent: None,
        }
    }
}

/// The kinds of element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
pub enum ElementKind {
    /// A window.
    Window,
    /// A window that asks something.
    Dialog,
    /// The bar that names a window.
    TitleBar,
    /// A menu, or a bar of menus.
    Menu,
    /// A button.
    Button,
    /// A field to type into.
    Field,
    /// A box to tick.
    CheckBox,
    /// One of several choices.
    RadioButton,
    /// Text that leads somewhere.
    Link,
    /// A small picture.
    Icon,
    /// Plain text.
    Text,
}

impl ElementKind {
    /// Returns the kind of this word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }

    /// All kinds.
    pub const ALL: [Self; 11] = [
        Self::Window,
        Self::Dialog,
        Self::TitleBar,
        Self::Menu,
        Self::Button,
        Self::Field,
        Self::CheckBox,
        Self::RadioButton,
        Self::Link,
        Self::Icon,
        Self::Text,
    ];

    /// Returns its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Window => "window",
            Self::Dialog => "dialog",
            Self::TitleBar => "title-bar",
            Self::Menu => "menu",
            Self::Button => "button",
            Self::Field => "field",
            Self::CheckBox => "checkbox",
            Self::RadioButton => "radio",
            Self::Link => "link",
            Self::Icon => "icon",
            Self::Text => "text",
        }
    }

    /// Returns whether a click on it does something.
    pub fn is_clickable(self) -> bool {
        match self {
            Self::Window | Self::Dialog | Self::TitleBar | Self::Text => false,
            Self::Menu
            | Self::Button
            | Self::Field
            | Self::CheckBox
            | Self::RadioButton
            | Self::Link
            | Self::Icon => true,
        }
    }
}

/// Whether something is ticked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Checked {
    /// It is on.
    On,
    /// It is off.
    Off,
}

/// Whether something takes input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Enabled {
    /// It does.
    Yes,
    /// It is greyed out.
    No,
}

/// Whether something has the keyboard's attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Focused {
    /// It visibly has.
    Yes,
    /// Nothing tells so.
    No,
}

/// What the machine seems to be doing.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub struct StateGuess {
    /// The state.
    pub state: ScreenState,
    /// How sure that is, 0.0 to 1.0.
    pub confidence: f64,
    /// What says so: texts and facts of the picture.
    pub evidence: Vec<String>,
}

/// The states of a machine that its screen shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum ScreenState {
    /// Nothing is shown.
    Blank,
    /// The firmware, before any system.
    Firmware,
    /// A boot loader.
    BootLoader,
    /// Text in a grid.
    TextConsole,
    /// Something is being installed.
    Installer,
    /// Somebody must log in.
    Login,
    /// Windows, icons.
    Desktop,
    /// The system has crashed.
    Crash,
    /// A screen saver or a locked screen without a way to log in.
    ScreenSaver,
    /// Something else.
    Unknown,
}

impl ScreenState {
    /// Returns its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::Firmware => "firmware",
            Self::BootLoader => "boot-loader",
            Self::TextConsole => "text-console",
            Self::Installer => "installer",
            Self::Login => "login",
            Self::Desktop => "desktop",
            Self::Crash => "crash",
            Self::ScreenSaver => "screen-saver",
            Self::Unknown => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Colouring, Line, Word};
    use crate::model::Rect;

    #[test]
    fn a_line_has_a_space_between_each_two_words() {
        let area = Rect { x: 0, y: 0, width: 1, height: 1 };
        let word = |text: &str| Word { text: text.to_owned(), area };
        let words = vec![word("Save"), word("as…")];
        let line = Line { area, words, confidence: 1.0, colours: Colouring::default() };
        assert_eq!(line.text(), "Save as…");
    }
}
