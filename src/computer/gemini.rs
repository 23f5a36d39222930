//! The function calls of Gemini's computer use: `{"name": "click_at", "args": {"x": 1, "y": 2}}`.
//! Places are thousandths of the screen.

use std::time::Duration;

use serde_json::Value;

use super::Action;
use super::fields::{notches, notches_of, number, place, text, unsupported, way, wrong};
use super::names::chord;
use crate::error::Error;
use crate::model::Button;
use crate::request::Clicks;

/// How far it is scrolled when nothing is said.
const USUAL_MAGNITUDE: u32 = 800;

pub(super) fn actions(call: &Value) -> Result<Vec<Action>, Error> {
    let call = call.get("function_call").or_else(|| call.get("functionCall")).unwrap_or(call);
    let none = Value::Null;
    let args = call.get("args").unwrap_or(&none);
    let click = |times| -> Result<Action, Error> {
        let at = Some(place(args, "x", "y")?);
        Ok(Action::Click { at, button: Button::Left, times })
    };
    let action = match text(call, "name")? {
        "click_at" => click(Clicks::Single)?,
        "hover_at" => Action::Move(place(args, "x", "y")?),
        "type_text_at" => return typing(args, click(Clicks::Single)?),
        "key_combination" => {
            let keys = text(args, "keys")?;
            Action::Key(keys.split_whitespace().map(chord).collect())
        }
        "scroll_document" => {
            let wheel = way(text(args, "direction")?)?;
            Action::Scroll { at: None, wheel, notches: notches_of(USUAL_MAGNITUDE.into()) }
        }
        "scroll_at" => {
            let magnitude = match args.get("magnitude") {
                None | Some(Value::Null) => USUAL_MAGNITUDE,
                Some(_) => number(args, "magnitude")?,
            };
            let wheel = way(text(args, "direction")?)?;
            let at = Some(place(args, "x", "y")?);
            Action::Scroll { at, wheel, notches: notches(notches_of(magnitude.into())) }
        }
        "drag_and_drop" => Action::Drag {
            from: Some(place(args, "x", "y")?),
            to: place(args, "destination_x", "destination_y")?,
        },
        "wait_5_seconds" => Action::Wait(Duration::from_secs(5)),
        name @ ("open_web_browser" | "search" | "navigate" | "go_back" | "go_forward") => {
            return Err(unsupported(&format!("`{name}`, which is for a browser alone,")));
        }
        other => return Err(wrong(format!("`{other}` is no function"))),
    };
    Ok(vec![action])
}

/// Clicks into a field, empties it, types, and presses Enter, unless the call says otherwise.
fn typing(args: &Value, click: Action) -> Result<Vec<Action>, Error> {
    let is_wanted = |name: &str| args.get(name).and_then(Value::as_bool).unwrap_or(true);
    let mut all = vec![click];
    if is_wanted("clear_before_typing") {
        all.push(Action::Key(vec!["ctrl+a".to_owned(), "del".to_owned()]));
    }
    all.push(Action::Type(text(args, "text")?.to_owned()));
    if is_wanted("press_enter") {
        all.push(Action::Key(vec!["enter".to_owned()]));
    }
    Ok(all)
}
