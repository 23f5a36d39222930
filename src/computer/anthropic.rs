//! The input of Anthropic's tool `computer`: `{"action": "left_click", "coordinate": [x, y]}`.

use serde_json::Value;

use super::Action;
use super::fields::{no_keys, notches, number, pair, seconds, text, unsupported, way, wrong};
use super::names::chord;
use crate::error::Error;
use crate::model::{Button, Rect};
use crate::request::Clicks;

/// A key is pressed no more often at once.
const MOST_REPEATS: u32 = 100;

pub(super) fn actions(call: &Value) -> Result<Vec<Action>, Error> {
    // The whole block of a message, or its input alone.
    let input = call.get("input").unwrap_or(call);
    let action = match text(input, "action")? {
        "screenshot" => Action::Screenshot,
        "zoom" => Action::Zoom(region(input)?),
        "left_click" => click(input, Button::Left, Clicks::Single)?,
        "right_click" => click(input, Button::Right, Clicks::Single)?,
        "middle_click" => click(input, Button::Middle, Clicks::Single)?,
        "double_click" => click(input, Button::Left, Clicks::Double)?,
        // Two clicks and one more, as quickly as two calls can be.
        "triple_click" => {
            return Ok(vec![
                click(input, Button::Left, Clicks::Double)?,
                click(input, Button::Left, Clicks::Single)?,
            ]);
        }
        "mouse_move" => match pair(input, "coordinate")? {
            Some(at) => Action::Move(at),
            None => return Err(wrong("`coordinate` is missing".to_owned())),
        },
        "left_click_drag" => match pair(input, "coordinate")? {
            Some(to) => Action::Drag { from: pair(input, "start_coordinate")?, to },
            None => return Err(wrong("`coordinate` is missing".to_owned())),
        },
        "scroll" => {
            no_keys(input, "text")?;
            let wheel = way(text(input, "scroll_direction")?)?;
            let notches = notches(number(input, "scroll_amount")?);
            Action::Scroll { at: pair(input, "coordinate")?, wheel, notches }
        }
        "type" => Action::Type(text(input, "text")?.to_owned()),
        "key" => {
            let times = match input.get("repeat") {
                None | Some(Value::Null) => 1,
                Some(_) => number(input, "repeat")?.clamp(1, MOST_REPEATS),
            };
            let chords: Vec<String> = text(input, "text")?.split_whitespace().map(chord).collect();
            Action::Key((0..times).flat_map(|_| chords.clone()).collect())
        }
        "hold_key" => {
            Action::Hold { chord: chord(text(input, "text")?), time: seconds(input, "duration")? }
        }
        "wait" => Action::Wait(seconds(input, "duration")?),
        "cursor_position" => Action::CursorPosition,
        "left_mouse_down" | "left_mouse_up" => {
            return Err(
                unsupported("holding a button between two calls").hint("use `left_click_drag`")
            );
        }
        other => return Err(wrong(format!("`{other}` is no action"))),
    };
    Ok(vec![action])
}

fn click(input: &Value, button: Button, times: Clicks) -> Result<Action, Error> {
    no_keys(input, "text")?;
    Ok(Action::Click { at: pair(input, "coordinate")?, button, times })
}

/// Reads two corners.
fn region(input: &Value) -> Result<Rect, Error> {
    let corners = input.get("region").and_then(Value::as_array);
    let numbers: Option<Vec<u32>> = corners.and_then(|it| {
        it.iter().map(|it| it.as_u64().and_then(|it| u32::try_from(it).ok())).collect()
    });
    match numbers.as_deref() {
        Some(&[x, y, right, bottom]) if x < right && y < bottom => {
            Ok(Rect { x, y, width: right - x, height: bottom - y })
        }
        _ => Err(wrong("`region` is not `[left, top, right, bottom]`".to_owned())),
    }
}
