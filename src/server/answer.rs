use serde_json::{Value, json};

use crate::report::Document;
use crate::request::Response;

/// What a method answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What the command line prints with `--json`.
    pub document: Value,
    /// A picture that belongs to it.
    pub picture: Option<Picture>,
}

/// A picture of a screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// The hash of its pixels.
    pub hash: String,
    /// The PNG; `None` if who asks has this picture already.
    pub png: Option<Vec<u8>>,
}

impl Answer {
    /// Takes the picture of a response out, and tells the rest.
    pub(super) fn of(mut response: Response) -> Self {
        let picture = if let Response::Screen(screen) = &mut response {
            Some(Picture { hash: screen.hash.clone(), png: screen.png.take() })
        } else {
            None
        };
        Self { picture, ..Self::from(Document::of(&response)) }
    }

    /// Tells fields of the server's own.
    pub(super) fn fields(fields: Value) -> Self {
        let Value::Object(fields) = fields else { return Self::fields(json!({ "value": fields })) };
        Document::fields(fields).into()
    }
}

impl From<Document> for Answer {
    fn from(document: Document) -> Self {
        Self { document: document.whole(), picture: None }
    }
}
