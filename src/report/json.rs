use serde_json::Value;

use super::Document;

/// Renders one document, indented: people read it in logs, and `jq -c` makes it short.
pub(super) fn document(document: &Document) -> String {
    pretty(&document.whole())
}

/// Renders one object a line.
pub(super) fn lines(document: &Document) -> String {
    let line = |text: String, row: &Value| text + &row.to_string() + "\n";
    document.rows().iter().fold(String::new(), line)
}

pub(super) fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}
