//! Reading the fields of a tool call.

use std::time::Duration;

use serde_json::Value;

use crate::error::{Error, ErrorKind};
use crate::model::{Position, Wheel};

/// Nothing is waited for or held longer.
const LONGEST: f64 = 100.0;

/// A wheel is turned no further at once.
const MOST_NOTCHES: u32 = 100;

/// The pixels, or the thousandths of a screen, that one notch of a wheel moves.
const NOTCH: u64 = 100;

/// Returns a text.
pub(super) fn text<'a>(of: &'a Value, name: &str) -> Result<&'a str, Error> {
    of.get(name).and_then(Value::as_str).ok_or_else(|| missing(name, "a text"))
}

/// Returns a whole number from 0; one with a fraction is rounded.
pub(super) fn number(of: &Value, name: &str) -> Result<u32, Error> {
    of.get(name).and_then(whole).ok_or_else(|| missing(name, "a number from 0"))
}

/// Returns a place that is given as two numbers, `[x, y]`.
pub(super) fn pair(of: &Value, name: &str) -> Result<Option<Position>, Error> {
    match of.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(two)) => match two.as_slice() {
            [x, y] => whole(x).zip(whole(y)).map(|(x, y)| Some(Position { x, y })),
            _ => None,
        }
        .ok_or_else(|| missing(name, "two numbers from 0")),
        Some(_) => Err(missing(name, "two numbers from 0")),
    }
}

/// Returns a place that is given as two fields.
pub(super) fn place(of: &Value, x: &str, y: &str) -> Result<Position, Error> {
    Ok(Position { x: number(of, x)?, y: number(of, y)? })
}

/// Returns a time in seconds.
pub(super) fn seconds(of: &Value, name: &str) -> Result<Duration, Error> {
    let seconds = of.get(name).and_then(Value::as_f64);
    let seconds = seconds.filter(|it| (0.0..=LONGEST).contains(it));
    let time = seconds.and_then(|it| Duration::try_from_secs_f64(it).ok());
    time.ok_or_else(|| missing(name, "a number of seconds, 100 at most"))
}

/// Returns which way a wheel turns.
pub(super) fn way(word: &str) -> Result<Wheel, Error> {
    match word {
        "up" => Ok(Wheel::Up),
        "down" => Ok(Wheel::Down),
        "left" | "right" => Err(unsupported("scrolling sideways")),
        _ => Err(wrong(format!("`{word}` is no direction"))),
    }
}

/// Returns how many notches there are, of those that are wanted.
pub(super) fn notches(wanted: u32) -> u32 {
    wanted.clamp(1, MOST_NOTCHES)
}

/// Returns how many notches move so far.
pub(super) fn notches_of(distance: u64) -> u32 {
    notches(u32::try_from((distance + NOTCH / 2) / NOTCH).unwrap_or(MOST_NOTCHES))
}

/// Refuses keys that are held while the pointer does something.
pub(super) fn no_keys(of: &Value, name: &str) -> Result<(), Error> {
    let held = match of.get(name) {
        None | Some(Value::Null) => false,
        Some(Value::Array(keys)) => !keys.is_empty(),
        Some(Value::String(keys)) => !keys.is_empty(),
        Some(_) => true,
    };
    if held { Err(unsupported("holding a key while the pointer acts")) } else { Ok(()) }
}

/// Builds the refusal of what is not in the form of a call.
pub(super) fn wrong(message: String) -> Error {
    Error::new(ErrorKind::Usage, message)
}

/// Builds the refusal of what no guest can be made to do.
pub(super) fn unsupported(what: &str) -> Error {
    Error::new(ErrorKind::Unsupported, format!("{what} is not among what can be done"))
        .hint("use the keyboard, or `screen_click` for what says a text")
}

fn missing(name: &str, what: &str) -> Error {
    wrong(format!("`{name}` is not {what}"))
}

fn whole(value: &Value) -> Option<u32> {
    if let Some(number) = value.as_u64() {
        return u32::try_from(number).ok();
    }
    let number = value.as_f64().filter(|it| (0.0..=1e6).contains(it))?;
    format!("{number:.0}").parse().ok()
}
