use super::Document;
use super::cell::visible;
use super::document::Body;

/// Renders names only; what has no names is shown in full.
pub(super) fn render(document: &Document) -> String {
    let names = match &document.body {
        Body::Lines(lines) if document.names.is_empty() => lines,
        Body::Lines(_) | Body::Table(_) | Body::Sheet(_) => &document.names,
    };
    names.iter().map(|name| visible(name) + "\n").collect()
}
