use serde::Serialize;
use serde_json::{Map, Value, json};

use super::sheet::Sheet;
use super::table::Table;

/// What there is to show, for programs and for people.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    pub(super) data: Data,
    pub(super) body: Body,
    pub(super) names: Vec<String>,
    /// The text that Prometheus reads.
    pub(super) exposition: Option<String>,
    /// What is within what, a line each.
    pub(super) tree: Option<Vec<String>>,
    /// What became of the things that are not there, as programs read it.
    pub(super) errors: Vec<Value>,
}

/// What programs read.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Data {
    /// Things of one kind: `{"schema":1,"items":[…],"errors":[]}`.
    Items(Vec<Value>),
    /// One thing: `{"schema":1, …}`. A list within it, if named, gives the rows of line formats.
    Object { fields: Map<String, Value>, rows: Option<&'static str> },
}

/// What people read.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Body {
    /// Rows and columns.
    Table(Table),
    /// Labels and values.
    Sheet(Sheet),
    /// Sentences.
    Lines(Vec<String>),
}

impl Body {
    pub(super) fn as_sheet(&self) -> Option<&Sheet> {
        match self {
            Self::Sheet(sheet) => Some(sheet),
            Self::Table(_) | Self::Lines(_) => None,
        }
    }

    pub(super) fn as_table(&self) -> Option<&Table> {
        match self {
            Self::Table(table) => Some(table),
            Self::Sheet(_) | Self::Lines(_) => None,
        }
    }

    pub(super) fn as_lines(&self) -> Option<&[String]> {
        match self {
            Self::Lines(lines) => Some(lines),
            Self::Table(_) | Self::Sheet(_) => None,
        }
    }
}

/// The version of every JSON document.
pub(super) const SCHEMA: u32 = 1;

impl Document {
    pub(super) fn items<T: Serialize>(items: &[T], body: Body, names: Vec<String>) -> Self {
        let data = Data::Items(items.iter().map(value).collect());
        Self { data, body, names, exposition: None, tree: None, errors: Vec::new() }
    }

    pub(super) fn object(shape: &impl Serialize, rows: Option<&'static str>, body: Body) -> Self {
        let fields = value(shape).as_object().cloned().unwrap_or_default();
        let data = Data::Object { fields, rows };
        Self { data, body, names: Vec::new(), exposition: None, tree: None, errors: Vec::new() }
    }

    /// Builds the document of what only programs ask for.
    pub fn fields(fields: Map<String, Value>) -> Self {
        Self::object(&Value::Object(fields), None, Body::Lines(Vec::new()))
    }

    pub(super) fn exposed(mut self, exposition: String) -> Self {
        self.exposition = Some(exposition);
        self
    }

    pub(super) fn with_tree(mut self, tree: Vec<String>) -> Self {
        self.tree = Some(tree);
        self
    }

    pub(super) fn named(mut self, names: Vec<String>) -> Self {
        self.names = names;
        self
    }

    /// Joins the things of several documents, to be shown in one way.
    pub(super) fn joined(parts: Vec<Self>, body: Body) -> Self {
        let (mut items, mut names) = (Vec::new(), Vec::new());
        let mut tree = Some(Vec::new());
        for part in parts {
            items.extend(part.rows());
            tree = tree.zip(part.tree).map(|(all, own)| [all, own].concat());
            names.extend(part.names);
        }
        Self { data: Data::Items(items), body, names, exposition: None, tree, errors: Vec::new() }
    }

    pub(super) fn with_errors(mut self, errors: &[impl Serialize]) -> Self {
        self.errors = errors.iter().map(value).collect();
        self
    }

    /// Returns whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        match &self.data {
            Data::Items(items) => items.is_empty() && self.errors.is_empty(),
            Data::Object { fields, .. } => fields.is_empty(),
        }
    }

    /// Returns the whole as one value: what JSON shows of it.
    pub fn whole(&self) -> Value {
        match &self.data {
            Data::Items(items) => {
                json!({ "schema": SCHEMA, "items": items, "errors": self.errors })
            }
            Data::Object { fields, .. } => {
                let mut whole = Map::from_iter([("schema".to_owned(), SCHEMA.into())]);
                whole.extend(fields.clone());
                Value::Object(whole)
            }
        }
    }

    /// Returns what stands on lines of its own in line formats.
    pub(super) fn rows(&self) -> Vec<Value> {
        match &self.data {
            Data::Items(items) => items.clone(),
            Data::Object { fields, rows } => match rows.and_then(|key| fields.get(key)) {
                Some(Value::Array(rows)) => rows.clone(),
                Some(_) | None => vec![self.whole()],
            },
        }
    }
}

/// Turns a wire shape into a value. Ours have text keys and no fallible parts, so `null` never
/// shows.
pub(super) fn value(shape: &impl Serialize) -> Value {
    serde_json::to_value(shape).unwrap_or(Value::Null)
}
