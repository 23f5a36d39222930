use std::time::{Duration, Instant};

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::screen::SETTLE;
use crate::computer::{Action, Dialect};
use crate::error::{Error, ErrorKind};
use crate::keyboard::{Chord, Secrecy};
use crate::model::{Position, Rect, Scope, Size, VmId, VmRef};
use crate::request::{
    Analysis, Effect, Gesture, Keys, KeysRequest, Look, Picture, PictureTo, Pointed,
    PointerRequest, Request, Response, Scale, ScreenReport, ScreenshotRequest, Secret, Space, View,
    picture_size,
};
use crate::server::answer::Answer;
use crate::server::desk::Desk;
use crate::server::method::Method;

/// Between two looks at a screen that may change.
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// Do what a model's own computer-use tool call says: of Anthropic's `computer`, OpenAI's
/// `computer_call` or Gemini's functions. Each action tells its `effect`: `confirmed` (the screen
/// changed), `no_effect` (it did not within half a second), `unverifiable` (nobody could tell).
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct Use {
    /// The VM: its name or UUID.
    vm: String,
    /// Whose tool call it is: `anthropic`, `openai` or `gemini`.
    dialect: String,
    /// The tool call, as the model made it.
    call: Value,
    /// How large the pictures are that the model sees, such as `1280x800`; as large as the screen if
    /// it is left out. Pictures are made to fit, and the places of the call are counted in it.
    image_size: Option<String>,
}

impl Method for Use {
    const NAME: &'static str = "computer_use";
    const SCOPE: Scope = Scope::Input;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let dialect: Dialect = self.dialect.parse()?;
        let shown = self.image_size.as_deref().map(picture_size).transpose()?;
        let actions = dialect.actions(&self.call)?;
        let named: VmRef = self.vm.parse()?;
        let id = desk.identify(&named).await?;
        let mut computer = Computer {
            desk,
            id,
            vm: id.into(),
            space: dialect.space(shown),
            shown,
            picture: None,
            told: Vec::new(),
        };
        for action in &actions {
            computer.act(action).await?;
        }
        let fields = json!({ "vm": named.as_str(), "actions": computer.told });
        Ok(Answer { picture: computer.picture, ..Answer::fields(fields) })
    }
}

/// A VM that is used as a model's computer.
struct Computer<'a> {
    desk: &'a Desk,
    id: VmId,
    vm: VmRef,
    space: Space,
    shown: Option<Size>,
    picture: Option<crate::server::Picture>,
    told: Vec<Value>,
}

