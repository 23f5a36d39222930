use serde_json::{Map, Value};

use crate::report::Document;
use crate::report::cell::Cell;
use crate::report::document::Body;
use crate::report::table::{Column, Table};

/// One key of the configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// Its section and its name, with a dot between.
    pub key: String,
    /// Its value.
    pub value: Value,
    /// Where the value came from, if that is to be shown.
    pub origin: Option<String>,
}

impl Document {
    /// Builds the document of a configuration.
    pub fn settings(settings: &[Setting]) -> Self {
        let with_origin = settings.iter().any(|setting| setting.origin.is_some());
        let mut columns = vec![Column::left("key", "KEY"), Column::left("value", "VALUE")];
        if with_origin {
            columns.push(Column::left("origin", "ORIGIN"));
        }
        let row = |setting: &Setting| {
            let mut row = vec![Cell::new(&setting.key), Cell::new(shown(&setting.value))];
            row.extend(setting.origin.as_ref().map(Cell::new));
            row
        };
        let rows = settings.iter().map(row).collect();
        let names = settings.iter().map(|setting| setting.key.clone()).collect();
        let mut fields = Map::from_iter([("settings".to_owned(), nested(settings))]);
        if with_origin {
            let origin = |s: &Setting| Some((s.key.clone(), Value::from(s.origin.clone()?)));
            let origins: Map<String, Value> = settings.iter().filter_map(origin).collect();
            fields.insert("origins".to_owned(), Value::Object(origins));
        }
        let body = Body::Table(Table { columns, rows });
        Self::object(&fields, None, body).named(names)
    }

    /// Builds the document of words or paths, one an item, under this name in JSON.
    pub fn words(key: &str, words: &[String]) -> Self {
        let item = |word: &String| Map::from_iter([(key.to_owned(), word.clone().into())]);
        let items: Vec<Map<String, Value>> = words.iter().map(item).collect();
        Self::items(&items, Body::Lines(words.to_vec()), words.to_vec())
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "-".to_owned(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// Puts `section.key` into sections.
fn nested(settings: &[Setting]) -> Value {
    let mut sections = Map::new();
    for setting in settings {
        let (section, key) = setting.key.split_once('.').unwrap_or(("", &setting.key));
        if section.is_empty() {
            sections.insert(key.to_owned(), setting.value.clone());
            continue;
        }
        let inner = sections.entry(section).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(inner) = inner {
            inner.insert(key.to_owned(), setting.value.clone());
        }
    }
    Value::Object(sections)
}
