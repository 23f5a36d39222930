use std::str::FromStr;
use std::time::Duration;

use serde_json::Value;

use super::{anthropic, gemini, openai};
use crate::error::Error;
use crate::model::{Button, Invalid, Position, Rect, Size, Wheel};
use crate::request::{Clicks, Picture, Space};

/// One thing that is done with a computer. Places are counted as the model counts them; one that is
/// left out is where the pointer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Looks at the screen.
    Screenshot,
    /// Looks at a part of it, enlarged.
    Zoom(Rect),
    /// Presses a button and lets it go.
    Click {
        /// Where.
        at: Option<Position>,
        /// Which.
        button: Button,
        /// How often.
        times: Clicks,
    },
    /// Holds the left button from here to there.
    Drag {
        /// Where it begins.
        from: Option<Position>,
        /// Where it ends.
        to: Position,
    },
    /// Puts the pointer somewhere.
    Move(Position),
    /// Turns the wheel.
    Scroll {
        /// Where.
        at: Option<Position>,
        /// Which way.
        wheel: Wheel,
        /// How far.
        notches: u32,
    },
    /// Types a text.
    Type(String),
    /// Presses chords, one after the other.
    Key(Vec<String>),
    /// Holds a chord.
    Hold {
        /// Which.
        chord: String,
        /// How long.
        time: Duration,
    },
    /// Does nothing for a while.
    Wait(Duration),
    /// Tells where the pointer is.
    CursorPosition,
}

impl Action {
    /// Returns its word.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Screenshot => "screenshot",
            Self::Zoom(_) => "zoom",
            Self::Click { times: Clicks::Single, .. } => "click",
            Self::Click { times: Clicks::Double, .. } => "double-click",
            Self::Drag { .. } => "drag",
            Self::Move(_) => "move",
            Self::Scroll { .. } => "scroll",
            Self::Type(_) => "type",
            Self::Key(_) => "key",
            Self::Hold { .. } => "hold",
            Self::Wait(_) => "wait",
            Self::CursorPosition => "cursor-position",
        }
    }
}

/// Whose tool calls are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// Anthropic's tool `computer`, versions 2024-10-22 to 2025-11-24.
    Anthropic,
    /// OpenAI's `computer_call`.
    OpenAi,
    /// Gemini's function calls of computer use.
    Gemini,
}

impl Dialect {
    /// Every dialect.
    pub const ALL: [Self; 3] = [Self::Anthropic, Self::OpenAi, Self::Gemini];

    /// Returns its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Anthropic => "anthropic",
            Self::OpenAi => "openai",
            Self::Gemini => "gemini",
        }
    }

    /// Reads a tool call.
    ///
    /// # Errors
    ///
    /// `usage` for what is not in the call's form, `unsupported` for what no guest can be made to do
    /// from outside.
    pub fn actions(self, call: &Value) -> Result<Vec<Action>, Error> {
        match self {
            Self::Anthropic => anthropic::actions(call),
            Self::OpenAi => openai::actions(call),
            Self::Gemini => gemini::actions(call),
        }
    }

    /// Returns what its places are counted in, if pictures of this size were shown.
    pub fn space(self, shown: Option<Size>) -> Space {
        match (self, shown) {
            (Self::Gemini, _) => Space::Thousandths,
            (Self::Anthropic | Self::OpenAi, None) => Space::Native,
            (Self::Anthropic | Self::OpenAi, Some(size)) => {
                Space::Image(Picture { size, crop: None })
            }
        }
    }
}

impl FromStr for Dialect {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::ALL
            .into_iter()
            .find(|it| it.as_str() == text)
            .ok_or_else(|| Invalid::new("dialect", text, "is not one of anthropic, openai, gemini"))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{Action, Dialect};
    use crate::error::ErrorKind;
    use crate::model::{Button, Position, Rect, Wheel};
    use crate::request::Clicks;

    fn place(x: u32, y: u32) -> Position {
        Position { x, y }
    }

