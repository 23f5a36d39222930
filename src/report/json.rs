use serde_json::{Value, json};

use super::Document;
use super::document::SCHEMA;

/// Renders one document, indented: people read it in logs, and `jq -c` makes it short.
pub(super) fn document(document: &Document) -> String {
    pretty(&document.whole())
}

/// Renders one object a line.
pub(super) fn lines(document: &Document) -> String {
    let line = |text: String, row: &Value| text + &row.to_string() + "\n";
    let errors = document.errors.iter().map(|error| json!({ "schema": SCHEMA, "error": error }));
    let rows: Vec<Value> = document.rows().into_iter().chain(errors).collect();
    rows.iter().fold(String::new(), line)
}

pub(super) fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}
