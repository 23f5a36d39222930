use std::str::FromStr;

use super::Paint;
use crate::error::{Error, ErrorKind};
use crate::model::Invalid;

/// The shapes in which a document can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Format {
    /// For people: as wide as the terminal, coloured.
    #[default]
    Table,
    /// For people and `awk`: never cut, never coloured.
    Plain,
    /// One JSON document.
    Json,
    /// One JSON object a line.
    JsonLines,
    /// One YAML document.
    Yaml,
    /// Comma-separated values (RFC 4180).
    Csv,
    /// Names only, one a line.
    Names,
    /// What Prometheus reads; of metrics only.
    Prometheus,
    /// What is within what; of screens only.
    Tree,
}

impl Format {
    /// The formats that can be asked for by word.
    pub const WORDS: [(&'static str, Self); 8] = [
        ("table", Self::Table),
        ("plain", Self::Plain),
        ("json", Self::Json),
        ("jsonl", Self::JsonLines),
        ("yaml", Self::Yaml),
        ("csv", Self::Csv),
        ("prometheus", Self::Prometheus),
        ("tree", Self::Tree),
    ];

    /// Returns whether programs read it rather than people.
    pub fn is_structured(self) -> bool {
        match self {
            Self::Json | Self::JsonLines | Self::Yaml => true,
            Self::Table | Self::Plain | Self::Csv | Self::Names | Self::Prometheus | Self::Tree => {
                false
            }
        }
    }

    /// Returns why a document of another kind cannot be shown so.
    pub fn misfit(self) -> Error {
        let why = match self {
            Self::Prometheus => "only `metrics` has the format `prometheus`",
            Self::Tree => {
                "only `analyze` and `screenshot --analyze` have the format `tree`: a whole screen"
            }
            Self::Table
            | Self::Plain
            | Self::Json
            | Self::JsonLines
            | Self::Yaml
            | Self::Csv
            | Self::Names => "this result has no such format",
        };
        Error::new(ErrorKind::Usage, why).hint("choose another `--format`")
    }
}

impl FromStr for Format {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let found = Self::WORDS.iter().find(|(word, _)| *word == text);
        found.map(|(_, format)| *format).ok_or_else(|| {
            Invalid::new(
                "format",
                text,
                "is not one of table, plain, json, jsonl, yaml, csv, prometheus, tree",
            )
        })
    }
}

/// Whether a table begins with its headings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Header {
    /// It does.
    #[default]
    Shown,
    /// It does not.
    Hidden,
}

/// How a document is to be shown.
#[derive(Debug, Clone, Default)]
pub struct Style {
    /// In which format.
    pub format: Format,
    /// With or without headings.
    pub header: Header,
    /// Which columns, in this order; empty is the usual ones.
    pub columns: Vec<String>,
    /// With or without colour.
    pub paint: Paint,
    /// The terminal's width, to which tables are fitted; `None` never cuts.
    pub width: Option<u16>,
}
