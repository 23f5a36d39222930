use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Invalid, Word, written};

/// A pixel of the screenshot, counted from 0 at the top left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
pub struct Position {
    /// Pixels from the left.
    pub x: u32,
    /// Pixels from the top.
    pub y: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.x, self.y)
    }
}

impl FromStr for Position {
    type Err = Invalid;

    /// Reads `X,Y`.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let pair = text.split_once(',');
        let read = pair.and_then(|(x, y)| Some((x.trim().parse().ok()?, y.trim().parse().ok()?)));
        let (x, y) = read.ok_or_else(|| {
            Invalid::new("position", text, "is not X,Y, two numbers from 0 such as 120,45")
        })?;
        Ok(Self { x, y })
    }
}

/// What a VM has for a pointer, and on which way it is moved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct PointerRoute {
    /// The pointing device, as the hypervisor tells it, such as `usbtablet`.
    pub device: Option<String>,
    /// The way on which it is moved, such as `vboxwebsrv`; `None` if there is none on this host.
    #[serde(deserialize_with = "written::word_or_none")]
    pub way: Option<Word>,
}

/// A button of the pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize, Serialize)]
pub enum Button {
    /// The one that chooses.
    #[default]
    Left,
    /// The one that opens a menu.
    Right,
    /// The one under the wheel.
    Middle,
}

impl Button {
    /// Returns its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
            Self::Middle => "middle",
        }
    }
}

impl fmt::Display for Button {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a pointer's device tells at one moment: where it is, what is held, how the wheel turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PointerReport {
    /// Where it is.
    pub at: Position,
    /// The button that is down.
    pub held: Option<Button>,
    /// How the wheel turned since the last report.
    pub wheel: Wheel,
}

impl fmt::Display for PointerReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at {}", self.at)?;
        if let Some(button) = self.held {
            write!(f, ", {button} held")?;
        }
        match self.wheel {
            Wheel::Still => Ok(()),
            Wheel::Up => f.write_str(", wheel up"),
            Wheel::Down => f.write_str(", wheel down"),
        }
    }
}

/// A turn of the wheel by one notch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize, Serialize)]
pub enum Wheel {
    /// It did not turn.
    #[default]
    Still,
    /// Towards the start of a text.
    Up,
    /// Towards the end of a text.
    Down,
}

impl FromStr for Wheel {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        match text {
            "up" => Ok(Self::Up),
            "down" => Ok(Self::Down),
            _ => Err(Invalid::new("direction", text, "is neither up nor down")),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Position;

    #[test]
    fn a_position_is_two_numbers() {
        for wrong in ["", "1", "1,", "-1,2", "1;2", "1,2,3", "1.5,2"] {
            assert!(wrong.parse::<Position>().is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_position_is_read_as_it_is_written(x: u32, y: u32) {
            let position = Position { x, y };
            prop_assert_eq!(position.to_string().parse(), Ok(position));
        }
    }
}
