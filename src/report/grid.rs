use serde_json::Value;

use super::Document;
use crate::error::{Error, ErrorKind};

/// Rows and columns made from what programs read: nested parts have dotted names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grid {
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

impl Grid {
    /// Builds the grid of the wanted columns, or of all.
    pub(super) fn of(document: &Document, wanted: &[String]) -> Result<Self, Error> {
        let flat: Vec<Vec<(String, String)>> = document.rows().iter().map(flatten).collect();
        let mut known: Vec<String> = Vec::new();
        for (key, _) in flat.iter().flatten() {
            if !known.contains(key) {
                known.push(key.clone());
            }
        }
        let columns = if wanted.is_empty() { known } else { chosen(wanted, &known)? };
        let cell = |row: &Vec<(String, String)>, column: &String| {
            row.iter().find(|(key, _)| key == column).map(|(_, v)| v.clone()).unwrap_or_default()
        };
        let rows = flat.iter().map(|row| columns.iter().map(|c| cell(row, c)).collect()).collect();
        Ok(Self { columns, rows })
    }
}

/// Checks names of columns. Without any rows every name is believed.
pub(super) fn chosen(wanted: &[String], known: &[String]) -> Result<Vec<String>, Error> {
    if known.is_empty() {
        return Ok(wanted.to_vec());
    }
    match wanted.iter().find(|column| !known.contains(column)) {
        None => Ok(wanted.to_vec()),
        Some(stranger) => {
            Err(Error::new(ErrorKind::Usage, format!("there is no column `{stranger}` here"))
                .hint(format!("choose from `--columns {}`", known.join(","))))
        }
    }
}

fn flatten(row: &Value) -> Vec<(String, String)> {
    let mut cells = Vec::new();
    descend("", row, &mut cells);
    cells
}

fn descend(path: &str, value: &Value, cells: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (key, inner) in fields {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                descend(&path, inner, cells);
            }
        }
        Value::Null => cells.push((path.to_owned(), String::new())),
        Value::String(text) => cells.push((path.to_owned(), text.clone())),
        Value::Bool(_) | Value::Number(_) => cells.push((path.to_owned(), value.to_string())),
        Value::Array(parts) => cells.push((path.to_owned(), joined(parts))),
    }
}

/// Joins words by `;`; a list of anything else stays JSON.
fn joined(parts: &[Value]) -> String {
    let words: Option<Vec<&str>> = parts.iter().map(Value::as_str).collect();
    words.map_or_else(|| Value::from(parts.to_vec()).to_string(), |words| words.join(";"))
}
