use super::Style;
use super::cell::visible;
use super::document::Body;

/// Renders a body for people.
pub(super) fn body(body: &Body, style: &Style) -> String {
    match body {
        Body::Table(table) if table.rows.is_empty() && style.width.is_some() => String::new(),
        Body::Table(table) => table.render(style),
        Body::Sheet(sheet) => sheet.render(style.paint),
        Body::Lines(lines) => lines.iter().map(|line| visible(line) + "\n").collect(),
    }
}
