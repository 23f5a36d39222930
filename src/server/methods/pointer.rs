use schemars::JsonSchema;
use serde::Deserialize;

use super::screen::SETTLE;
use crate::error::{Error, ErrorKind};
use crate::model::{Button, Position, Scope, VmRef, Wheel};
use crate::request::{
    Clicks, Gesture, Look, Picture, PointerRequest, Request, Space, picture_size,
};
use crate::server::answer::Answer;
use crate::server::desk::Desk;
use crate::server::method::Method;

/// A place on a screen, counted from 0 at its top left.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Place {
    /// How far from the left.
    x: u32,
    /// How far from the top.
    y: u32,
}

/// Which button of the pointer.
#[derive(Debug, Default, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum ButtonWord {
    /// The one that chooses.
    #[default]
    Left,
    /// The one that opens a menu.
    Right,
    /// The one under the wheel.
    Middle,
}

/// Which way a wheel turns.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Direction {
    /// Towards the start of a text.
    Up,
    /// Towards the end of a text.
    Down,
}

/// Move a VM's pointer. It tells whether the screen changed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct Move {
    /// The VM: its name or UUID.
    vm: String,
    /// Where to.
    to: Place,
    /// Count in pixels of a picture of this size, such as `1280x800`; in pixels of the screen if it
    /// is left out.
    image_size: Option<String>,
}

impl Method for Move {
    const NAME: &'static str = "pointer_move";
    const SCOPE: Scope = Scope::Input;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        point(desk, &self.vm, self.image_size, Gesture::Move(self.to.into())).await
    }
}

/// Click at a place of a VM's screen. It tells whether the screen changed. To click at a text use
/// `screen_click`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct Click {
    /// The VM: its name or UUID.
    vm: String,
    /// Where.
    at: Place,
    /// With which button: `left`, `right` or `middle`.
    #[serde(default)]
    button: ButtonWord,
    /// Whether it is clicked twice.
    #[serde(default)]
    double: bool,
    /// Count in pixels of a picture of this size, such as `1280x800`; in pixels of the screen if it
    /// is left out.
    image_size: Option<String>,
}

impl Method for Click {
    const NAME: &'static str = "pointer_click";
    const SCOPE: Scope = Scope::Input;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let times = if self.double { Clicks::Double } else { Clicks::Single };
        let (at, button) = (self.at.into(), self.button.into());
        point(desk, &self.vm, self.image_size, Gesture::Click { at, button, times }).await
    }
}

/// Hold a button of a VM's pointer from one place to another.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct Drag {
    /// The VM: its name or UUID.
    vm: String,
    /// Where it begins.
    from: Place,
    /// Where it ends.
    to: Place,
    /// Which button is held: `left`, `right` or `middle`.
    #[serde(default)]
    button: ButtonWord,
    /// Count in pixels of a picture of this size, such as `1280x800`; in pixels of the screen if it
    /// is left out.
    image_size: Option<String>,
}

impl Method for Drag {
    const NAME: &'static str = "pointer_drag";
    const SCOPE: Scope = Scope::Input;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let (from, to, button) = (self.from.into(), self.to.into(), self.button.into());
        point(desk, &self.vm, self.image_size, Gesture::Drag { from, to, button }).await
    }
}

/// Turn the wheel of a VM's pointer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct Scroll {
    /// The VM: its name or UUID.
    vm: String,
    /// Which way: `up` or `down`.
    direction: Direction,
    /// How far; 3 if it is left out.
    notches: Option<u32>,
    /// Where the pointer is meanwhile; the middle of the screen if it is left out.
    at: Option<Place>,
    /// Count in pixels of a picture of this size, such as `1280x800`; in pixels of the screen if it
    /// is left out.
    image_size: Option<String>,
}

impl Method for Scroll {
    const NAME: &'static str = "pointer_scroll";
    const SCOPE: Scope = Scope::Input;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let wheel = match self.direction {
            Direction::Up => Wheel::Up,
            Direction::Down => Wheel::Down,
        };
        let notches = self.notches.unwrap_or(3);
        if !(1..=MOST_NOTCHES).contains(&notches) {
            let message = format!("{notches} notches are not 1 to {MOST_NOTCHES}");
            return Err(Error::new(ErrorKind::Usage, message));
        }
        let gesture = Gesture::Scroll { at: self.at.map(Position::from), wheel, notches };
        point(desk, &self.vm, self.image_size, gesture).await
    }
}

/// A wheel is turned so far at once.
const MOST_NOTCHES: u32 = 100;

async fn point(
    desk: &Desk,
    vm: &str,
    image_size: Option<String>,
    gesture: Gesture,
) -> Result<Answer, Error> {
    let vm: VmRef = vm.parse()?;
    let size = image_size.as_deref().map(picture_size).transpose()?;
    let space = size.map_or(Space::Native, |size| Space::Image(Picture { size, crop: None }));
    let look = Look::Until(SETTLE);
    desk.tell(Request::Point(PointerRequest { vm, gesture, space, look })).await
}

impl From<Place> for Position {
    fn from(Place { x, y }: Place) -> Self {
        Self { x, y }
    }
}

impl From<ButtonWord> for Button {
    fn from(word: ButtonWord) -> Self {
        match word {
            ButtonWord::Left => Self::Left,
            ButtonWord::Right => Self::Right,
            ButtonWord::Middle => Self::Middle,
        }
    }
}