impl Computer<'_> {
    async fn act(&mut self, action: &Action) -> Result<(), Error> {
        match action {
            Action::Screenshot => {
                let seen = self.look(None).await?;
                self.show(action, seen);
            }
            Action::Zoom(part) => {
                let screen = self.screenshot(View::default()).await?.size;
                let seen = self.look(Some(on_screen(*part, self.space, screen)?)).await?;
                self.show(action, seen);
            }
            Action::Move(at) => self.point(action, Gesture::Move(*at)).await?,
            Action::Click { at, button, times } => {
                let (at, space) = self.or_pointer(*at)?;
                let gesture = Gesture::Click { at, button: *button, times: *times };
                self.point_in(action, gesture, space).await?;
            }
            Action::Drag { from: Some(from), to } => {
                let button = crate::model::Button::Left;
                self.point(action, Gesture::Drag { from: *from, to: *to, button }).await?;
            }
            Action::Drag { from: None, to } => {
                // Both ends in pixels of the screen: the pointer is where it is.
                let (from, _) = self.or_pointer(None)?;
                let screen = self.screenshot(View::default()).await?.size;
                let one = Rect { x: to.x, y: to.y, width: 1, height: 1 };
                let Rect { x, y, .. } = on_screen(one, self.space, screen)?;
                let (to, button) = (Position { x, y }, crate::model::Button::Left);
                let gesture = Gesture::Drag { from, to, button };
                self.point_in(action, gesture, Space::Native).await?;
            }
            Action::Scroll { at, wheel, notches } => {
                let gesture = Gesture::Scroll { at: *at, wheel: *wheel, notches: *notches };
                self.point(action, gesture).await?;
            }
            Action::Type(text) => {
                let layout = self.desk.settings().input.keyboard_layout;
                let text = Secret::new(text.clone());
                let keys = Keys::Text { text, secrecy: Secrecy::Open, layout };
                self.press(action, keys).await?;
            }
            Action::Key(chords) => self.chords(action, chords, Duration::ZERO).await?,
            Action::Hold { chord, time } => {
                self.chords(action, std::slice::from_ref(chord), *time).await?;
            }
            Action::Wait(time) => {
                tokio::time::sleep(*time).await;
                self.tell(action, "unverifiable", Map::new());
            }
            Action::CursorPosition => {
                let at = self.desk.office().pointer_of(self.id);
                let place = at.map(|Position { x, y }| json!({ "x": x, "y": y }));
                self.tell(action, "unverifiable", fields(json!({ "at": place })));
            }
        }
        Ok(())
    }

    /// Returns a place, or that of the pointer, and what it is counted in.
    fn or_pointer(&self, at: Option<Position>) -> Result<(Position, Space), Error> {
        if let Some(at) = at {
            return Ok((at, self.space));
        }
        let known = self.desk.office().pointer_of(self.id);
        known.map(|at| (at, Space::Native)).ok_or_else(|| {
            Error::new(ErrorKind::InvalidState, "nobody knows where the pointer is")
                .about(&self.vm)
                .hint("say the place, or move it first")
        })
    }

    async fn point(&mut self, action: &Action, gesture: Gesture) -> Result<(), Error> {
        self.point_in(action, gesture, self.space).await
    }

    async fn point_in(
        &mut self,
        action: &Action,
        gesture: Gesture,
        space: Space,
    ) -> Result<(), Error> {
        let (vm, look) = (self.vm.clone(), Look::Until(SETTLE));
        let request = Request::Point(PointerRequest { vm, gesture, space, look });
        let Response::Pointed(pointed) = self.desk.ask(request).await? else {
            self.tell(action, "unverifiable", Map::new());
            return Ok(());
        };
        if let Some(at) = end(&pointed) {
            self.desk.office().remember_pointer(self.id, at);
        }
        let at = end(&pointed).map(|Position { x, y }| json!({ "x": x, "y": y }));
        let mut more = fields(json!({ "at": at, "screen": size(pointed.screen) }));
        let effect = match &pointed.effect {
            None => "unverifiable",
            Some(effect) => {
                more.extend(fields(
                    json!({ "hash_before": effect.before, "hash_after": effect.after }),
                ));
                if effect.is_change() { "confirmed" } else { "no_effect" }
            }
        };
        self.tell(action, effect, more);
        Ok(())
    }

    async fn chords(
        &mut self,
        action: &Action,
        chords: &[String],
        hold: Duration,
    ) -> Result<(), Error> {
        let layout = self.desk.settings().input.keyboard_layout;
        let chords = chords.iter().map(|it| Chord::parse(it, layout));
        let chords = chords.collect::<Result<Vec<_>, _>>()?;
        self.press(action, Keys::Chords { chords, hold }).await
    }

    async fn press(&mut self, action: &Action, keys: Keys) -> Result<(), Error> {
        let before = self.screenshot(View::default()).await?;
        let request = KeysRequest { vm: self.vm.clone(), keys };
        self.desk.ask(Request::Press(request)).await?;
        let begun = Instant::now();
        let after = loop {
            let after = self.screenshot(View::default()).await?;
            if after.hash != before.hash || SETTLE <= begun.elapsed() {
                break after;
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        };
        let seen = Effect { before: before.hash, after: after.hash, changed_share: None };
        let effect = if seen.is_change() { "confirmed" } else { "no_effect" };
        let more = json!({ "screen": size(after.size), "hash_before": seen.before,
            "hash_after": seen.after });
        self.tell(action, effect, fields(more));
        Ok(())
    }

    async fn look(&self, crop: Option<Rect>) -> Result<ScreenReport, Error> {
        let scale = self.shown.map(Scale::Within);
        self.screenshot(View { crop, scale, ..View::default() }).await
    }

    async fn screenshot(&self, view: View) -> Result<ScreenReport, Error> {
        let (vm, to, analysis) = (self.vm.clone(), PictureTo::Response, Analysis::Skipped);
        let request = ScreenshotRequest { vm, to, analysis, view };
        let Response::Screen(report) = self.desk.ask(Request::Screenshot(request)).await? else {
            return Err(Error::new(ErrorKind::Unsupported, "a rehearsal takes no pictures"));
        };
        Ok(*report)
    }

    /// Tells a picture, which is the answer if it is the last.
    fn show(&mut self, action: &Action, seen: ScreenReport) {
        let more = json!({ "image": size(seen.size), "hash": seen.hash });
        self.picture = Some(crate::server::Picture { hash: seen.hash, png: seen.png });
        self.tell(action, "confirmed", fields(more));
    }

    fn tell(&mut self, action: &Action, effect: &str, more: Map<String, Value>) {
        let mut told = fields(json!({ "action": action.as_str(), "effect": effect }));
        told.extend(more);
        self.told.push(told.into());
    }
}

/// Returns where the pointer is after a gesture.
fn end(pointed: &Pointed) -> Option<Position> {
    match pointed.gesture {
        Gesture::Move(at) | Gesture::Click { at, .. } | Gesture::Drag { to: at, .. } => Some(at),
        Gesture::Scroll { at, .. } => at,
    }
}

/// Returns a part of what the model sees as a part of the screen.
fn on_screen(part: Rect, space: Space, screen: Size) -> Result<Rect, Error> {
    let whole = match space {
        Space::Native => screen,
        Space::Image(Picture { size, .. }) => size,
        Space::Thousandths => Size { width: 1000, height: 1000 },
    };
    let across = part.x.saturating_add(part.width) <= whole.width;
    if !across || whole.height < part.y.saturating_add(part.height) {
        let Size { width, height } = whole;
        let message = format!("the part is not within what is seen, which is {width}x{height}");
        return Err(Error::new(ErrorKind::Usage, message));
    }
    let scaled = |it: u32, all: u32, of: u32| {
        let exact = u64::from(it) * u64::from(all) / u64::from(of.max(1));
        u32::try_from(exact).unwrap_or(u32::MAX)
    };
    let x = scaled(part.x, screen.width, whole.width);
    let y = scaled(part.y, screen.height, whole.height);
    let width = scaled(part.width, screen.width, whole.width).max(1);
    Ok(Rect { x, y, width, height: scaled(part.height, screen.height, whole.height).max(1) })
}

fn size(Size { width, height }: Size) -> Value {
    json!({ "width": width, "height": height })
}

fn fields(of: Value) -> Map<String, Value> {
    if let Value::Object(fields) = of {
        return fields;
    }
    Map::from_iter([("value".to_owned(), of)])
}
