//! What a front end shows: a response becomes a [`Document`], a document becomes text in one of
//! several formats. Pure: no terminal, no clock, no environment.

mod cell;
mod csv;
mod document;
mod dto;
mod failure;
mod format;
mod grid;
mod human;
mod json;
mod names;
mod paint;
mod plain;
mod prometheus;
mod sheet;
mod table;
#[cfg(test)]
mod tests;
mod view;
mod yaml;

pub use document::Document;
#[cfg(feature = "mcp")]
pub(crate) use dto::moment;
pub use failure::{Detail, failure_document, failure_lines, failure_value};
pub use format::{Format, Header, Style};
pub use human::duration as human_duration;
pub use paint::Paint;
pub use view::{
    Answered, Captured, Found, PlayedStep, ScreenDiff, Seen, Setting, watch_json, watch_json_end,
    watch_line,
};

use crate::error::Error;
use document::Body;

/// Renders a document; the text ends with a line feed unless it is empty.
pub fn render(document: &Document, style: &Style) -> Result<String, Error> {
    match style.format {
        Format::Table | Format::Plain => table::render(document, style),
        Format::Json => Ok(json::document(document)),
        Format::JsonLines => Ok(json::lines(document)),
        Format::Yaml => yaml::render(document),
        Format::Csv => csv::render(document, style),
        Format::Names => Ok(names::render(document)),
        Format::Prometheus => document.exposition.clone().ok_or_else(|| style.format.misfit()),
        Format::Tree => {
            let tree = document.tree.clone().ok_or_else(|| style.format.misfit())?;
            Ok(plain::body(&Body::Lines(tree), style))
        }
    }
}
