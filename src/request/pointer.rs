use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::{Button, Position, Rect, Size, VmRef, Wheel, Word, written};

/// Something to do with a VM's pointer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct PointerRequest {
    /// Which VM.
    pub vm: VmRef,
    /// What to do.
    pub gesture: Gesture,
    /// What its positions are counted in.
    pub space: Space,
    /// Whether to look at what comes of it.
    pub look: Look,
}

/// What a person does with a pointer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub enum Gesture {
    /// Puts it somewhere.
    Move(Position),
    /// Presses a button and lets it go.
    Click {
        /// Where.
        at: Position,
        /// Which.
        button: Button,
        /// How often.
        times: Clicks,
    },
    /// Holds a button from here to there.
    Drag {
        /// Where it begins.
        from: Position,
        /// Where it ends.
        to: Position,
        /// Which.
        button: Button,
    },
    /// Turns the wheel.
    Scroll {
        /// Where; `None` is the middle of the screen.
        at: Option<Position>,
        /// Which way.
        wheel: Wheel,
        /// How far.
        notches: u32,
    },
}

/// How often a button is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize, Serialize)]
pub enum Clicks {
    /// Once.
    #[default]
    Single,
    /// Twice, quickly.
    Double,
}

/// What positions are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize, Serialize)]
pub enum Space {
    /// Pixels of the VM's screen, from 0.
    #[default]
    Native,
    /// Pixels of a picture of it, from 0.
    Image(Picture),
    /// Thousandths of the screen's width and height.
    Thousandths,
}

/// A picture of a screen, as somebody looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub struct Picture {
    /// How large it is.
    pub size: Size,
    /// Which part of the screen it shows; `None` is all of it.
    pub crop: Option<Rect>,
}

/// Whether to look at the screen before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum Look {
    /// It is not looked at.
    Away,
    /// It is, until it has changed or this long has passed.
    Until(Duration),
}

/// What was done with a pointer.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub struct Pointed {
    /// The VM as it was named.
    pub vm: String,
    /// What was done, such as `click`; its positions are pixels of the screenshot.
    pub gesture: Gesture,
    /// On which way, such as `vboxwebsrv`.
    #[serde(deserialize_with = "written::word")]
    pub way: Word,
    /// How large the screen was.
    pub screen: Size,
    /// What came of it; `None` if nobody looked.
    pub effect: Option<Effect>,
    /// How long it took.
    pub took: Duration,
}

/// What became of a screen.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub struct Effect {
    /// The hash of its pixels before.
    pub before: String,
    /// The hash of its pixels after.
    pub after: String,
    /// The share of pixels that differ; `None` if the screen has another size now.
    pub changed_share: Option<f64>,
}

impl Effect {
    /// Returns whether the screen changed.
    pub fn is_change(&self) -> bool {
        self.before != self.after
    }
}

impl Gesture {
    /// Returns its word.
    pub fn action(&self) -> &'static str {
        match self {
            Self::Move(_) => "move",
            Self::Click { .. } => "click",
            Self::Drag { .. } => "drag",
            Self::Scroll { .. } => "scroll",
        }
    }
}
