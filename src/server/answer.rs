use serde_json::Value;

use crate::report::Document;
use crate::request::Response;

/// What a method answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What the command line prints with `--json`.
    pub document: Value,
    /// A picture that belongs to it, PNG.
    pub picture: Option<Vec<u8>>,
}

impl Answer {
    /// Takes the picture of a response out, and tells the rest.
    pub(super) fn of(mut response: Response) -> Self {
        let picture =
            if let Response::Screen(screen) = &mut response { screen.png.take() } else { None };
        Self { picture, ..Self::from(Document::of(&response)) }
    }
}

impl From<Document> for Answer {
    fn from(document: Document) -> Self {
        Self { document: document.whole(), picture: None }
    }
}
