use serde_json::{Map, Number, Value};

use super::keys::{self, KEYS, Key, Kind};
use super::problem::Problem;
use crate::config::nearest;
use crate::model::Invalid;

/// The values of one VM in the file, and what is wrong with them.
#[derive(Debug)]
pub(super) struct Values<'a> {
    pub(super) path: String,
    object: &'a Map<String, Value>,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Values<'a> {
    /// Takes an object in; keys that are none are told.
    pub(super) fn new(path: String, object: &'a Map<String, Value>) -> Self {
        let mut values = Self { path, object, problems: Vec::new() };
        for name in object.keys().filter(|name| keys::find(name).is_none()) {
            let likely = nearest(name, KEYS.iter().map(|key| key.name));
            let problem = Problem::at(&values.path_of(name), "is not a known key").near(likely);
            values.problems.push(problem);
        }
        values
    }

    pub(super) fn path_of(&self, name: &str) -> String {
        format!("{}.{name}", self.path)
    }

    pub(super) fn wrong(&mut self, name: &str, why: impl Into<String>) {
        let problem = Problem::at(&self.path_of(name), why);
        self.problems.push(problem);
    }

    /// Returns whether a key is there.
    pub(super) fn has(&self, name: &str) -> bool {
        self.object.contains_key(name)
    }

    /// Returns the keys that are there and that this is true of.
    pub(super) fn keys(&self, which: impl Fn(&Key) -> bool) -> Vec<&'static str> {
        KEYS.iter().filter(|key| self.has(key.name) && which(key)).map(|key| key.name).collect()
    }

    /// Reads one value as the command line would.
    pub(super) fn one<T>(
        &mut self,
        name: &str,
        read: impl Fn(&str) -> Result<T, Invalid>,
    ) -> Option<T> {
        self.all(name, read).pop()
    }

    /// Reads one value, or each one of a list, as the command line would.
    pub(super) fn all<T>(
        &mut self,
        name: &str,
        read: impl Fn(&str) -> Result<T, Invalid>,
    ) -> Vec<T> {
        let mut read_ones = Vec::new();
        for (path, text) in self.texts(name) {
            match read(&text) {
                Ok(value) => read_ones.push(value),
                Err(Invalid { value, why, .. }) => {
                    let why = format!("`{}` {why}", value.escape_debug());
                    self.problems.push(Problem::at(&path, why));
                }
            }
        }
        read_ones
    }

    /// Reads a switch.
    pub(super) fn flag(&mut self, name: &str) -> Option<bool> {
        let value = self.object.get(name)?;
        if value.as_bool().is_none() {
            self.wrong(name, format!("must be true or false, not {}", shown(value)));
        }
        value.as_bool()
    }

    /// Returns the value of `depends_on`: names, each with the text of its condition.
    pub(super) fn needs(&mut self, name: &str) -> Vec<(String, Option<String>)> {
        match self.object.get(name) {
            None => Vec::new(),
            Some(Value::Object(needs)) => {
                let mut all = Vec::new();
                for (other, until) in needs {
                    match until.as_str() {
                        Some(until) => all.push((other.clone(), Some(until.to_owned()))),
                        None => self.wrong(
                            &format!("{name}.{other}"),
                            format!("must be a condition such as \"ssh\", not {}", shown(until)),
                        ),
                    }
                }
                all
            }
            Some(Value::Array(_)) => {
                self.texts(name).into_iter().map(|(_, text)| (text, None)).collect()
            }
            Some(other) => {
                let why = "must name VMs, such as {\"dc\": \"ssh\"} or [\"dc\"], not";
                self.wrong(name, format!("{why} {}", shown(other)));
                Vec::new()
            }
        }
    }

    /// Returns the texts that a value stands for, each with its place.
    fn texts(&mut self, name: &str) -> Vec<(String, String)> {
        let (Some(key), Some(value)) = (keys::find(name), self.object.get(name)) else {
            return Vec::new();
        };
        let path = self.path_of(name);
        let listed = matches!(key.kind, Kind::Texts | Kind::Needs);
        let pieces: Vec<(String, &Value)> = match value.as_array().filter(|_| listed) {
            Some(list) => {
                let each = |(nth, it)| (format!("{path}[{nth}]"), it);
                list.iter().enumerate().map(each).collect()
            }
            None => vec![(path, value)],
        };
        let mut texts = Vec::new();
        for (path, piece) in pieces {
            let Some(text) = key.kind.text(piece) else {
                let why = format!("must be {}, not {}", key.kind.wanted(), shown(piece));
                let likely = piece.as_str().and_then(|text| nearest(text, key.kind.words()));
                self.problems.push(Problem::at(&path, why).near(likely));
                continue;
            };
            texts.push((path, text));
        }
        texts
    }
}

impl Kind {
    /// Returns a value as it would be typed; `None` if it is of the wrong kind.
    fn text(self, value: &Value) -> Option<String> {
        let number = value.as_number().and_then(whole);
        let text = value.as_str().map(ToOwned::to_owned);
        match self {
            Self::Count { min, max } => {
                number.filter(|it| (min..=max).contains(it)).map(|it| it.to_string())
            }
            Self::Amount | Self::Port(_) => number.map(|it| it.to_string()).or(text),
            Self::Text | Self::Texts | Self::Needs => text,
            Self::Word(words) => text.filter(|text| words.contains(&text.as_str())),
            Self::Flag => None,
        }
    }

    fn wanted(self) -> String {
        match self {
            Self::Count { min, max } => format!("a whole number from {min} to {max}"),
            Self::Amount => "a whole number, or a text with a unit".to_owned(),
            Self::Port(_) => "a port, \"free\" or \"none\"".to_owned(),
            Self::Flag => "true or false".to_owned(),
            Self::Text => "a text".to_owned(),
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::Texts => "a text, or a list of texts".to_owned(),
            Self::Needs => "the name of a VM of this file".to_owned(),
        }
    }

    fn words(self) -> &'static [&'static str] {
        match self {
            Self::Word(words) => words,
            Self::Count { .. }
            | Self::Amount
            | Self::Port(_)
            | Self::Flag
            | Self::Text
            | Self::Texts
            | Self::Needs => &[],
        }
    }
}

/// JSON has one kind of number: 4096.0 is a whole one.
fn whole(number: &Number) -> Option<u64> {
    let digits = number.to_string();
    digits.strip_suffix(".0").unwrap_or(&digits).parse().ok()
}

/// Shows a value in a message; a long one is cut.
pub(super) fn shown(value: &Value) -> String {
    const LONGEST: usize = 40;
    match value {
        Value::Object(_) => "an object".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            let json = value.to_string();
            if json.chars().count() <= LONGEST {
                return json;
            }
            json.chars().take(LONGEST).chain(['…']).collect()
        }
    }
}
