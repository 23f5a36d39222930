//! The action of OpenAI's `computer_call`: `{"type": "click", "x": 1, "y": 2, "button": "left"}`.

use std::time::Duration;

use serde_json::Value;

use super::Action;
use super::fields::{no_keys, notches_of, place, text, unsupported, wrong};
use super::names::chord;
use crate::error::Error;
use crate::model::{Button, Wheel};
use crate::request::Clicks;

/// A wait has no duration of its own.
const WAIT: Duration = Duration::from_secs(2);

pub(super) fn actions(call: &Value) -> Result<Vec<Action>, Error> {
    // A call with several actions, with one, or an action alone.
    if let Some(several) = call.get("actions").and_then(Value::as_array) {
        let each = several.iter().map(actions).collect::<Result<Vec<_>, _>>()?;
        return Ok(each.into_iter().flatten().collect());
    }
    let action = call.get("action").filter(|it| it.is_object()).unwrap_or(call);
    Ok(vec![match text(action, "type")? {
        "screenshot" => Action::Screenshot,
        "click" => click(action, button(text(action, "button")?)?, Clicks::Single)?,
        "double_click" => click(action, Button::Left, Clicks::Double)?,
        "move" => {
            no_keys(action, "keys")?;
            Action::Move(place(action, "x", "y")?)
        }
        "drag" => {
            no_keys(action, "keys")?;
            drag(action)?
        }
        "scroll" => {
            no_keys(action, "keys")?;
            scroll(action)?
        }
        "type" => Action::Type(text(action, "text")?.to_owned()),
        "keypress" => {
            let keys = action.get("keys").and_then(Value::as_array);
            let keys: Option<Vec<&str>> =
                keys.and_then(|it| it.iter().map(Value::as_str).collect());
            let keys = keys.filter(|it| !it.is_empty());
            let keys = keys.ok_or_else(|| wrong("`keys` is not a list of texts".to_owned()))?;
            Action::Key(vec![chord(&keys.join("+"))])
        }
        "wait" => Action::Wait(WAIT),
        other => return Err(wrong(format!("`{other}` is no action"))),
    }])
}

fn button(word: &str) -> Result<Button, Error> {
    match word {
        "left" => Ok(Button::Left),
        "right" => Ok(Button::Right),
        "wheel" | "middle" => Ok(Button::Middle),
        "back" | "forward" => Err(unsupported("a button for going back or forward")),
        _ => Err(wrong(format!("`{word}` is no button"))),
    }
}

fn click(action: &Value, button: Button, times: Clicks) -> Result<Action, Error> {
    no_keys(action, "keys")?;
    Ok(Action::Click { at: Some(place(action, "x", "y")?), button, times })
}

/// Between its ends a drag goes straight.
fn drag(action: &Value) -> Result<Action, Error> {
    let path = action.get("path").and_then(Value::as_array).map(Vec::as_slice);
    match path {
        Some([first, .., last]) => {
            Ok(Action::Drag { from: Some(place(first, "x", "y")?), to: place(last, "x", "y")? })
        }
        _ => Err(wrong("`path` is not two places or more".to_owned())),
    }
}

/// Distances are pixels, down is positive.
fn scroll(action: &Value) -> Result<Action, Error> {
    let distance = |name: &str| action.get(name).and_then(Value::as_f64).unwrap_or_default();
    if distance("scroll_x") != 0.0 {
        return Err(unsupported("scrolling sideways"));
    }
    let down = distance("scroll_y");
    let wheel = if down < 0.0 { Wheel::Up } else { Wheel::Down };
    let pixels = format!("{:.0}", down.abs().min(1e6)).parse().unwrap_or_default();
    let at = Some(place(action, "x", "y")?);
    Ok(Action::Scroll { at, wheel, notches: notches_of(pixels) })
}