    fn click(x: u32, y: u32) -> Action {
        let (button, times) = (Button::Left, Clicks::Single);
        Action::Click { at: Some(place(x, y)), button, times }
    }

    #[test]
    fn anthropics_calls_are_read() {
        let read = |call: Value| Dialect::Anthropic.actions(&call).unwrap();
        let input = json!({"action": "left_click", "coordinate": [512, 384]});
        assert_eq!(read(json!({"name": "computer", "input": input})), [click(512, 384)]);
        let zoom = read(json!({"action": "zoom", "region": [100, 200, 400, 350]}));
        assert_eq!(zoom, [Action::Zoom(Rect { x: 100, y: 200, width: 300, height: 150 })]);
        let hold = read(json!({"action": "hold_key", "text": "shift", "duration": 1.5}));
        let time = Duration::from_millis(1500);
        assert_eq!(hold, [Action::Hold { chord: "shift".to_owned(), time }]);
        let key = read(json!({"action": "key", "text": "Page_Down", "repeat": 2}));
        assert_eq!(key, [Action::Key(vec!["pagedown".to_owned(); 2])]);
        let down = json!({"action": "left_mouse_down"});
        let refused = Dialect::Anthropic.actions(&down).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Unsupported);
    }

    #[test]
    fn openais_calls_are_read() {
        let read = |call: Value| Dialect::OpenAi.actions(&call).unwrap();
        let action = json!({"type": "click", "x": 156, "y": 50, "button": "left"});
        assert_eq!(read(json!({"type": "computer_call", "action": action})), [click(156, 50)]);
        let keys = read(json!({"type": "keypress", "keys": ["CTRL", "A"]}));
        assert_eq!(keys, [Action::Key(vec!["ctrl+a".to_owned()])]);
        let scroll = json!({"type": "scroll", "x": 5, "y": 6, "scroll_x": 0, "scroll_y": -300});
        let (at, wheel) = (Some(place(5, 6)), Wheel::Up);
        assert_eq!(read(scroll), [Action::Scroll { at, wheel, notches: 3 }]);
        let path = json!([{"x": 1, "y": 2}, {"x": 5, "y": 5}, {"x": 9, "y": 8}]);
        let drag = read(json!({"type": "drag", "path": path}));
        assert_eq!(drag, [Action::Drag { from: Some(place(1, 2)), to: place(9, 8) }]);
        let back = json!({"type": "click", "x": 1, "y": 2, "button": "back"});
        let refused = Dialect::OpenAi.actions(&back).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Unsupported);
    }

    #[test]
    fn geminis_calls_are_read() {
        let read = |call: Value| Dialect::Gemini.actions(&call).unwrap();
        let args = json!({"x": 371, "y": 470, "text": "hi"});
        let typed = read(json!({"name": "type_text_at", "args": args}));
        let keys = |of: &[&str]| Action::Key(of.iter().map(ToString::to_string).collect());
        let text = Action::Type("hi".to_owned());
        assert_eq!(typed, [click(371, 470), keys(&["ctrl+a", "del"]), text, keys(&["enter"])]);
        let url = json!({"name": "navigate", "args": {"url": "https://example.org"}});
        let refused = Dialect::Gemini.actions(&url).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Unsupported);
    }

    proptest! {
        #[test]
        fn nothing_that_a_model_says_breaks_the_reading(
            name in "[a-z_]{0,12}", x in any::<i64>(), text in "\\PC{0,20}",
        ) {
            for action in ["key", "scroll", "zoom", "left_click", "wait", "hold_key", &name] {
                let call = serde_json::json!({
                    "action": action, "type": action, "name": action, "text": text,
                    "coordinate": [x, x], "region": [0, 0, x, x], "duration": x,
                    "scroll_direction": text, "scroll_amount": x, "args": {"keys": text, "x": x},
                });
                for dialect in Dialect::ALL {
                    dialect.actions(&call).ok();
                    dialect.actions(&Value::String(text.clone())).ok();
                }
            }
        }
    }
}
